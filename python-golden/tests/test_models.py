"""What the program says of the models of the Python SDK."""

from __future__ import annotations

import enum
import unittest
from typing import Annotated, Any, Literal

import models
from pydantic import BaseModel, ConfigDict, Field, RootModel


class Message(BaseModel):
    type: Literal["message"]
    sent_at: Annotated[int | None, Field(alias="sentAt")] = None


class Command(BaseModel):
    model_config = ConfigDict(extra="allow")
    type: Annotated[Literal["command"], Field(title="CommandType")]
    inner: list["Item"] | None = None


class Item(RootModel[Message | Command]):
    root: Message | Command


Command.model_rebuild()


class Colour(enum.Enum):
    red = "red"


class Form(unittest.TestCase):
    def test_what_is_shown_as_it_is_has_no_form(self) -> None:
        for annotation in (str, int | None, Colour, dict[str, Any], list[str], Any, Literal["a"], str | list[int]):
            self.assertIsNone(models.Models().form(annotation), annotation)

    def test_models_are_named_where_they_stand(self) -> None:
        form = models.Models().form
        self.assertEqual(form(Message | None), "Message")
        self.assertEqual(form(Annotated[list[Annotated[Message, Field()]], Field()]), {"list": "Message"})
        self.assertEqual(form(dict[str, Message]), {"map": "Message"})
        self.assertEqual(form(str | list[Message] | Command), {"union": [{"list": "Message"}, "Command"]})

    def test_a_model_has_its_fields_by_the_names_of_the_wire(self) -> None:
        found = models.Models()
        found.form(Item)
        self.assertEqual(found.types["Item"], {"root": {"union": ["Message", "Command"]}})
        message = {"fields": {"type": None, "sentAt": None}, "required": ["type"], "tags": {"type": ["message"]}}
        self.assertEqual(found.types["Message"], message)
        command = {"fields": {"type": None, "inner": {"list": "Item"}}, "required": ["type"], "tags": {"type": ["command"]}, "open": True}
        self.assertEqual(found.types["Command"], command)

    def test_two_models_of_one_name_are_refused(self) -> None:
        found = models.Models()
        found.form(Message)
        with self.assertRaises(ValueError):
            found.form(type("Message", (BaseModel,), {}))


class Printed(unittest.TestCase):
    def test_the_models_of_notifications_results_and_classes_are_there(self) -> None:
        printed = models.models()
        self.assertEqual(printed["notifications"]["turn/started"], "TurnStartedNotification")
        self.assertEqual(printed["results"]["codex.thread_list"], "ThreadListResponse")
        self.assertEqual(printed["results"]["*.read"], "ThreadReadResponse")
        self.assertEqual(printed["results"]["codex.metadata"], "InitializeResponse")
        self.assertEqual(printed["objects"]["TurnResult"]["fields"]["items"], {"list": "ThreadItem"})
        self.assertEqual(printed["types"]["Turn"]["fields"]["items"], {"list": "ThreadItem"})

    def test_a_form_names_only_models_that_are_there(self) -> None:
        printed = models.models()

        def named(form: Any) -> list[str]:
            if isinstance(form, dict):
                return [name for value in form.values() for name in named(value)]
            return [name for one in form for name in named(one)] if isinstance(form, list) else [form] if isinstance(form, str) else []

        shapes = [*printed["types"].values(), *printed["objects"].values()]
        forms = [form for shape in shapes for form in (shape.get("root"), *shape.get("fields", {}).values())]
        self.assertEqual({name for form in forms for name in named(form)} - printed["types"].keys(), set())


if __name__ == "__main__":
    unittest.main()
