"""The driver's own failures, kept apart from whatever the client under test raises."""

from __future__ import annotations


def expected_got(doing: str, expected: str, got: str, advice: str | None = None) -> str:
    """The one form of the driver's error texts: "Reading a message: expected an object, got 7."."""
    text = f"{doing[:1].upper()}{doing[1:]}: expected {expected}, got {got}."
    return text if advice is None else f"{text} {advice}."


class DriverFailure(Exception):
    """The scenario cannot be performed by this driver: reported as `failed`, never as an observation."""


class StepHang(Exception):
    """A step reached its deadline, or can never be over: observed as `hang`, and the run ends."""

    def __init__(self, lane: str, op: str, step: int) -> None:
        super().__init__(f"step {step} ({op}) is not over")
        self.lane = lane
        self.op = op
        self.step = step
