"""Values of an event as short JSON, whatever their size and depth."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from trailwarden.patterns.explain_model import Found
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.values import MISSING, spelling_of

LONGEST = 200  # characters
MOST_ITEMS, MOST_LEVELS = 6, 3  # of an array or an object that are shown


def described(value: Any, *, holds: bool) -> Found:
    """``value`` (MISSING for nothing) for people."""
    return Found(type_of(value), shown(value), holds)


def type_of(value: Any) -> str:
    """The JSON type of a decoded value, or ``absent``."""
    if value is MISSING:
        return "absent"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, NumberText | int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def a_type(value: Any) -> str:
    """The type in a sentence: ``an array``, ``null``."""
    name = type_of(value)
    if name in ("absent", "null"):
        return name
    return f"{'an' if name[0] in 'ao' else 'a'} {name}"


def shown(value: Any) -> str:
    """At most ``LONGEST`` characters of ``value``'s JSON, with an ellipsis for what is left out."""
    text = _json(value, MOST_LEVELS)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _json(value: Any, levels: int) -> str:
    if value is MISSING:
        return "absent"
    if isinstance(value, dict | list):
        return _container(value, levels)
    if isinstance(value, str) and not isinstance(value, NumberText):
        cut = "…" if len(value) > LONGEST else ""
        return json.dumps(value[:LONGEST], ensure_ascii=False) + cut
    spelling = spelling_of(value)  # a number's, which JSON's own encoder would not keep
    return json.dumps(value) if spelling is None else spelling[: LONGEST + 1]


def _container(value: dict[str, Any] | list[Any], levels: int) -> str:
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if not levels:
        return f"{opening}…{closing}" if value else opening + closing
    if isinstance(value, dict):
        items = [
            f"{_json(key, 0)}:{_json(item, levels - 1)}"
            for key, item in islice(value.items(), MOST_ITEMS)
        ]
    else:
        items = [_json(item, levels - 1) for item in value[:MOST_ITEMS]]
    if len(value) > MOST_ITEMS:
        items.append("…")
    return opening + ",".join(items) + closing
