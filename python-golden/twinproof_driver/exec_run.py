"""One run of the exec-style client: as run.py, in the run's own folder and environment."""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from importlib.metadata import version
from typing import Any, BinaryIO

from openai_codex_sdk import Codex
from openai_codex_sdk import exec as sdk_exec
from openai_codex_sdk.exec import PYTHON_SDK_ORIGINATOR

from . import values
from .control import Control
from .exec_client import ExecClient, abort_signal
from .exec_performing import ExecObserver, ExecPerforming
from .failure import StepHang
from .hosted_engine import host_engines
from .interpreter import MAIN, Interpreter
from .lives import serve_runs
from .protocol import PROTOCOL_VERSION, ProtocolOutput
from .run import CLOSE_S, DEFAULT_DEADLINE_MS, LEFTOVER_S, OPENING_S
from .tasks import Task

_OWN = dict(os.environ)
# A variable that only this process has: an engine that shows it was given the environment of its parent.
_PARENT_ONLY = {"TWINPROOF_PARENT": "parent"}


def serve_exec(stdin: BinaryIO, output: ProtocolOutput) -> None:
    """Serve until `exit` or the end of stdin. Raises ValueError for a message that is not of the protocol."""
    values.FACTORIES["AbortSignal"] = abort_signal
    host_engines(sdk_exec)
    output.send(
        {
            "type": "hello",
            "protocol": PROTOCOL_VERSION,
            "client": ExecClient.id,
            "clientVersion": version("openai-codex-sdk"),
            "clientInfo": {"name": PYTHON_SDK_ORIGINATOR},
            "capabilities": ExecClient.capabilities,
        }
    )
    serve_runs(lambda: partial(_perform, ExecClient()), stdin, output)


def _perform(client: ExecClient, message: dict[str, Any], output: ProtocolOutput) -> dict[str, Any]:
    scenario = message["scenario"]
    _use_environment(message)
    observer = ExecObserver(output, message["run"])
    names: dict[str, Any] = {}
    aborted = {step["cancel"] for step in scenario["steps"] if "cancel" in step}
    performing = ExecPerforming(client, observer, names, message["workspace"], aborted)
    deadline_s = scenario.get("deadlineMs", DEFAULT_DEADLINE_MS) / 1000
    interpreter = Interpreter(client, performing, names, Control(message["control"]), deadline_s)  # type: ignore[arg-type]

    async def opening(_task: Task) -> None:
        try:
            names["codex"] = Codex(_options(message))
        except BaseException as error:  # noqa: BLE001 - a client that cannot be made is an observation
            observer.error(MAIN, "Codex", error)

    try:
        interpreter.run_body(opening, MAIN, "Codex", -1, max(deadline_s, OPENING_S))
        if "codex" in names:
            interpreter.perform(scenario["steps"])
    except StepHang as hang:
        observer.hang(hang.lane, hang.op, hang.step)
    finally:
        observer.mute()
        names.clear()
        tainted = not _stop(client, interpreter.tasks)
    failure = next((task.failure for task in interpreter.tasks if task.failure is not None), None)
    if failure is not None:
        raise failure
    done = {"type": "done", "run": message["run"]}
    return {**done, "tainted": True} if tainted else done


def _use_environment(message: dict[str, Any]) -> None:
    os.chdir(message["workspace"])
    os.environ.clear()
    os.environ.update({**_OWN, **message["env"], **_PARENT_ONLY})
    # Schema files are written there: the harness looks for what was left behind. The module has read the variable once for all.
    tempfile.tempdir = message["env"].get("TMPDIR")


def _options(message: dict[str, Any]) -> dict[str, Any]:
    given = values.build(message["scenario"].get("client", {}), {}, message["workspace"])
    env = given.pop("env", {})
    options = {"codex_path_override": given.pop("codex_bin", message["codexBin"]), **given}
    # `env: null` gives the client none: it hands its own process's on.
    return options if env is None else {**options, "env": {**message["env"], **env}}


def _stop(client: ExecClient, tasks: list[Task]) -> bool:
    """End what still runs, which ends its engine; True when nothing is left."""
    until = time.monotonic() + LEFTOVER_S
    left = [task for task in tasks if not task.wait_over(max(0.0, until - time.monotonic()))]
    for task in left:
        client.worker.stop(task)
    until = time.monotonic() + CLOSE_S
    return all(task.wait_over(max(0.0, until - time.monotonic())) for task in left) and not left
