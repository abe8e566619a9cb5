"""What the SDK returns, as plain JSON in the protocol's wire names."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import AsyncIterator, Iterator, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel


def camel_case(name: str) -> str:
    """`thread_id` → `threadId`."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def type_name(value: object) -> str:
    """The class name without `Async`: both clients' threads are a `Thread`."""
    return type(value).__name__.removeprefix("Async")


def is_stream(value: object) -> bool:
    return isinstance(value, (Iterator, AsyncIterator))


def dump(value: Any) -> Any:
    """Plain JSON for `value`; SDK objects as `{"$type": …}` with the camelCase names of their public fields."""
    if value is None or isinstance(value, (bool, int)) and not isinstance(value, Enum):
        return value
    if isinstance(value, Enum):
        return dump(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        # JSON has no NaN and no infinities.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_unset=True, mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"$type": type_name(value), **_public_fields(value)}
    if isinstance(value, Mapping):
        return {str(key): dump(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [dump(entry) for entry in value]
    if is_stream(value):
        return {"$type": "Stream"}
    return {"$type": type_name(value)}


def _public_fields(value: Any) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(value) if not field.name.startswith("_")]
    return {camel_case(name): dump(getattr(value, name)) for name in names}
