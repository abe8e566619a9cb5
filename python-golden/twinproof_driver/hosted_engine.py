"""Engines that run within another process, for runs by the thousand: a start of the fake engine as a process of its own costs a tenth of a second.

With `TWINPROOF_ENGINE_HOST` in its environment (the path of a socket), a driver puts `HostedProcess` in the place of `subprocess.Popen`, or `HostedTask` in
the place of asyncio's processes, in the SDK's module that starts engines. The client's pipes stay pipes of the system; only the process at their other end is
the host.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HOST = "TWINPROOF_ENGINE_HOST"
HOSTED = HOST in os.environ
_NUMBERS = itertools.count(1)


def host_engines(module: Any) -> None:
    """Let this module of an SDK start a cell's fake engine within the host, if there is one; every other program is started."""
    host = os.environ.get(HOST)
    if host is None:
        return

    def popen(args: list[str], **options: Any) -> Any:
        return HostedProcess(host, args, **options) if _is_fake(args[0]) else subprocess.Popen(args, **options)

    async def create(program: str, *args: str, **options: Any) -> Any:
        if not _is_fake(program):
            return await asyncio.create_subprocess_exec(program, *args, **options)
        return await HostedTask.start(host, [program, *args], options["env"])

    if hasattr(module, "subprocess"):
        module.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})
    else:
        module.asyncio = SimpleNamespace(**{**vars(asyncio), "create_subprocess_exec": create})


def _is_fake(program: str) -> bool:
    launcher = Path(program)
    return launcher.name == "codex" and (launcher.parent / "fake.json").exists()


class _Hosted:
    """An engine of the host: our ends of its pipes, and the connection that stands for the process."""

    def __init__(self, host: str, args: list[str], cwd: str | None, env: dict[str, str]) -> None:
        root = os.path.dirname(args[0])
        names = {name: f"{root}/{name}-{next(_NUMBERS)}" for name in ("stdin", "stdout", "stderr")}
        for name in names.values():
            os.mkfifo(name)
        # A writer that is there from the start: without one, the host would read the end of its input at once.
        early = os.open(names["stdin"], os.O_RDWR | os.O_NONBLOCK)
        self.stdout, self.stderr = (os.open(names[name], os.O_RDONLY | os.O_NONBLOCK) for name in ("stdout", "stderr"))
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.connection.connect(host)
        start = {"root": root, "args": args[1:], "cwd": cwd or os.getcwd(), "env": env, **names}
        self.connection.sendall(json.dumps(start).encode() + b"\n")
        self._said = b""
        self.pid = int(self.line(None) or b"0")
        self.stdin = os.open(names["stdin"], os.O_WRONLY)
        os.close(early)
        for name in names.values():
            os.unlink(name)

    def signal(self, number: int) -> None:
        try:
            self.connection.sendall(json.dumps({"signal": signal.Signals(number).name}).encode() + b"\n")
        except OSError:
            pass  # The host is gone, and the engine with it.

    def line(self, timeout: float | None) -> bytes | None:
        """The next line of the host; empty if it is gone, None if there is none in time."""
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._said:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self.connection], [], [], left)[0]:
                return None
            try:
                more = self.connection.recv(4096)
            except OSError:
                more = b""
            if not more:
                return b""
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line


class HostedProcess:
    """As much of `subprocess.Popen` as the SDK uses, with text pipes."""

    def __init__(
        self, host: str, args: list[str], *, encoding: str, cwd: str | None, env: dict[str, str], bufsize: int, **_: Any
    ) -> None:
        self.args = args
        self.returncode: int | None = None
        self._lock = threading.Lock()
        self._engine = _Hosted(host, args, cwd, env)
        self.pid = self._engine.pid
        for fd in (self._engine.stdout, self._engine.stderr):
            os.set_blocking(fd, True)
        self.stdin = io.TextIOWrapper(
            io.open(self._engine.stdin, "wb", -1), write_through=True, line_buffering=bufsize == 1, encoding=encoding
        )
        self.stdout = io.TextIOWrapper(io.open(self._engine.stdout, "rb", -1), encoding=encoding)
        self.stderr = io.TextIOWrapper(io.open(self._engine.stderr, "rb", -1), encoding=encoding)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            self._engine.signal(number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def _ended(self, timeout: float | None) -> int | None:
        with self._lock:
            if self.returncode is None:
                line = self._engine.line(timeout)
                if line is not None:
                    self.returncode = int(line or b"-9")
                    self._engine.connection.close()
            return self.returncode


class HostedTask:
    """As much of `asyncio.subprocess.Process` as the SDK uses."""

    def __init__(self, engine: _Hosted, stdin: asyncio.StreamWriter, pipes: list[asyncio.StreamReader]) -> None:
        self._engine = engine
        self.stdin, (self.stdout, self.stderr) = stdin, pipes
        self.pid = engine.pid
        self.returncode: int | None = None
        self._ended = asyncio.get_running_loop().create_future()
        engine.connection.setblocking(False)
        asyncio.get_running_loop().add_reader(engine.connection, self._hear)

    @classmethod
    async def start(cls, host: str, args: list[str], env: dict[str, str]) -> HostedTask:
        loop = asyncio.get_running_loop()
        engine = _Hosted(host, args, None, env)
        pipes = []
        for fd in (engine.stdout, engine.stderr):
            pipes.append(asyncio.StreamReader())
            protocol = asyncio.StreamReaderProtocol(pipes[-1])
            await loop.connect_read_pipe(lambda protocol=protocol: protocol, os.fdopen(fd, "rb", 0))
        transport, flow = await loop.connect_write_pipe(
            asyncio.streams.FlowControlMixin, os.fdopen(engine.stdin, "wb", 0)
        )
        return cls(engine, asyncio.StreamWriter(transport, flow, None, loop), pipes)

    def kill(self) -> None:
        if self.returncode is not None:
            raise ProcessLookupError
        self._engine.signal(signal.SIGKILL)

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def _hear(self) -> None:
        line = self._engine.line(0)
        if line is None:
            return
        asyncio.get_running_loop().remove_reader(self._engine.connection)
        self._engine.connection.close()
        self.returncode = int(line or b"-9")
        self._ended.set_result(self.returncode)
