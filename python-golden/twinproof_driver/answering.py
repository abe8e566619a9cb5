"""The handler that a scenario's `answers` describe."""

from __future__ import annotations

import threading
from typing import Any

from .control import Control
from .events import matches
from .observer import Observer
from .values import build

# The SDK calls the handler on its reader: while it waits, nothing else of the engine is read. That is the client's behaviour, and observed.
HOLD_S = 60.0


class Answering:
    """Answers server requests by the rules of one run; the first that matches and is not used up counts."""

    def __init__(self, rules: list[dict[str, Any]], observer: Observer, control: Control, workspace: str) -> None:
        self._rules = rules
        self._left = [rule.get("times", float("inf")) for rule in rules]
        self._observer = observer
        self._control = control
        self._workspace = workspace
        self._ended = threading.Event()
        self._default: Any = None

    def attach(self, default: Any) -> None:
        """`default` is the client's own handler, for what no rule answers."""
        self._default = default

    def end(self) -> None:
        """Let go of a request that is never answered. To be called once the client is closed."""
        self._ended.set()

    def __call__(self, method: str, params: Any) -> Any:
        """The result that the client sends. Raises what the scenario has the handler raise."""
        rule = self._take(method, params)
        reply = {key: value for key, value in rule.items() if key not in ("to", "match", "times", "wrong")}
        self._observer.request(method, params, reply)
        if "hold" in rule:
            self._control.await_latch(rule["hold"], HOLD_S)
        if "default" in rule:
            return self._default(method, params)
        if "throws" in rule:
            raise RuntimeError(rule["throws"])
        if "none" in rule:
            self._ended.wait()
            raise RuntimeError("the run is over")
        return build(rule["reply"], {}, self._workspace)

    def _take(self, method: str, params: Any) -> dict[str, Any]:
        event = {"method": method, "payload": params}
        for index, rule in enumerate(self._rules):
            if self._left[index] > 0 and matches(event, {**rule.get("match", {}), "method": rule["to"]}):
                self._left[index] -= 1
                return rule
        return {"default": True}
