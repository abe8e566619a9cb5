"""JSON lines: one message a line, split on `\\n` only, stdout kept for the protocol alone."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from typing import Any, BinaryIO

from .failure import expected_got

PROTOCOL_VERSION = 1


class ProtocolOutput:
    """The only writer of protocol lines. Safe to use from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._write(message)

    def send_stamped(self, message: dict[str, Any]) -> None:
        """Send with `t`, the monotonic clock in nanoseconds, read under the lock: the order of lines is that of `t`."""
        with self._lock:
            self._write({**message, "t": time.monotonic_ns()})

    def _write(self, message: dict[str, Any]) -> None:
        # ASCII only: lone surrogates and U+2028 travel as escapes.
        data = json.dumps(message, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]


def claim_stdout() -> ProtocolOutput:
    """Take stdout for the protocol and point file descriptor 1 at stderr, so that a stray print cannot corrupt it."""
    sys.stdout.flush()
    private = os.dup(1)
    os.dup2(2, 1)
    return ProtocolOutput(private)


def read_messages(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """Each message of the harness, until the stream ends. Blank lines are passed over."""
    for line in stream:
        if line.strip():
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError(expected_got("reading a message of the harness", "a JSON object", repr(line[:200])))
            yield message


def report_fatal(error: BaseException) -> None:
    """Tell stderr why the driver dies."""
    traceback.print_exception(error, file=sys.stderr)
