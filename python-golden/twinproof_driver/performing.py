"""What a step does to the client, as bodies for a worker: observe the call, perform it, observe what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openai_codex.models import Notification

from .clients import END, Client
from .dump import is_stream
from .events import event_of
from .failure import DriverFailure, expected_got
from .names import attribute, split_name
from .observer import Observer
from .private_goals import NOTE, goal_operation
from .tasks import Task
from .values import build
from .workers import Body


class Performing:
    """The bodies of one run. `names` is what the scenario has bound so far."""

    def __init__(
        self,
        client: Client,
        observer: Observer,
        names: dict[str, Any],
        workspace: str,
        another: Callable[[], Any] | None = None,
    ) -> None:
        self._another = another
        self._client = client
        self._observer = observer
        self._names = names
        self._workspace = workspace
        self.notes: set[str] = set()

    def call(self, op: str, lane: str, arguments: dict[str, Any], bind: str | None, *, background: bool) -> Body:
        """A call or an attribute. In the background a stream is consumed in place of being observed as a result."""
        name, path = split_name(op)
        owner = self._names[name]

        async def body(task: Task) -> None:
            self._observer.call(lane, op, arguments)
            task.begin()
            try:
                target = self._private(owner, path) or attribute(owner, path)
                if callable(target):
                    value = await self._client.invoke(target, build(arguments, self._names, self._workspace))
                else:
                    value = target
            except DriverFailure:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever the client raises is the observation
                self._observer.error(lane, op, error)
                return
            if bind is not None:
                self._names[bind] = value
            if background and is_stream(value):
                await self._consume(value, op, lane, task)
            else:
                self._observer.result(lane, op, value)

        return body

    def _private(self, owner: Any, path: list[str]) -> Any:
        if path == ["another"] and self._another is not None:
            return self._another
        operation = goal_operation(owner, path)
        if operation is not None:
            self.notes.add(NOTE)
        return operation

    def next(self, name: str, lane: str) -> Body:
        """One event of a stream."""
        stream = self._names[name]

        async def body(task: Task) -> None:
            await self._pull(stream, f"{name}.next", lane, task)

        return body

    def close(self, name: str, lane: str) -> Body:
        value = self._names[name]

        async def body(_task: Task) -> None:
            self._observer.call(lane, f"{name}.close", {})
            try:
                await self._client.close(value)
            except BaseException as error:  # noqa: BLE001
                self._observer.error(lane, f"{name}.close", error)
            else:
                self._observer.result(lane, f"{name}.close", None)

        return body

    async def _consume(self, stream: Any, op: str, lane: str, task: Task) -> None:
        while await self._pull(stream, op, lane, task):
            pass

    async def _pull(self, stream: Any, op: str, lane: str, task: Task) -> bool:
        """Observe one event, the end or an error; True where more may come."""
        try:
            item = await self._client.next(stream)
        except BaseException as error:  # noqa: BLE001
            self._observer.error(lane, op, error)
            return False
        if item is END:
            self._observer.end(lane, op)
            return False
        event = self._event_of(item, op)
        self._observer.event(lane, event)
        task.add_event(event)
        return True

    def _event_of(self, item: Any, op: str) -> dict[str, Any]:
        """An item of a stream, as observed."""
        if not isinstance(item, Notification):
            raise DriverFailure(expected_got(f"performing {op}", "a Notification", f"a {type(item).__name__}"))
        return event_of(item)
