"""Engines that run within another process, for runs by the thousand: a start of the fake engine as a process of its own costs a tenth of a second.

With `TWINPROOF_ENGINE_HOST` in its environment (the path of a socket), a driver puts `HostedProcess` in the place of `subprocess.Popen` in the SDK's
module that starts engines. The client's pipes stay pipes of the system; only the process at their other end is the host.
"""

from __future__ import annotations

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
_NUMBERS = itertools.count(1)


def host_engines(module: Any) -> None:
    """Let this module of an SDK start a cell's fake engine within the host, if there is one; every other program is started."""
    host = os.environ.get(HOST)
    if host is None:
        return

    def popen(args: list[str], **options: Any) -> Any:
        launcher = Path(args[0])
        if launcher.name != "codex" or not (launcher.parent / "fake.json").exists():
            return subprocess.Popen(args, **options)
        return HostedProcess(host, args, **options)

    module.subprocess = SimpleNamespace(**{**vars(subprocess), "Popen": popen})


class HostedProcess:
    """As much of `subprocess.Popen` as the SDK uses, with text pipes."""

    def __init__(
        self,
        host: str,
        args: list[str],
        *,
        encoding: str,
        cwd: str | None,
        env: dict[str, str],
        bufsize: int,
        **_rest: Any,
    ) -> None:
        self.args = args
        self.returncode: int | None = None
        self._lock = threading.Lock()
        self._said = b""
        root = os.path.dirname(args[0])
        names = {name: f"{root}/{name}-{next(_NUMBERS)}" for name in ("stdin", "stdout", "stderr")}
        for name in names.values():
            os.mkfifo(name)
        # A writer that is there from the start: without one, the host would read the end of its input at once.
        early = os.open(names["stdin"], os.O_RDWR | os.O_NONBLOCK)
        out, err = (os.open(names[name], os.O_RDONLY | os.O_NONBLOCK) for name in ("stdout", "stderr"))
        self._host = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._host.connect(host)
        start = {"root": root, "args": args[1:], "cwd": cwd or os.getcwd(), "env": env, **names}
        self._host.sendall(json.dumps(start).encode() + b"\n")
        self.pid = int(self._line(None) or b"0")
        into = os.open(names["stdin"], os.O_WRONLY)
        os.close(early)
        for name in names.values():
            os.unlink(name)
        for fd in (out, err):
            os.set_blocking(fd, True)
        self.stdin = io.TextIOWrapper(
            io.open(into, "wb", -1), write_through=True, line_buffering=bufsize == 1, encoding=encoding
        )
        self.stdout = io.TextIOWrapper(io.open(out, "rb", -1), encoding=encoding)
        self.stderr = io.TextIOWrapper(io.open(err, "rb", -1), encoding=encoding)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            try:
                self._host.sendall(json.dumps({"signal": signal.Signals(number).name}).encode() + b"\n")
            except OSError:
                pass  # The host is gone, and the engine with it.

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
                line = self._line(timeout)
                if line is not None:
                    self.returncode = int(line or b"-9")
                    self._host.close()
            return self.returncode

    def _line(self, timeout: float | None) -> bytes | None:
        """The next line of the host; empty if it is gone, None if there is none in time."""
        until = None if timeout is None else time.monotonic() + timeout
        while b"\n" not in self._said:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self._host], [], [], left)[0]:
                return None
            try:
                more = self._host.recv(4096)
            except OSError:
                more = b""
            if not more:
                return b""
            self._said += more
        line, _, self._said = self._said.partition(b"\n")
        return line
