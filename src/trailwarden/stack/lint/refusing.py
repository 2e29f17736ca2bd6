"""Templates that do not load, as findings of their files: lint goes on with the others."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.errors import DefinitionError, DefinitionErrors, Location
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.registry import RULES, Fault, found_by, rule
from trailwarden.stack.model import Stack

CODE = "TW000"


@rule(CODE, "error")
def template_that_does_not_load(_: Stack) -> Iterator[Fault]:
    """AWS would refuse the template, or what an alarm depends on is not known before deployment:
    nothing of the file can be judged. All that is wrong with it is told at once. (No stack comes of
    such a file: refusals makes these findings.)
    """
    return iter(())


def refusals(error: DefinitionError, source: str) -> list[Finding]:
    """What keeps the template ``source`` from loading, each mistake as a finding."""
    errors = error.errors if isinstance(error, DefinitionErrors) else (error,)
    return [
        found_by(RULES[CODE], Fault(one.message, one.cure, one.location or Location(source)))
        for one in errors
    ]
