"""Scenario values as Python objects: `$enum`, `$new`, `$ref`, `$path`, `$repeat`, and plain JSON as it is.

Plain strings need no help where the SDK wants one of its generated enums (effort, personality, sort_direction …): the
parameters are pydantic models, which take the wire value of a member. Its own `Sandbox` and `ApprovalMode` are
checked by `isinstance`, so that a scenario writes `$enum` there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import openai_codex
import openai_codex.types

from .failure import DriverFailure, expected_got
from .names import attribute, split_name

FACTORIES: dict[str, Callable[..., Any]] = {}
"""What `$new` makes beside the public classes of openai_codex: those of another client."""


def build(value: Any, names: Mapping[str, Any], workspace: str) -> Any:
    """The Python object that a scenario value means. Raises DriverFailure for a class or member that does not exist."""
    if isinstance(value, list):
        return [build(entry, names, workspace) for entry in value]
    if not isinstance(value, dict):
        return value
    if "$enum" in value:
        return _enum_member(str(value["$enum"]))
    if "$new" in value:
        fields = {key: build(entry, names, workspace) for key, entry in value.items() if key != "$new"}
        name = str(value["$new"])
        return FACTORIES[name](**fields) if name in FACTORIES else _public(name)(**fields)
    if "$ref" in value:
        name, path = split_name(str(value["$ref"]))
        return attribute(names[name], path)
    if "$repeat" in value:
        return str(value["$repeat"]) * int(value["times"])
    if "$path" in value:
        return str(Path(workspace) / str(value["$path"]))
    return {key: build(entry, names, workspace) for key, entry in value.items()}


def _enum_member(text: str) -> Enum:
    class_name, _, member = text.partition(".")
    enum = _public(class_name)
    if not issubclass(enum, Enum) or member not in enum.__members__:
        raise DriverFailure(expected_got("reading $enum", "a member of an enum of openai_codex", text))
    return enum.__members__[member]


def _public(name: str) -> Any:
    for module in (openai_codex, openai_codex.types):
        if name in module.__all__ and isinstance(getattr(module, name), type):
            return getattr(module, name)
    raise DriverFailure(expected_got("reading $new", "a public class of openai_codex", name))
