"""The driver of the exec-style client as a program, against a shell script that says events."""

from __future__ import annotations

import unittest
from pathlib import Path

from tests.driving import Driver

SAYS = """#!/bin/sh
cat >/dev/null
echo '{"type":"thread.started","thread_id":"t-1"}'
echo '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"'"$TWINPROOF_PARENT"'"}}'
test -n "$HOLDS" && exec sleep 600
echo '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":2}}'
"""
START = {"call": "codex.start_thread", "as": "t"}


class ExecDriver(unittest.TestCase):
    def setUp(self) -> None:
        self.driver = Driver("python-exec")
        program = Path(self.driver.workspace) / "says"
        program.write_text(SAYS)
        program.chmod(0o755)
        self.client = {"codex_bin": str(program)}

    def tearDown(self) -> None:
        self.assertEqual(self.driver.exit(), 0)

    def test_runs_in_the_environment_of_the_run(self) -> None:
        steps = [START, {"call": "t.run", "as": "r", "with": {"input": "hi"}}, {"call": "t.id", "as": "id"}]
        for env, seen in (({}, ""), (None, "parent")):
            lines, done = self.driver.run(steps, client={**self.client, "env": env})
            self.assertEqual(done, {"type": "done", "run": "r1"})
            results = {line["lane"]: line["value"] for line in lines if line["ch"] == "result"}
            self.assertEqual(results["t"], {"$type": "Thread", "id": None})
            self.assertEqual(results["r"]["finalResponse"], seen)
            self.assertEqual(results["r"]["usage"], {"input_tokens": 1, "cached_input_tokens": 0, "output_tokens": 2})
            self.assertEqual(results["id"], "t-1")

    def test_cancel_aborts_the_signal_of_a_stream(self) -> None:
        lines, done = self.driver.run(
            [START, {"start": "t.run_streamed", "as": "s", "with": {"input": "hi"}},
             {"await": "s", "match": {"method": "item.completed", "item.type": "agent_message"}}, {"cancel": "s"}],
            client={**self.client, "env": {"HOLDS": "1"}},
        )  # fmt: skip
        self.assertEqual(done, {"type": "done", "run": "r1"})
        stream = [(line["ch"], line.get("method") or line.get("error", {}).get("class")) for line in lines if line["lane"] == "s"]
        self.assertEqual(
            stream,
            [("call", None), ("event", "thread.started"), ("event", "item.completed"), ("error", "AbortError")],
        )


if __name__ == "__main__":
    unittest.main()
