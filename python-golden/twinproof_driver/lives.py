"""The runs of a driver, one after the other.

A hosted driver (hosted_engine.py) serves them in children that are forked once the SDK is loaded: what hangs in a child ends with it, and the next child is there within milliseconds. Importing the SDK costs most of a second, and a run that nobody wrote down hangs often.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from .failure import expected_got
from .hosted_engine import HOSTED
from .protocol import ProtocolOutput, read_messages, report_fatal

# Not an exit code of Python's own.
_AGAIN = 75
_SET_DEATH_SIGNAL = 1


# Performs one run: its message, and where its observation goes. Returns the message of its end.
Perform = Callable[[dict[str, Any], ProtocolOutput], dict[str, Any]]


def serve_runs(open_client: Callable[[], Perform], stdin: BinaryIO, output: ProtocolOutput) -> None:
    """Serve until `exit` or the end of stdin. Raises ValueError for a message that is not of the protocol."""
    if HOSTED:
        _in_children(lambda: _serve(open_client(), stdin, output))
    else:
        _serve(open_client(), stdin, output)


def _serve(perform: Perform, stdin: BinaryIO, output: ProtocolOutput) -> bool:
    """Serve runs; True if another process must serve the next one."""
    for message in read_messages(stdin):
        if message.get("type") == "exit":
            return False
        if message.get("type") != "run":
            raise ValueError(
                expected_got("reading a message of the harness", "type run or exit", repr(message.get("type")))
            )
        try:
            done = perform(message, output)
        except Exception as error:  # noqa: BLE001 - the next run may work
            traceback.print_exception(error, file=sys.stderr)
            text = f"{type(error).__name__}: {error}"
            output.send({"type": "failed", "run": message["run"], "message": text})
            continue
        again = HOSTED and done.pop("tainted", False)
        output.send(done)
        if again:
            return True
    return False


def _in_children(serve: Callable[[], bool]) -> None:
    """Call `serve` in a child, and in another as long as it returns True. A child that dies takes the driver with it."""
    # What has been loaded stays shared between all children.
    gc.freeze()
    sys.stderr.flush()
    while True:
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            os._exit(_live(serve, parent))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            os.kill(os.getpid(), os.WTERMSIG(status))
        if os.waitstatus_to_exitcode(status) != _AGAIN:
            os._exit(os.waitstatus_to_exitcode(status))


def _live(serve: Callable[[], bool], parent: int) -> int:
    try:
        _end_with_parent(parent)
        return _AGAIN if serve() else 0
    except BaseException as error:  # noqa: BLE001 - as in driver.py
        report_fatal(error)
        return 1
    finally:
        sys.stderr.flush()


def _end_with_parent(parent: int) -> None:
    """The harness ends the driver by SIGKILL, of which a child hears nothing. Elsewhere than on Linux, it notices the end of its input."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
