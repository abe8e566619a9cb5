"""Goals: private in the SDK, operations to a scenario."""

from __future__ import annotations

import unittest

from openai_codex import AsyncThread, Thread

from tests.driving import Driver
from twinproof_driver.private_goals import goal_operation

THREAD = {"call": "codex.thread_start", "as": "t", "with": {"sandbox": {"$enum": "Sandbox.read_only"}}}


class PrivateGoals(unittest.TestCase):
    def test_only_a_thread_has_them(self) -> None:
        for thread in (Thread(None, "t"), AsyncThread(None, "t")):
            self.assertIsNotNone(goal_operation(thread, ["start_goal"]))
            self.assertIsNotNone(goal_operation(thread, ["run_goal"]))
            self.assertIsNone(goal_operation(thread, ["run"]))
        self.assertIsNone(goal_operation("t", ["run_goal"]))

    def test_a_run_that_uses_them_says_so(self) -> None:
        driver = Driver("python")
        try:
            # The scripted engine refuses what it does not know.
            lines, done = driver.run([THREAD, {"call": "t.start_goal", "as": "g", "with": {"objective": "win"}}])
            _, other = driver.run([THREAD])
        finally:
            self.assertEqual(driver.exit(), 0)
        self.assertEqual((lines[-1]["ch"], lines[-1]["op"]), ("error", "t.start_goal"))
        self.assertEqual(done, {"type": "done", "run": "r1", "notes": ["private-goals"]})
        self.assertEqual(other, {"type": "done", "run": "r1"})


if __name__ == "__main__":
    unittest.main()
