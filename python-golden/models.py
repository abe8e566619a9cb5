"""`python models.py`: the shape of every model that the official Python SDK makes of what the engine sends, as one JSON object on stdout.

The shape is `PrintedModels` of harness/normalise/rules/dropped-fields.ts. A model drops what it has no field for, so the shape says what of the wire a user of
Python cannot see. Names are those of the wire.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import openai_codex
from openai_codex.generated.notification_registry import NOTIFICATION_MODELS
from pydantic import BaseModel, RootModel

from twinproof_driver.dump import camel_case

Form = Any
"""A model by its name, `{"list": form}`, `{"map": form}`, `{"union": [form, …]}`, or None: a value that is shown as it is."""


class Models:
    """Collects the models that forms name."""

    def __init__(self) -> None:
        self.types: dict[str, Any] = {}
        self._known: dict[str, type] = {}

    def form(self, annotation: Any) -> Form:
        origin, parts = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self.form(parts[0])
        if origin in (Union, types.UnionType):
            forms = [form for form in map(self.form, parts) if form is not None]
            return None if not forms else forms[0] if len(forms) == 1 else {"union": forms}
        if origin is list:
            return self._inside("list", parts[0])
        if origin is dict:
            return self._inside("map", parts[1])
        return self._model(annotation) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None

    def _inside(self, kind: str, annotation: Any) -> Form:
        form = self.form(annotation)
        return None if form is None else {kind: form}

    def _model(self, model: type[BaseModel]) -> Form:
        name = model.__name__
        if self._known.setdefault(name, model) is not model:
            raise ValueError(f"two models are called {name}")
        if name not in self.types:
            self.types[name] = {}  # Known before its fields are read: a model may contain itself.
            self.types[name] = self._described(model)
        return name

    def _described(self, model: type[BaseModel]) -> dict[str, Any]:
        if issubclass(model, RootModel):
            return {"root": self.form(model.model_fields["root"].annotation)}
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        tags = {name: list(get_args(info.annotation)) for name, info in fields.items() if get_origin(info.annotation) is Literal}
        return {
            "fields": {name: self.form(info.annotation) for name, info in fields.items()},
            "required": [name for name, info in fields.items() if info.is_required()],
            **({"tags": tags} if tags else {}),
            **({"open": True} if model.model_config.get("extra") == "allow" else {}),
        }


def models() -> dict[str, Any]:
    found = Models()
    notifications = {method: found.form(model) for method, model in sorted(NOTIFICATION_MODELS.items())}
    results: dict[str, Form] = {}
    objects: dict[str, Any] = {}
    for name, annotation in sorted(returned(), key=lambda entry: entry[0]):
        if dataclasses.is_dataclass(annotation):
            objects[type_name_of(annotation)] = {"fields": shown(found, annotation)}
            continue
        form = found.form(annotation)
        if results.setdefault(name, form) != form:
            raise ValueError(f"two operations {name} give different models")
    return {
        "version": openai_codex.__version__,
        "notifications": notifications,
        "results": {name: form for name, form in results.items() if form is not None},
        "objects": {name: value for name, value in sorted(objects.items()) if any(value["fields"].values())},
        "types": dict(sorted(found.types.items())),
    }


def returned() -> Iterator[tuple[str, Any]]:
    """What the public operations give: those of a client as `codex.NAME`, those of what it gives as `*.NAME`."""
    for name in openai_codex.__all__:
        owner = getattr(openai_codex, name)
        if not inspect.isclass(owner) or not owner.__module__.startswith("openai_codex") or issubclass(owner, BaseException):
            continue
        prefix = "codex" if name in ("Codex", "AsyncCodex") else "*"
        for member, value in vars(owner).items():
            function = value.fget if isinstance(value, property) else value
            if not member.startswith("_") and inspect.isfunction(function):
                yield f"{prefix}.{member}", given_by(function)


def given_by(function: Any) -> Any:
    """The return annotation alone: those of parameters name JSON that contains itself, which has no end."""
    annotation = inspect.signature(function).return_annotation
    return eval(annotation, function.__globals__) if isinstance(annotation, str) else annotation  # noqa: S307


def shown(found: Models, owner: type) -> dict[str, Form]:
    hints = get_type_hints(owner)
    return {camel_case(field.name): found.form(hints[field.name]) for field in dataclasses.fields(owner) if not field.name.startswith("_")}


def type_name_of(owner: type) -> str:
    return owner.__name__.removeprefix("Async")


if __name__ == "__main__":
    json.dump(models(), sys.stdout)
