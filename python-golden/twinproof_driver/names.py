"""The names that a run has bound, and the attribute paths that scenarios write (`t.id`, `list.data.0.id`)."""

from __future__ import annotations

from typing import Any

from pydantic import RootModel


def attribute(value: Any, path: list[str]) -> Any:
    """Follow `path` by attributes; digits index a list, a key opens a dict, a root model is looked through.

    Raises AttributeError (or what a property of the client raises) where a part is missing.
    """
    for part in path:
        if isinstance(value, RootModel) and not hasattr(type(value), part):
            value = value.root
        if isinstance(value, list) and part.isdigit():
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value[part]
        else:
            value = getattr(value, part)
    return value


def split_name(dotted: str) -> tuple[str, list[str]]:
    """`h.stream` → (`h`, [`stream`])."""
    name, *path = dotted.split(".")
    return name, path


def referenced_names(value: Any) -> set[str]:
    """The bound names that `{$ref}` forms in a `with` speak of, at any depth."""
    if isinstance(value, dict):
        if "$ref" in value:
            return {split_name(str(value["$ref"]))[0]}
        return set().union(*(referenced_names(entry) for entry in value.values()))
    if isinstance(value, list):
        return set().union(*(referenced_names(entry) for entry in value))
    return set()
