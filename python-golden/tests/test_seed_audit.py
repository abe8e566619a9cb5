"""The evidence for docs/seed-audit.md, asked of the installed package."""

from __future__ import annotations

import dataclasses
import inspect
import unittest
from pathlib import Path

import openai_codex
from openai_codex import Codex, CodexConfig, CodexError, Thread, retry_on_overload
from openai_codex.client import CodexClient
from openai_codex.generated import v2_all


def source() -> str:
    """The package's own code, without what is generated."""
    folder = Path(openai_codex.__file__).parent
    return "\n".join(file.read_text() for file in sorted(folder.glob("*.py")))


def options(function) -> set[str]:
    return set(inspect.signature(function).parameters)


class SeedAudit(unittest.TestCase):
    def test_tools_are_absent(self) -> None:
        self.assertEqual([name for name in openai_codex.__all__ if "tool" in name.lower()], [])
        self.assertEqual([name for name in options(Codex.thread_start) if "tool" in name], [])
        self.assertEqual(len(v2_all.ThreadStartParams.model_fields), 15)
        self.assertNotIn("dynamic_tools", v2_all.ThreadStartParams.model_fields)
        self.assertEqual(CodexClient()._default_approval_handler("item/tool/call", {}), {})
        self.assertNotIn("CodexClient", openai_codex.__all__)

    def test_files_are_absent(self) -> None:
        self.assertFalse(hasattr(Codex, "files"))
        self.assertNotIn('"fs/', source())
        self.assertTrue(hasattr(v2_all, "FsReadFileParams"))

    def test_realtime_is_types_only(self) -> None:
        self.assertTrue(hasattr(v2_all, "ThreadRealtimeStartedNotification"))
        self.assertFalse(hasattr(v2_all, "ThreadRealtimeStartParams"))
        self.assertNotIn("realtime", source().lower())

    def test_no_exception_is_about_authentication(self) -> None:
        exported = [getattr(openai_codex, name) for name in openai_codex.__all__]
        names = [value.__name__ for value in exported if isinstance(value, type) and issubclass(value, CodexError)]
        self.assertEqual(len(names), 11)
        self.assertEqual([name for name in names if "auth" in name.lower()], [])

    def test_options_change_with_a_turn_alone(self) -> None:
        self.assertLessEqual({"model", "effort", "cwd", "sandbox", "approval_mode", "service_tier"}, options(Thread.turn))
        with self.assertRaises(AttributeError):
            Thread(None, "id").model = "m"  # type: ignore[attr-defined]
        for method in ("thread/settings/update", "thread/metadata/update", "turn/settings/update"):
            self.assertNotIn(method, source())

    def test_cursors_are_followed_by_nobody(self) -> None:
        self.assertIn("cursor", options(Codex.thread_list))
        self.assertIn("next_cursor", v2_all.ThreadListResponse.model_fields)
        self.assertIn("next_cursor", v2_all.ModelListResponse.model_fields)
        self.assertNotIn("cursor", options(Codex.models))
        self.assertNotIn("next_cursor", source())
        self.assertNotIn("thread/turns/list", source())

    def test_there_is_no_hook_to_look_on(self) -> None:
        self.assertEqual(len(dataclasses.fields(CodexConfig)), 9)
        self.assertNotIn("import logging", source())
        self.assertIn("op", options(retry_on_overload))


if __name__ == "__main__":
    unittest.main()
