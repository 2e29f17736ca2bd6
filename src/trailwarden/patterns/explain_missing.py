"""Why a selector finds nothing: where it leaves the event, and what stands there instead."""

from __future__ import annotations

from itertools import islice
from typing import Any

from trailwarden.patterns.explain_spelling import selector_text
from trailwarden.patterns.explain_values import a_type, shown
from trailwarden.patterns.model import Index, Key, Step

_MOST_KEYS = 10_000  # of one object that are compared
_WRAPPED = "detail"  # where EventBridge puts what it delivers


def why_missing(steps: tuple[Step, ...], fields: dict[str, Any]) -> str:
    """A sentence where nothing is found for a reason other than plain absence, else ``""``."""
    value: Any = fields
    for place, step in enumerate(steps):
        if isinstance(step, Key) and isinstance(value, dict):
            if step.name not in value:
                return _no_key(steps, place, value)
            value = value[step.name]
        elif isinstance(step, Index) and isinstance(value, list):
            if step.position >= len(value):
                return f"{selector_text(steps[:place])} has {len(value):,} elements, counted from 0"
            value = value[step.position]
        elif isinstance(step, Key | Index):
            return _wrong_type(steps, place, value)
        else:
            return "" if isinstance(value, dict | list) else _wrong_type(steps, place, value)
    return ""


def _wrong_type(steps: tuple[Step, ...], place: int, value: Any) -> str:
    found = f"{selector_text(steps[:place])} is {a_type(value)}"
    if isinstance(value, list):
        return f"{found}: name an element with [0], or any with [*]"
    return f"{found}, in which there is nothing to find"


def _no_key(steps: tuple[Step, ...], place: int, value: dict[str, Any]) -> str:
    """What the object has instead of the key that ``steps[place]`` names."""
    before = steps[:place]
    names = [step.name for step in steps[place:] if isinstance(step, Key)]
    wanted = names[0].casefold()
    for key in islice(value, _MOST_KEYS):
        if key.casefold() == wanted:
            return f"the event has {_spelled((*before, Key(key)))}, and case counts"
    for end in range(2, len(names) + 1):
        dotted = ".".join(names[:end])
        if dotted in value:
            return f"the event has a key with dots, written {_spelled((*before, Key(dotted)))}"
    parts = tuple(map(Key, names[0].split(".")))
    if len(parts) > 1 and _leads_somewhere(parts, value):
        return f"the event has no key with dots, but {_spelled((*before, *parts))}"
    wrapped = value.get(_WRAPPED)
    if not place and isinstance(wrapped, dict) and names[0] in wrapped:
        return f"the event has it below: {_spelled((Key(_WRAPPED), Key(names[0])))}"
    return ""


def _spelled(steps: tuple[Step, ...]) -> str:
    """A selector, shortened; a key with a quotation mark, which none can hold, as JSON."""
    last = steps[-1]
    if isinstance(last, Key) and "'" in last.name:
        return f"the key {shown(last.name)}"
    text = selector_text(steps)
    return text if len(text) <= 200 else text[:199] + "…"


def _leads_somewhere(parts: tuple[Key, ...], value: Any) -> bool:
    for part in parts:
        if not isinstance(value, dict) or part.name not in value:
            return False
        value = value[part.name]
    return True
