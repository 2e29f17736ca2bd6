"""Policy documents as statements that rules can ask. A document is whatever a template holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from trailwarden.stack.policies import covers, is_lenient, listed

# Keys that bind a service to those who make it act: the answer to the confused deputy.
SOURCE_KEYS = frozenset(
    {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}
)


class Test(NamedTuple):
    """One key of a condition; ``operator`` and ``key`` are in lower case."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """``services`` are the service principals; ``actions`` are in lower case.

    ``for_all`` is True where the principal is a star, and ``but_actions`` where the actions are
    those that are left out.
    """

    effect: str
    services: tuple[str, ...]
    for_all: bool
    actions: tuple[str, ...]
    but_actions: bool
    resources: tuple[str, ...]
    tests: tuple[Test, ...]

    def names(self, service: str) -> bool:
        """Whether the statement is for this service (``cloudtrail.amazonaws.com``)."""
        return service in self.services

    def does(self, action: str) -> bool:
        """Whether the statement is about this action (``kms:Decrypt``)."""
        found = any(covers(pattern, action.lower()) for pattern in self.actions)
        return found is not self.but_actions

    def is_bound(self) -> bool:
        """True with a condition on whom the service acts for."""
        return any(
            test.key in SOURCE_KEYS and not is_lenient(test.operator) and "*" not in test.values
            for test in self.tests
        )

    def has(self, operator: str, key: str, value: str) -> bool:
        """Whether this condition is there; all three in lower case."""
        return any(
            (test.operator, test.key) == (operator, key)
            and value in {one.lower() for one in test.values}
            for test in self.tests
        )


def statements_of(document: object) -> tuple[Statement, ...] | None:
    """The statements; None for a document that only the deployment knows."""
    if not isinstance(document, Mapping):
        return None
    found = listed(document.get("Statement"))
    if any(isinstance(one, str) for one in found):
        return None
    return tuple(_statement(one) for one in found if isinstance(one, Mapping))


def _statement(found: Mapping[str, Any]) -> Statement:
    principal = found.get("Principal")
    by_kind = principal if isinstance(principal, Mapping) else {}
    but_actions = "NotAction" in found
    return Statement(
        effect=str(found.get("Effect")),
        services=_texts(by_kind.get("Service")),
        for_all=principal == "*"
        or "NotPrincipal" in found
        or any("*" in _texts(who) for who in by_kind.values()),
        actions=tuple(
            one.lower() for one in _texts(found.get("NotAction" if but_actions else "Action"))
        ),
        but_actions=but_actions,
        resources=_texts(found.get("Resource")),
        tests=tuple(_tests(found.get("Condition"))),
    )


def _tests(condition: object) -> Iterator[Test]:
    if isinstance(condition, Mapping):
        for operator, keys in condition.items():
            if isinstance(keys, Mapping):
                for key, value in keys.items():
                    yield Test(str(operator).lower(), str(key).lower(), _texts(value))


def _texts(value: object) -> tuple[str, ...]:
    return tuple("true" if v is True else "false" if v is False else str(v) for v in listed(value))
