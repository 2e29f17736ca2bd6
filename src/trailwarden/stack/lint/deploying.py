"""What CloudFormation takes otherwise than its author believes: loading a template remarks it."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.stack.findings import COMPOSITE_OF_STRANGERS, DUPLICATE_KEY
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack


def remarked(stack: Stack, code: str, cure: str) -> Iterator[Fault]:
    """The remarks that loading made under ``code``, as the faults of a rule."""
    for note in stack.notes:
        if note.code == code:
            yield Fault(note.message, cure, note.location)


@rule("TW021", "warning")
def key_given_twice(stack: Stack) -> Iterator[Fault]:
    """Of a key that stands twice in an object CloudFormation takes the last value, and says
    nothing: whoever changes the first one changes nothing.
    """
    return remarked(stack, DUPLICATE_KEY, "remove one of them")


@rule("TW022", "warning")
def composite_of_unknown_alarm(stack: Stack) -> Iterator[Fault]:
    """A composite alarm can only be made where all alarms of its rule exist. One that no template
    here defines must come from elsewhere, or its name is misspelt.
    """
    return remarked(stack, COMPOSITE_OF_STRANGERS, "correct the name, or define that alarm as well")
