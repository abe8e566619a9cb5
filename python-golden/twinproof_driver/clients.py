"""The two clients behind one face; see workers.py for why the synchronous one has coroutine functions that never suspend."""

from __future__ import annotations

import inspect
from typing import Any, Protocol

from openai_codex import AsyncCodex, Codex, CodexConfig

from .workers import LoopWorker, ThreadWorker, Worker

END = object()


class Client(Protocol):
    id: str
    capabilities: list[str]
    worker: Worker

    def create(self, config: CodexConfig) -> Any:
        """Make the client object; the synchronous one connects here, and blocks."""
        ...

    async def connect(self, codex: Any) -> None: ...

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any: ...

    async def next(self, stream: Any) -> Any:
        """The next item of a stream, END after the last."""
        ...

    async def close(self, value: Any) -> None: ...


class SyncClient:
    id = "python"

    def __init__(self) -> None:
        self.capabilities = ["sdk"]
        self.worker: Worker = ThreadWorker()

    def create(self, config: CodexConfig) -> Codex:
        return Codex(config)

    async def connect(self, codex: Codex) -> None:
        """Nothing: the constructor has connected."""

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any:
        return target(**arguments)

    async def next(self, stream: Any) -> Any:
        return next(stream, END)

    async def close(self, value: Any) -> None:
        value.close()


class AsyncClient:
    id = "python-async"

    def __init__(self) -> None:
        self.capabilities = ["sdk", "cancel"]
        self.worker: Worker = LoopWorker()

    def create(self, config: CodexConfig) -> AsyncCodex:
        return AsyncCodex(config)

    async def connect(self, codex: AsyncCodex) -> None:
        await codex.__aenter__()

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any:
        value = target(**arguments)
        return await value if inspect.isawaitable(value) else value

    async def next(self, stream: Any) -> Any:
        return await anext(stream, END)

    async def close(self, value: Any) -> None:
        await (value.aclose() if hasattr(value, "aclose") else value.close())
