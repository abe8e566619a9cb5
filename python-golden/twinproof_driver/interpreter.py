"""The steps of a scenario, one after the other."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from .clients import Client
from .control import Control
from .failure import DriverFailure, StepHang, expected_got
from .names import referenced_names, split_name
from .performing import Performing
from .tasks import Task
from .workers import Body

MAIN = "main"


class Interpreter:
    """Performs steps until the last, a hang (StepHang) or a failure of the driver (DriverFailure)."""

    def __init__(
        self, client: Client, performing: Performing, names: dict[str, Any], control: Control, deadline_s: float
    ) -> None:
        self._client = client
        self._performing = performing
        self._names = names
        self._control = control
        self._deadline_s = deadline_s
        self._background: dict[str, Task] = {}
        self._step = 0
        self._until = 0.0
        self.tasks: list[Task] = []

    def verbs(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        """What each verb of scenarios does."""
        return {
            "call": self._call, "start": self._start, "next": self._next, "await": self._await,
            "await-model": self._await_model, "release": self._release, "join": self._join, "cancel": self._cancel,
            "close": self._close, "drop": self._drop, "kill": self._kill, "check": self._check,
            "await-exit": self._await_exit, "await-wire": self._await_wire,
        }  # fmt: skip

    def perform(self, steps: list[dict[str, Any]]) -> None:
        verbs = self.verbs()
        for self._step, step in enumerate(steps):
            verb = next((verb for verb in verbs if verb in step), None)
            if verb is None:
                raise DriverFailure(
                    expected_got(f"performing step {self._step}", "a verb that this driver knows", str(sorted(step)))
                )
            self._until = time.monotonic() + self._deadline_s
            verbs[verb](step)

    def run_body(self, body: Body, lane: str, op: str, step: int, deadline_s: float) -> None:
        """Perform in the foreground, up to the deadline."""
        task = self._spawn(body)
        if not task.wait_over(deadline_s):
            raise StepHang(lane, op, step)
        if task.failure is not None:
            raise task.failure

    def _spawn(self, body: Body) -> Task:
        task = self._client.worker.spawn(body)
        self.tasks.append(task)
        return task

    def _left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def _bound(self, name: str, arguments: Any = None) -> bool:
        return name in self._names and all(other in self._names for other in referenced_names(arguments))

    def _call(self, step: dict[str, Any]) -> None:
        op, arguments, name = step["call"], step.get("with", {}), step.get("as")
        if self._bound(split_name(op)[0], arguments):
            lane = name or MAIN
            body = self._performing.call(op, lane, arguments, name, background=False)
            self.run_body(body, lane, op, self._step, self._left())

    def _start(self, step: dict[str, Any]) -> None:
        op, arguments, name = step["start"], step.get("with", {}), step["as"]
        if self._bound(split_name(op)[0], arguments):
            task = self._spawn(self._performing.call(op, name, arguments, name, background=True))
            self._background[name] = task
            if not task.wait_begun(self._left()):
                raise StepHang(name, op, self._step)

    def _next(self, step: dict[str, Any]) -> None:
        if self._bound(step["next"]):
            lane = step.get("as", MAIN)
            body = self._performing.next(step["next"], lane)
            self.run_body(body, lane, f"{step['next']}.next", self._step, self._left())

    def _close(self, step: dict[str, Any]) -> None:
        if self._bound(step["close"]):
            body = self._performing.close(step["close"], MAIN)
            self.run_body(body, MAIN, f"{step['close']}.close", self._step, self._left())

    def _await(self, step: dict[str, Any]) -> None:
        task = self._background.get(step["await"])
        # A stream that ended with too few matches can never make this step be over: said at once, not at the deadline.
        if task is not None and task.wait_match(step["match"], step.get("times", 1), self._left()) != "matched":
            self._raise_failure(task)
            raise StepHang(MAIN, f"{step['await']}.await", self._step)

    def _join(self, step: dict[str, Any]) -> None:
        task = self._background.get(step["join"])
        if task is not None:
            if not task.wait_over(self._left()):
                raise StepHang(MAIN, f"{step['join']}.join", self._step)
            self._raise_failure(task)

    def _cancel(self, step: dict[str, Any]) -> None:
        task = self._background.get(step["cancel"])
        if task is not None:
            self._client.worker.cancel(task)
            if not task.wait_over(self._left()):
                raise StepHang(MAIN, f"{step['cancel']}.cancel", self._step)
            self._raise_failure(task)

    def _drop(self, step: dict[str, Any]) -> None:
        if self._names.pop(step["drop"], None) is not None:
            self._client.worker.collect_garbage()

    def _await_model(self, step: dict[str, Any]) -> None:
        self._ask("await-model", "GET", "/model/requests", {"atLeast": str(step["await-model"])})

    def _await_wire(self, step: dict[str, Any]) -> None:
        match, times = json.dumps(step.get("match", {})), str(step.get("times", 1))
        self._ask("await-wire", "GET", "/wire", {"method": step["await-wire"], "match": match, "times": times})

    def _await_exit(self, _step: dict[str, Any]) -> None:
        self._ask("await-exit", "GET", "/engine/gone", {})

    def _release(self, step: dict[str, Any]) -> None:
        self._ask("release", "POST", f"/latch/{quote(step['release'], safe='')}/release", {})

    def _kill(self, step: dict[str, Any]) -> None:
        self._ask("kill", "POST", "/kill", {"signal": step.get("signal", "SIGKILL")})

    def _check(self, step: dict[str, Any]) -> None:
        self._ask("check", "POST", "/check", {"file": step["check"]["file"]})

    def _ask(self, verb: str, method: str, path: str, query: dict[str, str]) -> None:
        """Ask the cell's control server, and wait for its answer."""
        try:
            self._control.ask(method, path, query, self._left())
        except TimeoutError:
            raise StepHang(MAIN, f"control.{verb}", self._step) from None

    @staticmethod
    def _raise_failure(task: Task) -> None:
        if task.failure is not None:
            raise task.failure
