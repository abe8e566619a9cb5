"""The two clients behind one interface; see workers.py for why the synchronous one has coroutine functions that never suspend."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from openai_codex import AsyncCodex, Codex, CodexConfig

from .workers import LoopWorker, ThreadWorker, Worker

END = object()

Handler = Callable[[str, Any], Any]
"""Method and params of a server request to its result; a second argument that is not an object arrives as None."""


def _swap_handler(client: Any, handler: Handler) -> Handler:
    before = client._approval_handler  # noqa: SLF001
    client._approval_handler = handler  # noqa: SLF001
    return before


class Client(Protocol):
    id: ClassVar[str]
    capabilities: ClassVar[list[str]]
    worker: Worker

    def create(self, config: CodexConfig) -> Any:
        """Make the client object; the synchronous one connects here, and blocks."""
        ...

    async def connect(self, codex: Any) -> None: ...

    def another(self, config: CodexConfig, opened: list[Any]) -> Any:
        """One more client, connected: the operation `codex.another`."""
        ...

    def set_handler(self, codex: Any, handler: Handler) -> Handler:
        """Answer server requests with `handler`; gives the one before. Private in the SDK, which has no public way: the run's notes say so."""
        ...

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any: ...

    async def next(self, stream: Any) -> Any:
        """The next item of a stream, END after the last."""
        ...

    async def close(self, value: Any) -> None: ...


class SyncClient:
    id = "python"
    capabilities: ClassVar = ["sdk", "server-requests"]

    def __init__(self) -> None:
        self.worker: Worker = ThreadWorker()

    def create(self, config: CodexConfig) -> Codex:
        return Codex(config)

    async def connect(self, codex: Codex) -> None:
        """Nothing: the constructor has connected."""

    def another(self, config: CodexConfig, opened: list[Any]) -> Codex:
        codex = Codex(config)
        opened.append(codex)
        return codex

    def set_handler(self, codex: Codex, handler: Handler) -> Handler:
        # After the handshake, as the constructor has made it: an engine asks nothing before its first turn.
        return _swap_handler(codex._client, handler)  # noqa: SLF001

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any:
        return target(**arguments)

    async def next(self, stream: Any) -> Any:
        return next(stream, END)

    async def close(self, value: Any) -> None:
        value.close()


class AsyncClient:
    id = "python-async"
    capabilities: ClassVar = ["sdk", "cancel", "server-requests"]

    def __init__(self) -> None:
        self.worker: Worker = LoopWorker()

    def create(self, config: CodexConfig) -> AsyncCodex:
        return AsyncCodex(config)

    async def connect(self, codex: AsyncCodex) -> None:
        await codex.__aenter__()

    async def another(self, config: CodexConfig, opened: list[Any]) -> AsyncCodex:
        codex = AsyncCodex(config)
        opened.append(codex)
        return await codex.__aenter__()

    def set_handler(self, codex: AsyncCodex, handler: Handler) -> Handler:
        return _swap_handler(codex._client._sync, handler)  # noqa: SLF001

    async def invoke(self, target: Any, arguments: dict[str, Any]) -> Any:
        value = target(**arguments)
        return await value if inspect.isawaitable(value) else value

    async def next(self, stream: Any) -> Any:
        return await anext(stream, END)

    async def close(self, value: Any) -> None:
        await (value.aclose() if hasattr(value, "aclose") else value.close())
