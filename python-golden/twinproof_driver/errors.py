"""Exceptions of the client, as observed errors."""

from __future__ import annotations

from typing import Any

from openai_codex import JsonRpcError, is_retryable_error

from .dump import dump


def observed_error(error: BaseException) -> dict[str, Any]:
    """Class name, message, `code` and `data` of an RPC error, `retryable` as the SDK judges it, causes outermost first."""
    observed: dict[str, Any] = {"class": type(error).__name__, "message": str(error)}
    if isinstance(error, JsonRpcError):
        observed["code"] = dump(error.code)
        if error.data is not None:
            observed["data"] = dump(error.data)
    observed["retryable"] = is_retryable_error(error)
    causes: list[str] = []
    cause = error.__cause__
    while cause is not None:
        causes.append(type(cause).__name__)
        cause = cause.__cause__
    if causes:
        observed["causes"] = causes
    return observed
