"""What the program says of the Python SDK's surface."""

from __future__ import annotations

import unittest

import surface


class Surface(unittest.TestCase):
    def setUp(self) -> None:
        self.symbols = {(entry["module"], entry["name"]): entry for entry in surface.surface()["symbols"]}

    def test_every_public_name_is_there(self) -> None:
        self.assertEqual(sum(module == "root" for module, _ in self.symbols), 37)
        self.assertEqual(sum(module == "types" for module, _ in self.symbols), 37)

    def test_parameters_have_kind_and_default(self) -> None:
        methods = {method["name"]: method["parameters"] for method in self.symbols["root", "Codex"]["methods"]}
        thread_id = {"name": "thread_id", "kind": "positional", "required": True, "type": "str"}
        self.assertEqual(methods["thread_fork"][0], thread_id)
        mode = {"name": "approval_mode", "kind": "option", "required": False, "default": "auto_review"}
        mode["type"] = "ApprovalMode"
        self.assertEqual(methods["thread_start"][0], mode)

    def test_handles_are_made_by_the_sdk_alone(self) -> None:
        for name in ("Thread", "TurnHandle", "ChatgptLoginHandle", "AsyncDeviceCodeLoginHandle"):
            self.assertIsNone(self.symbols["root", name]["construct"], name)
        self.assertEqual([given["name"] for given in self.symbols["root", "TextInput"]["construct"]], ["text"])

    def test_an_alias_has_its_classes(self) -> None:
        tags = [variant["tag"] for variant in self.symbols["root", "RunInput"]["variants"]]
        self.assertEqual(sorted(tags), sorted(["ExternalMessage", "ImageInput", "LocalImageInput", "MentionInput", "SkillInput", "TextInput"]))
        self.assertEqual(self.symbols["types", "JsonObject"]["variants"], [])

    def test_unions_have_their_tags_and_values(self) -> None:
        account = self.symbols["types", "Account"]["variants"]
        self.assertEqual([variant["tag"] for variant in account], ["apiKey", "chatgpt", "amazonBedrock"])
        self.assertEqual(self.symbols["types", "ReasoningSummary"]["members"]["none"], "none")
        self.assertEqual(self.symbols["root", "ServerBusyError"]["base"], "CodexRpcError")


if __name__ == "__main__":
    unittest.main()
