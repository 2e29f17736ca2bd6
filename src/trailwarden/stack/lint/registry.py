"""The rules there are, and the decorator by which a function becomes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from trailwarden.errors import Location
from trailwarden.stack.lint.finding import Finding, Severity
from trailwarden.stack.model import Stack
from trailwarden.text import visible

_MAX_TEXT = 600  # characters; names and patterns come from strangers


class Fault(NamedTuple):
    """What a rule yields: a finding without what is the same for all of the rule's findings."""

    message: str
    cure: str
    location: Location | None
    severity: Severity | None = None  # where it is another than the rule's


Check = Callable[[Stack], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. ``why`` is its docstring: what goes wrong, and by which rule of AWS."""

    code: str
    severity: Severity
    why: str
    check: Check

    def findings(self, stack: Stack) -> Iterator[Finding]:
        for fault in self.check(stack):
            place = fault.location or Location(stack.source)
            yield found_by(self, fault._replace(location=place))


def found_by(rule: Rule, fault: Fault) -> Finding:
    """The finding that ``fault``, which has a location, makes; its texts are harmless."""
    return found_as(rule.code, fault.severity or rule.severity, fault)


def found_as(code: str, severity: Severity, fault: Fault) -> Finding:
    """As found_by, for what no rule finds."""
    if fault.location is None:
        raise ValueError(f"a fault of {code} has no location")
    return Finding(
        code,
        visible(fault.message, _MAX_TEXT),
        visible(fault.cure, _MAX_TEXT),
        fault.location,
        severity,
    )


RULES: dict[str, Rule] = {}
"""All rules by code; filled when the modules that hold them are imported."""


def rule(code: str, severity: Severity) -> Callable[[Check], Check]:
    """Make a rule of the function that follows. Raises ValueError for a code used twice."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"two rules have the code {code}")
        RULES[code] = Rule(code, severity, (check.__doc__ or "").strip(), check)
        return check

    return register
