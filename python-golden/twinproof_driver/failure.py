"""The driver's own failures, kept apart from whatever the client under test raises."""

from __future__ import annotations


class DriverFailure(Exception):
    """The scenario cannot be performed by this driver: reported as `failed`, never as an observation."""


class StepHang(Exception):
    """A step reached its deadline, or can never be over: observed as `hang`, and the run ends."""

    def __init__(self, lane: str, op: str, step: int) -> None:
        super().__init__(f"step {step} ({op}) is not over")
        self.lane = lane
        self.op = op
        self.step = step
