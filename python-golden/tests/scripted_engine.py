"""A tiny engine for the driver's tests: what it does in a turn is the turn's text.

`hello` completes; `ask` calls a tool of the client twice and tells what it was answered; `hold` streams one delta and stays until interrupted; `garbage` breaks the protocol and falls silent.
It never answers `model/list`.
"""

from __future__ import annotations

import itertools
import json
import sys

THREAD = {
    "cliVersion": "0.163.0", "createdAt": 1, "cwd": "/w", "ephemeral": False, "id": "thread-1", "modelProvider": "p",
    "preview": "", "sessionId": "thread-1", "source": "appServer", "status": {"type": "idle"}, "turns": [], "updatedAt": 1,
}  # fmt: skip


asked = itertools.count(1)


def send(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def notify(method: str, **params: object) -> None:
    send({"method": method, "params": {"threadId": "thread-1", **params}})


def complete(status: str) -> None:
    notify("turn/completed", turn={"id": "turn-1", "items": [], "status": status})


def play(text: str) -> None:
    notify("turn/started", turn={"id": "turn-1", "items": [], "status": "inProgress"})
    for delta in ("Hel", "lo"):
        notify("item/agentMessage/delta", delta=delta, itemId="item-1", turnId="turn-1")
    if text == "hello":
        notify("item/unheardOf", turnId="turn-1", detail={"n": 1})
        item = {"id": "item-1", "text": "Hello", "type": "agentMessage"}
        notify("item/completed", completedAtMs=1, item=item, turnId="turn-1")
        complete("completed")
    elif text == "ask":
        ask()
    elif text == "garbage":
        sys.stdout.write("not json\n")
        sys.stdout.flush()


def ask() -> None:
    params = {"threadId": "thread-1", "turnId": "turn-1", "tool": "lookup"}
    send({"id": f"ask-{next(asked)}", "method": "item/tool/call", "params": params})


def answered(message: dict) -> None:
    notify("item/agentMessage/delta", delta=json.dumps(message["result"]), itemId="item-1", turnId="turn-1")
    if message["id"] == "ask-1":
        ask()
    else:
        complete("completed")


def main() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if "method" not in message:
            answered(message)
            continue
        method, params, answer = message["method"], message.get("params", {}), {"id": message.get("id")}
        if method == "initialize":
            send({**answer, "result": {"userAgent": "scripted/0.163.0 (test)"}})
        elif method == "thread/start":
            rest = {"approvalPolicy": "never", "approvalsReviewer": "user", "cwd": "/w", "model": "m",
                    "modelProvider": "p", "sandbox": {"type": "readOnly"}}  # fmt: skip
            send({**answer, "result": {"thread": THREAD, **rest}})
        elif method == "thread/read":
            error = {"code": -32001, "message": "busy", "data": {"codexErrorInfo": "server_overloaded"}}
            send({**answer, "error": error})
        elif method == "turn/start":
            send({**answer, "result": {"turn": {"id": "turn-1", "items": [], "status": "inProgress"}}})
            play(params["input"][0]["text"])
        elif method == "turn/interrupt":
            send({**answer, "result": {}})
            complete("interrupted")


main()
