"""Who may publish to a topic, by its policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailwarden.stack.policies import is_lenient, listed

# Condition keys that bind a publisher to an account, an organisation, a network or a resource.
_BINDING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
    }
)
_PUBLISHES = frozenset({"*", "sns:*", "sns:p*", "sns:pub*", "sns:publish", "sns:publish*"})


def lets_everyone_publish(document: Mapping[str, Any]) -> bool:
    """True where a statement allows everyone to publish, bound by no condition.

    The document is whatever the template holds; what is no statement allows nothing.
    """
    return any(
        _is_open(statement)
        for statement in listed(document.get("Statement"))
        if isinstance(statement, dict)
    )


def _is_open(statement: Mapping[str, Any]) -> bool:
    return (
        statement.get("Effect") == "Allow"
        and _is_anyone(statement)
        and _may_publish(statement)
        and not _is_bound(statement.get("Condition"))
    )


def _is_anyone(statement: Mapping[str, Any]) -> bool:
    if "NotPrincipal" in statement:
        return True  # everyone but these
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        return any("*" in listed(who) for who in principal.values())
    return principal == "*"


def _may_publish(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        refused = listed(statement["NotAction"])
        return not any(str(action).lower() in _PUBLISHES for action in refused)
    return any(str(action).lower() in _PUBLISHES for action in listed(statement.get("Action")))


def _is_bound(condition: object) -> bool:
    if not isinstance(condition, dict):
        return False
    return any(
        str(key).lower() in _BINDING and not any(map(_is_any, listed(value)))
        for operator, keys in condition.items()
        if isinstance(keys, dict) and not is_lenient(str(operator).lower())
        for key, value in keys.items()
    )


def _is_any(value: object) -> bool:
    """True for a star, and for an ARN of any account."""
    parts = str(value).split(":")
    return value == "*" or (len(parts) > 4 and parts[0] == "arn" and parts[4] == "*")
