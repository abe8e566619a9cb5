"""What the client tells of itself: the records of its loggers. The official one has no other telemetry."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .observer import Observer

PACKAGE = "openai_codex"


class _Handler(logging.Handler):
    def __init__(self, observer: Observer) -> None:
        super().__init__(logging.DEBUG)
        self._observer = observer

    def emit(self, record: logging.LogRecord) -> None:
        message = {"level": record.levelname, "message": record.getMessage()}
        self._observer.telemetry(record.name, message)


@contextlib.contextmanager
def observed_log(observer: Observer, *, asked: bool) -> Iterator[None]:
    """Observe every record of the package's loggers, if the scenario asks for it."""
    if not asked:
        yield
        return
    logger = logging.getLogger(PACKAGE)
    handler = _Handler(observer)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
