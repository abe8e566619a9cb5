"""Runs in children that are forked from a driver which has the SDK loaded: what hangs in a child ends with it, and the next child is there within milliseconds.

Importing the SDK costs most of a second, and a run that nobody wrote down hangs often. Only hosted drivers (hosted_engine.py) live like that.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable

from .protocol import report_fatal

# Not an exit code of Python's own.
_AGAIN = 75
_SET_DEATH_SIGNAL = 1


def in_children(serve: Callable[[], bool]) -> None:
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
