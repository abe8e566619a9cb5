"""`python surface.py`: the public surface of the official Python SDK as one JSON object on stdout.

The shape is `Surface` of harness/proofs/surface/types.ts. Names are Python's own; private ones (leading underscore) are left out.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import re
import sys
from types import ModuleType
from typing import Any, get_args

import openai_codex
import openai_codex.types
from pydantic import BaseModel, RootModel


def surface() -> dict[str, Any]:
    modules = {"root": openai_codex, "types": openai_codex.types}
    return {
        "version": openai_codex.__version__,
        "symbols": [symbol(label, name, module) for label, module in modules.items() for name in module.__all__],
    }


def symbol(label: str, name: str, module: ModuleType) -> dict[str, Any]:
    return {"module": label, "name": name, **describe(getattr(module, name))}


def describe(value: Any) -> dict[str, Any]:
    if not isinstance(value, type):
        if inspect.isfunction(value):
            return {"kind": "function", "parameters": parameters(value), **returned(value)}
        if isinstance(value, (str, int)):
            return {"kind": "value"}
        classes = [part for part in get_args(value) if isinstance(part, type) and part.__module__.startswith("openai_codex")]
        return {"kind": "alias", "variants": [{"tag": part.__name__, "fields": []} for part in classes]}
    if issubclass(value, enum.Enum):
        return {"kind": "enum", "members": {member.name: member.value for member in value}}
    if issubclass(value, RootModel):
        return describe_union(value.model_fields["root"].annotation)
    if issubclass(value, BaseModel):
        return {"kind": "record", "fields": model_fields(value)}
    if issubclass(value, BaseException):
        return describe_exception(value)
    return describe_class(value)


def describe_union(annotation: Any) -> dict[str, Any]:
    """A union of models that a literal `type` tells apart, of enums and of literals; what is none of these has no names."""
    variants, members = [], {}
    for part in get_args(annotation):
        if isinstance(part, type) and issubclass(part, enum.Enum):
            members |= {member.name: member.value for member in part}
        elif isinstance(part, type) and issubclass(part, BaseModel):
            tag = part.model_fields.get("type")
            text = get_args(tag.annotation)[0] if tag is not None and get_args(tag.annotation) else part.__name__
            variants.append({"tag": text, "fields": model_fields(part)})
        else:
            members |= {str(text): text for text in get_args(part) if isinstance(text, str)}
    return {"kind": "union", "variants": variants, "members": members}


def describe_exception(value: type[BaseException]) -> dict[str, Any]:
    own = "__init__" in vars(value)
    return {
        "kind": "exception",
        "base": value.__bases__[0].__name__,
        "construct": parameters(value.__init__)[1:] if own else None,
    }


def describe_class(value: type) -> dict[str, Any]:
    fields = dataclasses.fields(value) if dataclasses.is_dataclass(value) else ()
    # A class that is made from a private part is made by the SDK alone.
    made = not any(field.name.startswith("_") for field in fields)
    return {
        "kind": "class",
        "context": hasattr(value, "__exit__") or hasattr(value, "__aexit__"),
        "construct": parameters(value.__init__)[1:] if made and takes_parameters(value) else None,
        "fields": [dataclass_field(field) for field in fields if not field.name.startswith("_")]
        + [
            {"name": name, "required": True, **typed(inspect.signature(member.fget).return_annotation)}
            for name, member in vars(value).items()
            if isinstance(member, property) and not name.startswith("_")
        ],
        "methods": [
            {"name": name, "parameters": parameters(member)[1:], **returned(member)}
            for name, member in vars(value).items()
            if inspect.isfunction(member) and not name.startswith("_")
        ],
    }


def takes_parameters(value: type) -> bool:
    """Whether `__init__` is written for callers: the login handles take a client that nobody outside has."""
    names = [name for name in inspect.signature(value.__init__).parameters if name != "self"]
    return bool(names) and not any(name.startswith("_") or name == "client" for name in names)


def dataclass_field(field: dataclasses.Field) -> dict[str, Any]:
    missing = field.default is dataclasses.MISSING
    return {"name": field.name, "required": missing, **typed(field.type), **({} if missing else {"default": plain(field.default)})}


def model_fields(model: type[BaseModel]) -> list[dict[str, Any]]:
    """By their names on the wire, which are also ours."""
    return [
        {"name": info.alias or name, "required": info.is_required(), **typed(info.annotation)} for name, info in model.model_fields.items()
    ]


def parameters(function: Any) -> list[dict[str, Any]]:
    return [parameter(given) for given in inspect.signature(function).parameters.values()]


def parameter(given: inspect.Parameter) -> dict[str, Any]:
    required = given.default is inspect.Parameter.empty
    return {
        "name": given.name,
        "kind": "option" if given.kind is inspect.Parameter.KEYWORD_ONLY else "positional",
        "required": required,
        **typed(given.annotation),
        **({} if required else {"default": plain(given.default)}),
    }


def returned(function: Any) -> dict[str, str]:
    found = typed(inspect.signature(function).return_annotation)
    return {"returns": found["type"]} if found else {}


def typed(annotation: Any) -> dict[str, str]:
    """As the SDK writes it, without the modules that it comes from; nothing where it writes none."""
    if annotation is inspect.Signature.empty:
        return {}
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return {"type": re.sub(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])", "", text)}


def plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


if __name__ == "__main__":
    json.dump(surface(), sys.stdout)
