"""A hosted driver continues after a run that hangs, in another child; the scripted engine is a process all the same."""

from __future__ import annotations

import sys
import unittest

from tests.driving import Driver

THREAD = {"call": "codex.thread_start", "as": "t", "with": {"sandbox": {"$enum": "Sandbox.read_only"}}}
# After a malformed line the SDK's reader is gone, and no close wakes a call made from then on.
HANGS = [
    THREAD,
    {"call": "t.turn", "as": "h", "with": {"input": {"$new": "TextInput", "text": "garbage"}}},
    {"start": "h.run", "as": "r"},
    {"join": "r"},
    {"call": "codex.models"},
]


@unittest.skipIf(sys.platform == "win32", "needs fork")
class Lives(unittest.TestCase):
    def test_a_run_that_hangs_ends_with_its_child_and_the_next_one_is_served(self) -> None:
        for client in ("python", "python-async"):
            with self.subTest(client):
                driver = Driver(client, TWINPROOF_ENGINE_HOST="/nowhere")
                lines, done = driver.run(HANGS, deadlineMs=500)
                self.assertEqual(lines[-1]["ch"], "hang")
                self.assertEqual(done, {"type": "done", "run": "r1"})
                lines, _ = driver.run([THREAD])
                self.assertEqual([line["ch"] for line in lines], ["call", "result"])
                self.assertEqual(driver.exit(), 0)

    def test_a_message_that_is_none_ends_the_driver(self) -> None:
        driver = Driver("python", TWINPROOF_ENGINE_HOST="/nowhere")
        driver.send({"type": "walk"})
        self.assertEqual(driver.exit(), 1)

    @unittest.skipIf(sys.platform != "linux", "only Linux tells a child of the end of its parent")
    def test_a_child_ends_with_its_driver(self) -> None:
        driver = Driver("python", TWINPROOF_ENGINE_HOST="/nowhere")
        driver.run([THREAD])
        driver.kill()


if __name__ == "__main__":
    unittest.main()
