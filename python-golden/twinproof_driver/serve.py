"""The life of the driver: hello, runs one after the other, exit."""

from __future__ import annotations

from functools import partial
from typing import BinaryIO

import openai_codex
from openai_codex import CodexConfig
from openai_codex import client as sdk_client

from .clients import AsyncClient, SyncClient
from .hosted_engine import host_engines
from .lives import serve_runs
from .protocol import PROTOCOL_VERSION, ProtocolOutput
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
    serve_runs(lambda: partial(perform_run, kind()), stdin, output)
