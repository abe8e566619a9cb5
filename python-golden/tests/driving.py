"""Starts a driver program as the harness does, with the scripted engine as `codex_bin`."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
EXIT_S = 60


class ControlServer:
    """Answers every call with 200 and remembers its method and path."""

    def __init__(self) -> None:
        calls = self.calls = []

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                calls.append(f"{self.command} {self.path}")
                self.send_response(404 if "refused" in self.path else 410 if "gone" in self.path else 200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST = _answer

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Driver:
    """One driver process. `run` gives the observation's lines without `t`, and the message that ended the run."""

    def __init__(self, client: str, **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.workspace = self._folder.name
        self.control = ControlServer()
        launcher = Path(self.workspace) / "engine"
        launcher.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'scripted_engine.py'))}\n")
        launcher.chmod(0o755)
        self._engine = str(launcher)
        # A proxy that does not exist: control calls must not go through it.
        env = {"PATH": "/usr/bin:/bin", "http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", **environment}
        self._process = subprocess.Popen(
            [sys.executable, str(HERE.parent / "driver.py"), client],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env,
        )  # fmt: skip
        self.hello = self._read()

    def run(self, steps: list[dict[str, Any]], **scenario: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        self.send(
            {
                "type": "run", "run": "r1", "scenario": {"deadlineMs": 20_000, **scenario, "steps": steps},
                "codexBin": self._engine, "env": {}, "workspace": self.workspace, "control": self.control.url,
            }
        )  # fmt: skip
        lines, stamps = [], []
        while (message := self._read())["type"] == "line":
            lines.append(message["line"])
            stamps.append(message["t"])
        assert stamps == sorted(stamps), "the order of lines must be that of t"
        return lines, message

    def send(self, message: dict[str, Any]) -> None:
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def exit(self) -> int:
        """Close stdin and give the exit code."""
        self._process.stdin.close()
        try:
            return self._process.wait(EXIT_S)
        finally:
            self._process.kill()
            self._process.stdout.close()
            self.control.close()
            self._folder.cleanup()

    def kill(self) -> None:
        """End it as the harness does, and wait for the end of its output: every process that could write is gone then."""
        self._process.kill()
        self._process.stdout.read()
        self.exit()

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the driver ended with {self._process.wait()} in place of a message")
        return json.loads(line)
