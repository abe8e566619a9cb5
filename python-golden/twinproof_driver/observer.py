"""The lines of one run."""

from __future__ import annotations

import threading
from typing import Any

from .dump import dump
from .errors import observed_error
from .protocol import ProtocolOutput


class Observer:
    """Writes the observation of one run. Safe to use from any thread."""

    def __init__(self, output: ProtocolOutput, run: str) -> None:
        self._output = output
        self._run = run
        self._lock = threading.Lock()
        self._muted = False

    def mute(self) -> None:
        """Observe nothing from now on: how a client is torn down by the driver is not part of the scenario."""
        with self._lock:
            self._muted = True

    def call(self, lane: str, op: str, arguments: dict[str, Any]) -> None:
        self._line({"ch": "call", "lane": lane, "op": op, "args": arguments})

    def result(self, lane: str, op: str, value: Any) -> None:
        self._line({"ch": "result", "lane": lane, "op": op, "value": dump(value)})

    def error(self, lane: str, op: str, error: BaseException) -> None:
        self._line({"ch": "error", "lane": lane, "op": op, "error": observed_error(error)})

    def event(self, lane: str, event: dict[str, Any]) -> None:
        self._line({"ch": "event", "lane": lane, **event})

    def request(self, method: str, params: Any, reply: dict[str, Any]) -> None:
        """A request of the engine, as the client's handler has it; `reply` is what the handler does about it."""
        self._line({"ch": "request", "method": method, "params": params, "reply": reply})

    def telemetry(self, name: str, message: dict[str, Any]) -> None:
        """What the client tells of itself: a record of its log."""
        self._line({"ch": "telemetry", "name": name, "message": message})

    def end(self, lane: str, op: str) -> None:
        self._line({"ch": "end", "lane": lane, "op": op})

    def hang(self, lane: str, op: str, step: int) -> None:
        self._line({"ch": "hang", "lane": lane, "op": op, "step": step})

    def _line(self, line: dict[str, Any]) -> None:
        with self._lock:
            if not self._muted:
                self._output.send_stamped({"type": "line", "run": self._run, "line": line})
