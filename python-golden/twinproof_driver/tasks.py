"""One performed step, foreground or background: what has begun, what it yielded, and whether it is over."""

from __future__ import annotations

import threading
from typing import Any, Literal

from .events import matches


class Task:
    """Shared between the interpreter, which waits, and the worker that performs."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._begun = False
        self._over = False
        self._events: list[dict[str, Any]] = []
        self.failure: BaseException | None = None

    def begin(self) -> None:
        with self._condition:
            self._begun = True
            self._condition.notify_all()

    def add_event(self, event: dict[str, Any]) -> None:
        with self._condition:
            self._events.append(event)
            self._condition.notify_all()

    def finish(self, failure: BaseException | None = None) -> None:
        """`failure` is the driver's own; what the client raised has been observed by then."""
        with self._condition:
            self._over = True
            self.failure = self.failure or failure
            self._condition.notify_all()

    def wait_begun(self, timeout: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self._begun or self._over, timeout)

    def wait_over(self, timeout: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self._over, timeout)

    def wait_match(self, match: dict[str, Any], times: int, timeout: float) -> Literal["matched", "over", "timeout"]:
        """Wait for `times` matching events, counted from the first; `over` when the stream ended with fewer."""
        seen, count = 0, 0

        def enough() -> bool:
            nonlocal seen, count
            for event in self._events[seen:]:
                count += matches(event, match)
            seen = len(self._events)
            return count >= times

        with self._condition:
            self._condition.wait_for(lambda: enough() or self._over, timeout)
            return "matched" if enough() else "over" if self._over else "timeout"
