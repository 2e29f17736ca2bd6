"""Rules that look at one thing of a stack after the other, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from trailwarden.stack.lint.finding import Severity
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack

_Thing = TypeVar("_Thing")
Said = tuple[str, str]  # what is wrong with a thing, to go on after its name; and the cure
Say = Callable[[_Thing], Iterator[Said]]


def rule_of_each(
    code: str,
    severity: Severity,
    things: Callable[[Stack], Iterable[_Thing]],
    fault: Callable[[Stack, _Thing, str, str], Fault],
) -> Callable[[Say[_Thing]], Say[_Thing]]:
    """Make a rule of the function that follows, which says what is wrong with one of ``things``.

    ``fault`` puts the thing's name before what is said (what, cure), and the place beside it.
    """

    def register(say: Say[_Thing]) -> Say[_Thing]:
        def check(stack: Stack) -> Iterator[Fault]:
            for thing in things(stack):
                for what, cure in say(thing):
                    yield fault(stack, thing, what, cure)

        # The rule's title and its reasons.
        check.__name__, check.__doc__ = say.__name__, say.__doc__
        rule(code, severity)(check)
        return say

    return register
