"""What the client tells of itself, as the driver observes it."""

from __future__ import annotations

import logging
import unittest

from twinproof_driver.telemetry import PACKAGE, observed_log


class Told:
    def __init__(self) -> None:
        self.records: list[tuple[str, dict]] = []

    def telemetry(self, name: str, message: dict) -> None:
        self.records.append((name, message))


class ObservedLog(unittest.TestCase):
    def test_records_of_the_package_are_observed_whatever_their_level(self) -> None:
        told = Told()
        logger = logging.getLogger(f"{PACKAGE}.client")
        with observed_log(told, asked=True):
            logger.debug("begins %s", 7)
            logging.getLogger("another").warning("not of the client")
        logger.debug("too late")
        self.assertEqual(told.records, [(f"{PACKAGE}.client", {"level": "DEBUG", "message": "begins 7"})])
        self.assertEqual(logging.getLogger(PACKAGE).handlers, [])

    def test_nothing_is_observed_unless_asked_for(self) -> None:
        told = Told()
        with observed_log(told, asked=False):
            logging.getLogger(PACKAGE).error("unheard")
        self.assertEqual(told.records, [])
