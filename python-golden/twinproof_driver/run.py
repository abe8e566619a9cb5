"""One run: open the client, perform the steps, close it, and say whether something of it still hangs."""

from __future__ import annotations

import time
from typing import Any

from openai_codex import CodexConfig

from .answering import Answering
from .clients import Client
from .control import Control
from .failure import StepHang
from .hosted_engine import HOSTED
from .installed import installed_engine
from .interpreter import MAIN, Interpreter
from .observer import Observer
from .performing import Performing
from .protocol import ProtocolOutput
from .tasks import Task
from .telemetry import observed_log
from .values import build
from .workers import Body

DEFAULT_DEADLINE_MS = 20_000
# A hosted engine needs no time to start, and what it was to end has ended soon.
OPENING_S = 0.0 if HOSTED else DEFAULT_DEADLINE_MS / 1000
# The SDK's close() gives the engine 2 s and its reader threads 1 s.
CLOSE_S = 10.0
# What the close woke needs time for a few instructions; a false taint costs no more than a restart of the driver.
LEFTOVER_S = 0.3 if HOSTED else 2.0


def perform_run(client: Client, message: dict[str, Any], output: ProtocolOutput) -> dict[str, Any]:
    """Perform one `run` message; returns its `done` message. Raises what broke the driver itself."""
    scenario = message["scenario"]
    observer = Observer(output, message["run"])
    names: dict[str, Any] = {}
    opened: list[Any] = []
    performing = Performing(
        client, observer, names, message["workspace"], lambda: client.another(_config(message), opened)
    )
    deadline_s = scenario.get("deadlineMs", DEFAULT_DEADLINE_MS) / 1000
    control = Control(message["control"])
    interpreter = Interpreter(client, performing, names, control, deadline_s)
    rules = scenario.get("answers")
    answering = None if rules is None else Answering(rules, observer, control, message["workspace"])
    try:
        config = _config(message)
        body = _opening(client, observer, names, opened, config, answering, scenario.get("connect", True))
        # Not a step: a scenario that shows a hang by a short deadline must not lose its client to a busy machine.
        with installed_engine(message), observed_log(observer, asked=scenario.get("telemetry", False)):
            interpreter.run_body(body, MAIN, "Codex", -1, max(deadline_s, OPENING_S))
            if "codex" in names:
                interpreter.perform(scenario["steps"])
    except StepHang as hang:
        observer.hang(hang.lane, hang.op, hang.step)
    finally:
        observer.mute()
        names.clear()
        tainted = not _close(client, opened, interpreter.tasks, answering)
    failure = next((task.failure for task in interpreter.tasks if task.failure is not None), None)
    if failure is not None:
        raise failure
    done: dict[str, Any] = {"type": "done", "run": message["run"]}
    notes = performing.notes | ({"private-approval-handler"} if answering is not None else set())
    if notes:
        done["notes"] = sorted(notes)
    return {**done, "tainted": True} if tainted else done


def _config(message: dict[str, Any]) -> CodexConfig:
    options = build(message["scenario"].get("client", {}), {}, message["workspace"])
    for key in ("launch_args_override", "config_overrides"):
        if isinstance(options.get(key), list):
            options[key] = tuple(options[key])
    env = {**message["env"], **options.pop("env", {})}
    return CodexConfig(**{"codex_bin": message["codexBin"], "cwd": message["workspace"], "env": env, **options})


def _opening(
    client: Client,
    observer: Observer,
    names: dict[str, Any],
    opened: list[Any],
    config: CodexConfig,
    answering: Answering | None,
    connect: bool,
) -> Body:
    async def body(_task: Task) -> None:
        try:
            codex = client.create(config)
            # Kept apart from the names: a scenario may drop `codex`, and its engine must end all the same.
            opened.append(codex)
            if answering is not None:
                answering.attach(client.set_handler(codex, answering))
            if connect:
                await client.connect(codex)
        except BaseException as error:  # noqa: BLE001 - a client that cannot start is an observation
            observer.error(MAIN, "Codex", error)
        else:
            names["codex"] = codex

    return body


def _close(client: Client, opened: list[Any], tasks: list[Task], answering: Answering | None) -> bool:
    """Close the client and wait for every task; True when nothing is left."""

    async def body(_task: Task) -> None:
        for codex in opened:
            try:
                await client.close(codex)
            except BaseException:  # noqa: BLE001, S110 - no step asked for this close: docs/driver-protocol.md
                pass

    closed = client.worker.spawn(body).wait_over(CLOSE_S)
    if answering is not None:
        answering.end()
    until = time.monotonic() + LEFTOVER_S
    left = [task for task in tasks if not task.wait_over(max(0.0, until - time.monotonic()))]
    if "cancel" in client.capabilities:
        for task in left:
            client.worker.cancel(task)
    # A cancelled call ends, but the thread of the SDK that waited for it does not: tainted all the same.
    return closed and not left
