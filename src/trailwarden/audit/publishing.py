"""Whether CloudWatch may publish to a topic, by the topic's policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trailwarden.stack.policies import covers, listed

_SERVICE = "cloudwatch.amazonaws.com"
_ACTION = "sns:publish"


def may_publish(documents: Iterable[Mapping[str, Any]]) -> bool | None:
    """None where the policies cannot tell. Without any policy SNS has one that does allow it."""
    statements = [
        one
        for document in documents
        for one in listed(document.get("Statement"))
        if isinstance(one, dict)
    ]
    if not statements:
        return True
    about = [one for one in statements if _is_about_publishing(one)]
    if any(
        one.get("Effect") == "Deny" and _is_cloudwatch(one) and not one.get("Condition")
        for one in about
    ):
        return False
    answers = [_allows(one) for one in about if one.get("Effect") == "Allow"]
    if any(answers):
        return True
    return None if None in answers else False


def _allows(statement: Mapping[str, Any]) -> bool | None:
    if _asks_for_organization(statement.get("Condition")):
        return False  # alarms are published by a principal of AWS, which is in no organization
    if _is_cloudwatch(statement):
        return True
    principal = statement.get("Principal")
    if "NotPrincipal" in statement or not isinstance(principal, dict):
        return None
    # An account as principal does not speak of services, and none of them is sure to be let in.
    return None if "AWS" in principal else False


def _is_cloudwatch(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return principal == "*"
    return "*" in listed(principal.get("AWS")) or any(
        who in (_SERVICE, "*") for who in listed(principal.get("Service"))
    )


def _is_about_publishing(statement: Mapping[str, Any]) -> bool:
    if "NotAction" in statement:
        return not any(map(_is_publish, listed(statement["NotAction"])))
    return any(map(_is_publish, listed(statement.get("Action"))))


def _is_publish(action: object) -> bool:
    return covers(str(action).lower(), _ACTION)


def _asks_for_organization(condition: object) -> bool:
    return isinstance(condition, dict) and any(
        str(key).lower() == "aws:principalorgid" and "not" not in str(operator).lower()
        for operator, keys in condition.items()
        if isinstance(keys, dict)
        for key in keys
    )
