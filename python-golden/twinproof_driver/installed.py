"""The engine that is installed, for a scenario that says itself which engine the client is told to start."""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "codex_cli_bin"


@contextmanager
def installed_engine(message: dict[str, Any]) -> Iterator[None]:
    """Let the client find what the run's workspace has installed, if the scenario has a `codex_bin` of its own."""
    if "codex_bin" not in message["scenario"].get("client", {}):
        yield
        return
    before = sys.modules.get(PACKAGE)
    sys.modules[PACKAGE] = _package_in(message["workspace"])  # type: ignore[assignment]
    try:
        yield
    finally:
        if before is None:
            del sys.modules[PACKAGE]
        else:
            sys.modules[PACKAGE] = before


def _package_in(workspace: str) -> ModuleType | None:
    """Python's package in the folder that npm's has its engine in: both have one layout. None makes an import fail."""
    cpu = "arm64" if platform.machine() in ("arm64", "aarch64") else "x64"
    vendor = Path(workspace, "node_modules", "@openai", f"codex-{sys.platform}-{cpu}", "vendor")
    folder = next(vendor.glob("*"), None)
    spec = importlib.util.find_spec(PACKAGE)
    if folder is None or spec is None or spec.loader is None:
        return None
    package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    # Its functions look from where this says.
    package.__file__ = str(folder / "__init__.py")
    return package
