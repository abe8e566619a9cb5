"""What a step does to the exec-style client, where that differs from the app-server clients: its events, results and signals."""

from __future__ import annotations

from typing import Any

from openai_codex_sdk import Thread
from openai_codex_sdk.thread import Turn
from openai_codex_sdk.types import UnknownThreadEvent, UnknownThreadItem

from .dump import dump
from .exec_client import ABORTABLE, ExecClient
from .observer import Observer
from .performing import Performing
from .tasks import Task
from .workers import Body


class ExecObserver(Observer):
    def result(self, lane: str, op: str, value: Any) -> None:
        self._line({"ch": "result", "lane": lane, "op": op, "value": _result(value)})


class ExecPerforming(Performing):
    """`aborted`: the lanes of the calls that a step aborts; they are given a signal."""

    def __init__(
        self, client: ExecClient, observer: Observer, names: dict[str, Any], workspace: str, aborted: set[str]
    ) -> None:
        super().__init__(client, observer, names, workspace)  # type: ignore[arg-type]
        self._exec = client
        self._aborted = aborted

    def call(self, op: str, lane: str, arguments: dict[str, Any], bind: str | None, *, background: bool) -> Body:
        inner = super().call(op, lane, arguments, bind, background=background)
        if lane not in self._aborted:
            return inner

        async def body(task: Task) -> None:
            # Each call is a task of its own, and so is its context.
            ABORTABLE.set(self._exec.worker.signal_for(task))
            await inner(task)

        return body

    def _event_of(self, item: Any, op: str) -> dict[str, Any]:
        payload = dump(item)
        method = payload.pop("type", "?")
        unknown = isinstance(item, UnknownThreadEvent) or isinstance(getattr(item, "item", None), UnknownThreadItem)
        return {"method": method, "payload": payload, "known": not unknown}


def _result(value: Any) -> Any:
    if isinstance(value, Turn):
        usage = dump(value.usage)
        return {"$type": "Turn", "items": dump(value.items), "finalResponse": value.final_response, "usage": usage}
    if isinstance(value, Thread):
        return {"$type": "Thread", "id": value.id}
    return dump(value)
