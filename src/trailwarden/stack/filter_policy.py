"""Filter policies of subscriptions: which messages they let through (rules S-20 to S-26)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn

from trailwarden.stack.filter_conditions import refusal
from trailwarden.stack.filter_tree import tree_of

_SCOPES = ("MessageAttributes", "MessageBody")
_MOST_KEYS, _LARGEST = 5, 256 * 1024


class FilterPolicy:
    """A filter policy, as decoded JSON. Raises :class:`~trailwarden.errors.RequestError`."""

    def __init__(self, policy: Mapping[str, object], scope: str = "MessageAttributes") -> None:
        if scope not in _SCOPES:
            raise refusal(f"the scope must be one of {', '.join(_SCOPES)}", "choose one of them")
        if len(policy) > _MOST_KEYS:
            raise refusal(
                f"the policy has {len(policy)} keys, at most {_MOST_KEYS} are allowed",
                "remove keys, or nest them",
                "Filter policy can not have more than 5 keys",
            )
        self._is_of_body = scope == "MessageBody"
        self._tree = tree_of(policy)
        if self._tree.is_nested and not self._is_of_body:
            raise refusal(
                "a key is nested, and attributes never are",
                "set FilterPolicyScope to MessageBody",
                "Filter policy scope MessageAttributes does not support nested filter policy",
            )
        if len(json.dumps(policy)) > _LARGEST:
            raise refusal(f"the policy is larger than {_LARGEST:,} bytes", "name fewer values")

    def matches(self, body: str, attributes: Mapping[str, object] | None = None) -> bool:
        """True where a message with this body and these attributes is delivered.

        An attribute is an object with Type and Value, or the bare value. An alarm's notification
        has none, so that only its body can be asked about (rule S-21).
        """
        if self._is_of_body:
            fields = _fields(body)
            return fields is not None and self._tree.accepts(fields)
        values = {name: _attribute(value) for name, value in (attributes or {}).items()}
        return self._tree.accepts(values)


def _fields(body: str) -> Mapping[str, object] | None:
    """The body's fields, None where it is no JSON object."""
    try:
        decoded = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _attribute(attribute: object) -> object:
    """An attribute's value; an empty list for one that policies cannot see."""
    if not isinstance(attribute, Mapping):
        return attribute
    kind, _, custom = str(attribute.get("Type", attribute.get("DataType", ""))).partition(".")
    value = attribute.get("Value", attribute.get("StringValue"))
    try:
        if (kind, custom) == ("String", "Array"):
            return json.loads(str(value))
        if kind == "Number":
            return float(str(value))
    except (ValueError, RecursionError):
        return []
    return value if kind == "String" else []
