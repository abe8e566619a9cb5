"""The life of the driver: hello, runs one after the other, exit."""

from __future__ import annotations

import sys
import traceback
from typing import BinaryIO

import openai_codex
from openai_codex import CodexConfig
from openai_codex import client as sdk_client

from .clients import AsyncClient, Client, SyncClient
from .failure import expected_got
from .hosted_engine import HOSTED, host_engines
from .lives import in_children
from .protocol import PROTOCOL_VERSION, ProtocolOutput, read_messages
from .run import perform_run


def serve(client_id: str, stdin: BinaryIO, output: ProtocolOutput) -> None:
    """Serve until `exit` or the end of stdin. Raises ValueError for a message that is not of the protocol."""
    host_engines(sdk_client)
    kind = SyncClient if client_id == "python" else AsyncClient
    defaults = CodexConfig()
    output.send(
        {
            "type": "hello",
            "protocol": PROTOCOL_VERSION,
            "client": kind.id,
            "clientVersion": openai_codex.__version__,
            "clientInfo": {
                "name": defaults.client_name,
                "title": defaults.client_title,
                "version": defaults.client_version,
            },
            "capabilities": kind.capabilities,
        }
    )
    if HOSTED:
        in_children(lambda: _serve_runs(kind(), stdin, output))
    else:
        _serve_runs(kind(), stdin, output)


def _serve_runs(client: Client, stdin: BinaryIO, output: ProtocolOutput) -> bool:
    """Serve runs; True if another process must serve the next one."""
    for message in read_messages(stdin):
        if message.get("type") == "exit":
            return False
        if message.get("type") != "run":
            raise ValueError(
                expected_got("reading a message of the harness", "type run or exit", repr(message.get("type")))
            )
        try:
            done = perform_run(client, message, output)
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
