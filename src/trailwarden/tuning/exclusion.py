"""A filter pattern without somebody's records: ``{ what it was && (not this caller) }``."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.errors import PatternError
from trailwarden.patterns import FilterPattern, parse
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    JsonSyntax,
    Key,
    NotExists,
    Operator,
    Or,
    Selector,
    Text,
)
from trailwarden.patterns.parser import MAX_LENGTH
from trailwarden.patterns.printer import print_syntax
from trailwarden.tuning.target import Target

_EVENT = "$.eventName"
_NOT_JSON = "the filter is no JSON pattern: it cannot name a caller"
_TOO_LONG = f"its pattern has no room: {MAX_LENGTH:,} characters are the most; split the filter"


class NoRoomError(ValueError):
    """There is no such pattern; the message says why."""


def excluding(pattern: FilterPattern, target: Target, events: Sequence[str] = ()) -> FilterPattern:
    """``pattern``, less the records of ``target``, or only those of ``events`` of it.

    An absent field fails ``!=`` (rule 5.3), so each test is denied in two ways. The text of
    ``pattern`` is kept as it is where there is room for it: scanners look at its spelling.
    Raises NoRoomError.
    """
    if not isinstance(pattern.syntax, JsonSyntax):
        raise NoRoomError(_NOT_JSON)
    root = pattern.syntax.root
    tests = [(selector, [value]) for selector, value in target.tests]
    tests += [(_EVENT, list(events))] if events else []
    denial = _denial(tests)
    wanted = JsonSyntax(And((*(root.children if isinstance(root, And) else (root,)), denial)))
    kept = pattern.text.strip()[1:-1].strip()
    kept = f"({kept})" if isinstance(root, Or) else kept
    for text in (f"{{ {kept} && {_spelled(tests)} }}", print_syntax(wanted)):
        if len(text) <= MAX_LENGTH:
            return _checked(text, wanted)
    raise NoRoomError(_TOO_LONG)


def _checked(text: str, wanted: JsonSyntax) -> FilterPattern:
    """The pattern of ``text``, if that means what was wanted, to the letter."""
    try:
        made = parse(text)
    except PatternError as error:
        raise NoRoomError(f"its name cannot stand in a pattern: {error.message}") from None
    if made.syntax != wanted:
        raise NoRoomError("its name cannot stand in a pattern")
    return made


_Tests = Sequence[tuple[str, Sequence[str]]]  # selectors, and the texts that each may have


def _denial(tests: _Tests) -> Condition:
    parts: list[Condition] = []
    for selector, values in tests:
        steps = Selector(tuple(Key(name) for name in selector.split(".")[1:]))
        others = tuple(Comparison(steps, Operator.NOT_EQUAL, Text(value)) for value in values)
        parts.append(NotExists(steps))
        parts.append(And(others) if len(others) > 1 else others[0])
    return Or(tuple(parts))


def _spelled(tests: _Tests) -> str:
    parts = []
    for selector, values in tests:
        others = " && ".join(f"{selector} != {_quoted(value)}" for value in values)
        parts.append(f"({selector} NOT EXISTS) || ({others})")
    return f"({' || '.join(parts)})"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
