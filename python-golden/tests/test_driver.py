"""Both drivers as programs, against the scripted engine."""

from __future__ import annotations

import json
import unittest

from tests.driving import Driver
from twinproof_driver.failure import expected_got

THREAD = {"call": "codex.thread_start", "as": "t", "with": {"sandbox": {"$enum": "Sandbox.read_only"}}}


def turn(text: str) -> dict:
    return {"call": "t.turn", "as": "h", "with": {"input": {"$new": "TextInput", "text": text}}}


def brief(line: dict) -> tuple:
    return (line["ch"], line["lane"], line.get("op") or line["method"])


class BothClients:
    client: str
    driver: Driver

    @classmethod
    def setUpClass(cls) -> None:
        # One process serves all of them, as in the harness: importing the SDK costs a second.
        cls.driver = Driver(cls.client)

    @classmethod
    def tearDownClass(cls) -> None:
        if (code := cls.driver.exit()) != 0:
            raise AssertionError(expected_got("ending the driver", "exit code 0", str(code)))

    def setUp(self) -> None:
        self.driver.control.calls.clear()

    def test_hello(self) -> None:
        capabilities = ["sdk", *(["cancel"] if self.client == "python-async" else []), "server-requests"]
        hello = {"type": "hello", "protocol": 1, "client": self.client, "clientVersion": "0.163.0",
                 "clientInfo": {"name": "codex_python_sdk", "title": "Codex Python SDK", "version": "0.163.0"}}
        self.assertEqual(self.driver.hello, {**hello, "capabilities": capabilities})

    def test_a_stream_in_the_background(self) -> None:
        lines, done = self.driver.run(
            [THREAD, turn("hello"), {"start": "h.stream", "as": "events"},
             {"await": "events", "match": {"method": "turn/completed", "turn.status": "completed"}},
             {"join": "events"}, {"release": "a b"}, {"await-model": 2}, {"kill": "engine", "signal": "SIGTERM"},
             {"check": {"file": "n.md"}}]
        )  # fmt: skip
        self.assertEqual(done, {"type": "done", "run": "r1"})
        events = [line for line in lines if line["lane"] == "events"]
        self.assertEqual(events[0], {"ch": "call", "lane": "events", "op": "h.stream", "args": {}})
        self.assertEqual(
            [event["method"] for event in events[1:-1]],
            ["turn/started", "item/agentMessage/delta", "item/agentMessage/delta", "item/unheardOf", "item/completed",
             "turn/completed"],
        )  # fmt: skip
        unknown = {"threadId": "thread-1", "turnId": "turn-1", "detail": {"n": 1}}
        self.assertEqual(
            events[4], {"ch": "event", "lane": "events", "method": "item/unheardOf", "payload": unknown, "known": False}
        )
        self.assertEqual(events[-1], {"ch": "end", "lane": "events", "op": "h.stream"})
        self.assertEqual(
            self.driver.control.calls,
            ["POST /latch/a%20b/release", "GET /model/requests?atLeast=2", "POST /kill?signal=SIGTERM",
             "POST /check?file=n.md"],
        )  # fmt: skip

    def test_results_attributes_references_and_errors(self) -> None:
        lines, _ = self.driver.run(
            [THREAD, {"call": "t.id"}, {"call": "t.run", "with": {"input": "hello"}}, {"call": "t.read", "as": "r"},
             {"call": "r.thread"}, {"call": "codex.thread_resume", "with": {"thread_id": {"$ref": "r.id"}}},
             {"close": "codex"}]
        )  # fmt: skip
        results = [line["value"] for line in lines if line["ch"] == "result"]
        result = {
            "$type": "TurnResult", "id": "turn-1", "status": "completed", "error": None, "startedAt": None,
            "completedAt": None, "durationMs": None, "finalResponse": "Hello",
            "items": [{"id": "item-1", "text": "Hello", "type": "agentMessage"}], "usage": None,
        }  # fmt: skip
        self.assertEqual(results, [{"$type": "Thread", "id": "thread-1"}, "thread-1", result, None])
        error = {"class": "ServerBusyError", "message": "JSON-RPC error -32001: busy", "code": -32001,
                 "data": {"codexErrorInfo": "server_overloaded"}, "retryable": True}  # fmt: skip
        self.assertEqual([line for line in lines if line["ch"] == "error"],
                         [{"ch": "error", "lane": "r", "op": "t.read", "error": error}])  # fmt: skip
        # What builds on the failed read is passed over.
        self.assertEqual([brief(line) for line in lines[-2:]],
                         [("call", "main", "codex.close"), ("result", "main", "codex.close")])  # fmt: skip

    def test_next_drop_and_a_handle_left_running(self) -> None:
        lines, done = self.driver.run(
            [THREAD, turn("hold"), {"call": "h.stream", "as": "s"}, {"next": "s"}, {"drop": "s"}, {"next": "s"},
             {"start": "h.run", "as": "r"}]
        )  # fmt: skip
        self.assertEqual(lines[5]["value"], {"$type": "Stream"})
        self.assertEqual(brief(lines[6]), ("event", "main", "turn/started"))
        self.assertEqual(brief(lines[7]), ("call", "r", "h.run"))
        self.assertEqual(done, {"type": "done", "run": "r1"})

    def test_server_requests_are_answered_by_the_scenario(self) -> None:
        rules = [
            {"to": "item/tool/call", "match": {"tool": "other"}, "reply": {}},
            {"to": "item/tool/call", "times": 1, "hold": "go on", "reply": {"at": {"$path": "a"}}},
            {"to": "item/tool/call", "default": True},
        ]
        steps = [THREAD, turn("ask"), {"start": "h.stream", "as": "e"}, {"join": "e"}]
        lines, done = self.driver.run(steps, answers=rules)
        self.assertEqual(done, {"type": "done", "run": "r1", "notes": ["private-approval-handler"]})
        params = {"threadId": "thread-1", "turnId": "turn-1", "tool": "lookup"}
        held = {"hold": "go on", "reply": {"at": {"$path": "a"}}}
        self.assertEqual(
            [line for line in lines if line["ch"] == "request"],
            [{"ch": "request", "method": "item/tool/call", "params": params, "reply": reply} for reply in (held, {"default": True})],
        )
        # The engine tells in its deltas what it was answered.
        deltas = [line["payload"]["delta"] for line in lines if line.get("method") == "item/agentMessage/delta"]
        self.assertEqual([json.loads(delta) for delta in deltas[2:]], [{"at": f"{self.driver.workspace}/a"}, {}])
        self.assertEqual(self.driver.control.calls, ["GET /latch/go%20on/wait"])

    def test_a_request_that_is_never_answered_ends_with_the_run(self) -> None:
        rules = [{"to": "item/tool/call", "times": 1, "reply": {}}, {"to": "item/tool/call", "none": True}]
        steps = [THREAD, turn("ask"), {"start": "h.stream", "as": "e"}, {"await": "e", "match": {"delta": "{}"}},
                 {"await-wire": "item/tool/call", "times": 2}]  # fmt: skip
        _, done = self.driver.run(steps, answers=rules)
        self.assertEqual(done, {"type": "done", "run": "r1", "notes": ["private-approval-handler"]})
        self.assertIn("GET /wire?method=item%2Ftool%2Fcall&match=%7B%7D&times=2", self.driver.control.calls)

    def test_what_the_engine_can_never_write_is_a_hang_at_once(self) -> None:
        lines, done = self.driver.run([THREAD, {"await-wire": "gone"}], deadlineMs=3_600_000)
        self.assertEqual(lines[-1], {"ch": "hang", "lane": "main", "op": "control.await-wire", "step": 1})
        self.assertEqual(done, {"type": "done", "run": "r1"})

    def test_a_hang_ends_the_run_and_the_driver_goes_on(self) -> None:
        lines, done = self.driver.run([THREAD, {"call": "codex.models"}, {"call": "t.id"}], deadlineMs=1500)
        self.assertEqual(lines[-1], {"ch": "hang", "lane": "main", "op": "codex.models", "step": 1})
        self.assertEqual(done, {"type": "done", "run": "r1"})
        lines, done = self.driver.run([THREAD])
        self.assertEqual([line["ch"] for line in lines], ["call", "result"])

    def test_what_hangs_after_the_end_taints_and_the_process_can_still_exit(self) -> None:
        # After a malformed line the SDK's reader is gone, and no close wakes a call made from then on.
        driver = Driver(self.client)
        steps = [THREAD, turn("garbage"), {"start": "h.run", "as": "r"}, {"join": "r"}, {"call": "codex.models"}]
        lines, done = driver.run(steps, deadlineMs=1500)
        driver.send({"type": "exit"})
        self.assertEqual(driver.exit(), 0)
        self.assertEqual(lines[-3]["error"]["causes"], ["JSONDecodeError"])
        self.assertEqual(brief(lines[-1]), ("hang", "main", "codex.models"))
        self.assertEqual(done, {"type": "done", "run": "r1", "tainted": True})

    def test_an_await_that_can_never_match_is_a_hang_at_once(self) -> None:
        steps = [THREAD, turn("hello"), {"start": "h.stream", "as": "e"}, {"await": "e", "match": {"method": "none"}}]
        lines, _ = self.driver.run(steps, deadlineMs=3_600_000)
        self.assertEqual(lines[-1], {"ch": "hang", "lane": "main", "op": "e.await", "step": 3})

    def test_a_client_that_cannot_start_is_an_error_of_Codex(self) -> None:
        lines, done = self.driver.run([THREAD], client={"codex_bin": {"$path": "none"}})
        self.assertEqual([brief(line) for line in lines], [("error", "main", "Codex")])
        self.assertEqual(lines[0]["error"]["class"], "FileNotFoundError")
        self.assertEqual(done["type"], "done")

    def test_what_the_driver_cannot_do_fails_the_run_alone(self) -> None:
        for steps, text in (
            ([{"call": "codex.thread_start", "with": {"sandbox": {"$enum": "Sandbox.none"}}}], "Sandbox.none"),
            ([{"call": "codex.thread_start", "with": {"sandbox": {"$new": "Nothing"}}}], "expected a public class of openai_codex, got Nothing"),
            ([{"release": "refused"}], "got 404"),
        ):
            self.assertIn(text, self.driver.run(steps)[1].get("message", ""))
        self.assertEqual(self.driver.run([THREAD])[1]["type"], "done")


class SyncDriver(BothClients, unittest.TestCase):
    client = "python"


class AsyncDriver(BothClients, unittest.TestCase):
    client = "python-async"

    def test_cancel_ends_the_waiting_call(self) -> None:
        lines, _ = self.driver.run(
            [THREAD, {"start": "t.run", "as": "r", "with": {"input": "hold"}}, {"cancel": "r"}, {"call": "t.id"}]
        )
        errors = [(line["lane"], line["error"]["class"]) for line in lines if line["ch"] == "error"]
        self.assertEqual(errors, [("r", "CancelledError")])
        self.assertEqual(lines[-1]["value"], "thread-1")

    def test_the_client_connects_at_the_first_call_where_the_scenario_says_so(self) -> None:
        lines, _ = self.driver.run([{"call": "codex.metadata"}, THREAD], connect=False)
        self.assertEqual(lines[1]["error"]["class"], "RuntimeError")
        self.assertEqual(lines[3]["value"]["id"], "thread-1")

    def test_more_waiters_than_the_default_executor_has_threads(self) -> None:
        lines, _ = self.driver.run(
            [THREAD, turn("hold"), *({"start": "codex.models", "as": f"m{n}"} for n in range(40)),
             {"start": "h.stream", "as": "e"}, {"await": "e", "match": {"delta": "lo"}}]
        )  # fmt: skip
        self.assertNotIn("hang", [line["ch"] for line in lines])


if __name__ == "__main__":
    unittest.main()
