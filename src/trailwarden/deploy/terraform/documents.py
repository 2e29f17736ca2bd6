"""Policies as ``aws_iam_policy_document``."""

from __future__ import annotations

from typing import Any, cast

from trailwarden.deploy.terraform.expressions import Expressions
from trailwarden.deploy.values import Value
from trailwarden.stack.policies import listed

KIND = "aws_iam_policy_document"


def document(policy: Value, to: Expressions) -> dict[str, Any]:
    """The policy as the arguments of the data source."""
    statements = cast("list[dict[str, Any]]", cast("dict[str, Value]", policy)["Statement"])
    return {"statement": [_statement(one, to) for one in statements]}


def _statement(statement: dict[str, Any], to: Expressions) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sid": statement["Sid"],
        "effect": statement["Effect"],
        "actions": to.value(statement["Action"]),
    }
    if "Resource" in statement:
        written["resources"] = to.value(statement["Resource"])
    if "Principal" in statement:
        written["principals"] = _principals(statement["Principal"], to)
    conditions = [
        {"test": test, "variable": variable, "values": to.value(listed(values))}
        for test, variables in statement.get("Condition", {}).items()
        for variable, values in variables.items()
    ]
    return {**written, "condition": conditions} if conditions else written


def _principals(principal: Any, to: Expressions) -> list[dict[str, Any]]:
    if principal == "*":
        return [{"type": "*", "identifiers": ["*"]}]
    return [{"type": kind, "identifiers": to.value(listed(who))} for kind, who in principal.items()]
