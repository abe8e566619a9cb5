"""The pure parts: values in, results out, events matched."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

from openai_codex import ExternalMessage, Sandbox, TextInput
from openai_codex.types import SortDirection

from twinproof_driver.dump import camel_case, dump
from twinproof_driver.events import matches
from twinproof_driver.interpreter import Interpreter
from twinproof_driver.names import attribute, referenced_names
from twinproof_driver.tasks import Task
from twinproof_driver.values import build


class Verbs(unittest.TestCase):
    def test_every_verb_of_scenarios_is_known(self) -> None:
        file = Path(__file__).parents[2] / "fixtures/schema/scenario-step.schema.json"
        definitions = json.loads(file.read_text("utf-8"))["definitions"]
        verbs = {step["required"][0] for name, step in definitions.items() if name != "step"}
        interpreter = Interpreter(*[None] * 4, deadline_s=1.0)  # type: ignore[arg-type]
        self.assertEqual(set(interpreter.verbs()), verbs)


class Values(unittest.TestCase):
    def test_typed_forms_at_any_depth(self) -> None:
        names = {"t": SimpleNamespace(id="thread-1")}
        value = build(
            {
                "input": [{"$new": "TextInput", "text": {"$ref": "t.id"}}, {"$path": "a/b.md"}],
                "sandbox": {"$enum": "Sandbox.full_access"},
                "order": {"$enum": "SortDirection.desc"},
                "message": {"$new": "ExternalMessage", "tool_name": "x", "content": "y"},
                "plain": [None, True, 1.5, {"k": "v"}],
            },
            names,
            "/w",
        )
        self.assertEqual(value["input"], [TextInput("thread-1"), "/w/a/b.md"])
        self.assertIs(value["sandbox"], Sandbox.full_access)
        self.assertIs(value["order"], SortDirection.desc)
        self.assertEqual(value["message"], ExternalMessage(tool_name="x", content="y"))
        self.assertEqual(value["plain"], [None, True, 1.5, {"k": "v"}])

    def test_paths_descend_lists_and_dicts(self) -> None:
        self.assertEqual(attribute(SimpleNamespace(data=[{"id": 7}]), ["data", "0", "id"]), 7)

    def test_referenced_names(self) -> None:
        self.assertEqual(referenced_names({"a": [{"$ref": "t.id"}, {"b": {"$ref": "h"}}], "c": "$ref"}), {"t", "h"})


class Dumps(unittest.TestCase):
    def test_camel_case(self) -> None:
        self.assertEqual([camel_case(name) for name in ("id", "thread_id", "last_24h")], ["id", "threadId", "last24h"])

    def test_enums_streams_and_numbers_that_json_lacks(self) -> None:
        self.assertEqual(
            dump([SortDirection.asc, Sandbox.read_only, iter(()), float("inf"), True, 2**60]),
            ["asc", "read-only", {"$type": "Stream"}, "inf", True, 2**60],
        )


class Matching(unittest.TestCase):
    EVENT = {"method": "item/started", "payload": {"item": {"type": "x"}, "list": [{"n": 1}], "flag": True}}

    def test_every_key_must_equal(self) -> None:
        for match, expected in (
            ({}, True),
            ({"method": "item/started", "item.type": "x"}, True),
            ({"method": "item/started", "item.type": "y"}, False),
            ({"list.0.n": 1, "item": {"type": "x"}}, True),
            ({"flag": 1}, False),
            ({"absent": None}, False),
        ):
            self.assertEqual(matches(self.EVENT, match), expected, match)

    def test_times_counts_from_the_first_event(self) -> None:
        task = Task()
        for _ in range(2):
            task.add_event(self.EVENT)
        self.assertEqual(task.wait_match({"item.type": "x"}, 2, 0), "matched")
        self.assertEqual(task.wait_match({"item.type": "x"}, 3, 0), "timeout")
        task.finish()
        self.assertEqual(task.wait_match({"item.type": "x"}, 3, 3600), "over")


class Stdout(unittest.TestCase):
    def test_a_stray_print_goes_to_stderr(self) -> None:
        program = (
            "from twinproof_driver.protocol import claim_stdout; out = claim_stdout(); print('stray', flush=True); "
            "import os; os.system('echo child'); out.send({'type': 'x', 'text': '\\u2028\\ud800'})"
        )
        folder = Path(__file__).resolve().parent.parent
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=folder, check=True)
        self.assertEqual(ended.stdout, b'{"type":"x","text":"\\u2028\\ud800"}\n')
        self.assertEqual(ended.stderr, b"stray\nchild\n")


if __name__ == "__main__":
    unittest.main()
