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
from .hosted_engine import host_engines
from .protocol import PROTOCOL_VERSION, ProtocolOutput, read_messages
from .run import perform_run


def serve(client_id: str, stdin: BinaryIO, output: ProtocolOutput) -> None:
    """Serve until `exit` or the end of stdin. Raises ValueError for a message that is not of the protocol."""
    host_engines(sdk_client)
    client: Client = SyncClient() if client_id == "python" else AsyncClient()
    defaults = CodexConfig()
    output.send(
        {
            "type": "hello",
            "protocol": PROTOCOL_VERSION,
            "client": client.id,
            "clientVersion": openai_codex.__version__,
            "clientInfo": {
                "name": defaults.client_name,
                "title": defaults.client_title,
                "version": defaults.client_version,
            },
            "capabilities": client.capabilities,
        }
    )
    for message in read_messages(stdin):
        if message.get("type") == "exit":
            return
        if message.get("type") != "run":
            raise ValueError(
                expected_got("reading a message of the harness", "type run or exit", repr(message.get("type")))
            )
        try:
            output.send(perform_run(client, message, output))
        except Exception as error:  # noqa: BLE001 - the next run may work
            traceback.print_exception(error, file=sys.stderr)
            text = f"{type(error).__name__}: {error}"
            output.send({"type": "failed", "run": message["run"], "message": text})
