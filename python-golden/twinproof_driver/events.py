"""Notifications as events, and the test of an event against the `match` of an `await` step."""

from __future__ import annotations

from typing import Any

from openai_codex.models import Notification, UnknownNotification

from .dump import dump


def event_of(notification: Notification) -> dict[str, Any]:
    """`{method, payload, known}`; the payload in wire names, the raw params where the SDK could not type them."""
    payload = notification.payload
    if isinstance(payload, UnknownNotification):
        return {"method": notification.method, "payload": payload.params, "known": False}
    return {"method": notification.method, "payload": dump(payload), "known": True}


def matches(event: dict[str, Any], match: dict[str, Any]) -> bool:
    """True when every key of `match` equals that key of the event (`method`) or of its payload; dotted keys descend."""
    return all(_same(_at(event, key), expected) for key, expected in match.items())


_MISSING = object()


def _at(event: dict[str, Any], key: str) -> Any:
    if key == "method":
        return event["method"]
    value: Any = event["payload"]
    for part in key.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _same(seen: Any, expected: Any) -> bool:
    # JSON equality: in Python True == 1, and so [True] == [1].
    if isinstance(seen, bool) or isinstance(expected, bool):
        return seen is expected
    if isinstance(seen, dict) and isinstance(expected, dict):
        return seen.keys() == expected.keys() and all(_same(seen[key], expected[key]) for key in seen)
    if isinstance(seen, list) and isinstance(expected, list):
        return len(seen) == len(expected) and all(map(_same, seen, expected))
    return seen == expected
