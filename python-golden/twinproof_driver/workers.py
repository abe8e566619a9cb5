"""Where the steps of a run are performed: threads for the synchronous client, an event loop for the asynchronous one.

A body is a coroutine function of its Task. The synchronous client's bodies never suspend, so that a thread runs them to
their end in one go: the interpreter has one set of bodies for both clients.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from .failure import DriverFailure
from .tasks import Task

Body = Callable[[Task], Coroutine[Any, Any, None]]

# The asynchronous SDK spends one thread of the default executor on every waiting call and stream. Python's default of
# 6 on two cores would make the seventh waiter hang, which a user could see as well, but no scenario means to show.
EXECUTOR_THREADS = 256


class Worker(Protocol):
    def spawn(self, body: Body) -> Task: ...

    def cancel(self, task: Task) -> None: ...

    def collect_garbage(self) -> None: ...


class ThreadWorker:
    """One daemon thread per step: a call that hangs must not keep the process from exiting."""

    def spawn(self, body: Body) -> Task:
        task = Task()
        threading.Thread(target=self._drive, args=(body, task), name="step", daemon=True).start()
        return task

    def cancel(self, task: Task) -> None:
        raise DriverFailure("the synchronous client cannot cancel a waiting call")

    def collect_garbage(self) -> None:
        gc.collect()

    @staticmethod
    def _drive(body: Body, task: Task) -> None:
        try:
            body(task).send(None)
        except StopIteration:
            task.finish()
        except BaseException as error:  # noqa: BLE001 - handed to the interpreter
            task.finish(error)
        else:
            task.finish(DriverFailure("a body of the synchronous client suspended"))


class LoopWorker:
    """One event loop in a daemon thread, kept for the life of the driver."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(EXECUTOR_THREADS, thread_name_prefix="sdk"))
        self._running: dict[Task, asyncio.Task[None]] = {}
        threading.Thread(target=self._loop.run_forever, name="loop", daemon=True).start()

    def spawn(self, body: Body) -> Task:
        task = Task()
        self._loop.call_soon_threadsafe(self._create, body, task)
        return task

    def cancel(self, task: Task) -> None:
        self._loop.call_soon_threadsafe(self._cancel, task)

    def collect_garbage(self) -> None:
        # In the loop, and a few turns of it: a dropped asynchronous generator is closed by a task of the loop.
        async def body(_task: Task) -> None:
            gc.collect()
            for _ in range(5):
                await asyncio.sleep(0)

        self.spawn(body).wait_over(10)

    def _create(self, body: Body, task: Task) -> None:
        running = self._loop.create_task(body(task))
        self._running[task] = running
        running.add_done_callback(lambda done: self._done(task, done))

    def _done(self, task: Task, done: asyncio.Task[None]) -> None:
        del self._running[task]
        # Cancelled here means: before its first line, or twice. Either way nothing of it runs any more.
        task.finish(None if done.cancelled() else done.exception())

    def _cancel(self, task: Task) -> None:
        running = self._running.get(task)
        if running is not None:
            running.cancel()
