"""Whether a trail's event selectors let a management event through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trailwarden.stack.model import Trail

_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def records(trail: Trail, record: Mapping[str, Any]) -> bool:
    """True if ``trail`` records it. Without selectors it records every management event.

    Events of other kinds than management events are taken to be recorded: a control does not ask
    for them, and who wants them pays for them.
    """
    if record.get("eventCategory", "Management") != "Management":
        return True
    if trail.advanced_event_selectors:
        return any(_advanced(selector, record) for selector in trail.advanced_event_selectors)
    if trail.event_selectors:
        return any(_basic(selector, record) for selector in trail.event_selectors)
    return True


def _basic(selector: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    if str(selector.get("IncludeManagementEvents", True)).lower() == "false":
        return False
    if record.get("eventSource") in _listed(selector.get("ExcludeManagementEventSources")):
        return False
    kind = selector.get("ReadWriteType", "All")
    return bool(kind == "All" or kind == ("ReadOnly" if record.get("readOnly") else "WriteOnly"))


def _advanced(selector: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """All field selectors must hold, each for one of its values."""
    fields = [one for one in _listed(selector.get("FieldSelectors")) if isinstance(one, dict)]
    names = {one.get("Field") for one in fields}
    return "eventCategory" in names and all(_holds(one, record) for one in fields)


def _holds(field: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    value = _value(record, str(field.get("Field")))
    for operator, holds in _OPERATORS.items():
        wanted = [one for one in _listed(field.get(operator)) if isinstance(one, str)]
        if wanted and not any(holds(value, one) for one in wanted):
            return False
        unwanted = [one for one in _listed(field.get(f"Not{operator}")) if isinstance(one, str)]
        if any(holds(value, one) for one in unwanted):
            return False
    return True


def _value(record: Mapping[str, Any], field: str) -> str:
    if field == "userIdentity.arn":
        return str(record.get("userIdentity", {}).get("arn", ""))
    value = record.get(field, "Management" if field == "eventCategory" else "")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
