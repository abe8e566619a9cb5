"""The exec-style client (`openai_codex_sdk`) behind the interface of clients.py."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from openai_codex_sdk import AbortController, AbortSignal, Codex, StreamedTurn

from .clients import END
from .failure import DriverFailure
from .tasks import Task
from .workers import LoopWorker

ABORTABLE: contextvars.ContextVar[AbortSignal | None] = contextvars.ContextVar("abortable", default=None)
"""The signal of the call that is being performed, where a later step aborts it."""

_POSITIONAL = {"resume_thread": ["thread_id"], "run": ["input"], "run_streamed": ["input"]}


class AbortingWorker(LoopWorker):
    """`cancel` aborts the signal that a call was given; `stop` cancels the task itself, for what is left at the end of a run."""

    def __init__(self) -> None:
        super().__init__()
        self._controllers: dict[Task, AbortController] = {}

    def signal_for(self, task: Task) -> AbortSignal:
        controller = AbortController()
        self._controllers[task] = controller
        return controller.signal

    def cancel(self, task: Task) -> None:
        controller = self._controllers.pop(task, None)
        if controller is None:
            raise DriverFailure("cancel: the call was given no signal")
        self._loop.call_soon_threadsafe(controller.abort)

    def stop(self, task: Task) -> None:
        super().cancel(task)


class ExecClient:
    id = "python-exec"
    capabilities: ClassVar = ["sdk", "cancel"]

    def __init__(self) -> None:
        self.worker = AbortingWorker()

    async def connect(self, codex: Codex) -> None:
        """Nothing: each run starts an engine of its own."""

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any:
        names = _POSITIONAL.get(getattr(target, "__name__", ""), [])
        positional = [arguments[name] for name in names if name in arguments]
        options = {key: value for key, value in arguments.items() if key not in names}
        signal = ABORTABLE.get()
        if signal is not None:
            options["signal"] = signal
        value = target(*positional, options) if options else target(*positional)
        if asyncio.iscoroutine(value):
            value = await value
        return value.events if isinstance(value, StreamedTurn) else value

    async def next(self, stream: AsyncIterator[Any]) -> Any:
        return await anext(stream, END)

    async def close(self, value: Any) -> None:
        if hasattr(value, "aclose"):
            await value.aclose()


def abort_signal(*, aborted: bool = False, reason: Any = None) -> AbortSignal:
    """`{$new: AbortSignal, aborted: true, reason: text}`."""
    controller = AbortController()
    if aborted:
        controller.abort(reason)
    return controller.signal
