"""What a step does to the exec-style client, where that differs from the app-server clients: its events, results and signals."""

from __future__ import annotations

from typing import Any

from openai_codex_sdk import Thread
from openai_codex_sdk.thread import Turn
from openai_codex_sdk.types import UnknownThreadEvent, UnknownThreadItem

from .clients import END
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

    async def _pull(self, stream: Any, op: str, lane: str, task: Task) -> bool:
        try:
            item = await self._client.next(stream)
        except BaseException as error:  # noqa: BLE001
            self._observer.error(lane, op, error)
            return False
        if item is END:
            self._observer.end(lane, op)
            return False
        event = _event(item)
        self._observer.event(lane, event)
        task.add_event(event)
        return True


def _event(event: Any) -> dict[str, Any]:
    payload = dump(event)
    method = payload.pop("type", "?")
    unknown = isinstance(event, UnknownThreadEvent) or isinstance(getattr(event, "item", None), UnknownThreadItem)
    return {"method": method, "payload": payload, "known": not unknown}


def _result(value: Any) -> Any:
    if isinstance(value, Turn):
        usage = dump(value.usage)
        return {"$type": "Turn", "items": dump(value.items), "finalResponse": value.final_response, "usage": usage}
    if isinstance(value, Thread):
        return {"$type": "Thread", "id": value.id}
    return dump(value)
