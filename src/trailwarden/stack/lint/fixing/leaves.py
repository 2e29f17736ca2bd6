"""Where the conditions of a JSON pattern stand in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trailwarden.errors import PatternError
from trailwarden.patterns import parse
from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import JsonSyntax, Leaf

_LEAF = re.compile(
    r"""
    (?P<selector> \$ (?: \.\['[^']*'\] | \.[A-Za-z0-9_-]+ | \.\* | \[(?:\d+|\*)\] )+ ) \s*
    (?: (?P<operator> !=|<=|>=|=|<|> ) \s*
        (?P<value> "(?:[^"\\]|\\.)*" | %[^%]*% | [A-Za-z0-9_.+*-]+ )
      | NOT\s+EXISTS | IS\s+(?:NULL|TRUE|FALSE) )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as it is written. Offsets are those in the pattern; ``in_parentheses`` is True
    for a condition alone between two of them.
    """

    leaf: Leaf
    text: str
    begin: int
    selector_end: int
    value_begin: int
    end: int
    in_parentheses: bool


def written_leaves(pattern: str) -> list[Written]:
    """The conditions in the order of the text; none where that cannot be told for sure."""
    try:
        syntax = parse(pattern).syntax
    except PatternError:
        return []
    if not isinstance(syntax, JsonSyntax):
        return []
    expected = list(leaves(syntax.root))
    found = list(_LEAF.finditer(pattern))
    if len(found) != len(expected):
        return []
    made = [_written(pattern, one, leaf) for one, leaf in zip(found, expected, strict=True)]
    return made if all(_is(one) for one in made) else []


def _written(pattern: str, found: re.Match[str], leaf: Leaf) -> Written:
    value = found.start("value") if found["value"] is not None else found.end()
    before, after = pattern[: found.start()].rstrip(), pattern[found.end() :].lstrip()
    return Written(
        leaf,
        found[0],
        found.start(),
        found.end("selector"),
        value,
        found.end(),
        before.endswith("(") and after.startswith(")"),
    )


def _is(one: Written) -> bool:
    try:
        syntax = parse("{ " + one.text + " }").syntax
    except PatternError:
        return False
    return isinstance(syntax, JsonSyntax) and syntax.root == one.leaf


def is_pattern(text: str) -> bool:
    """True where ``text`` can be read as a pattern."""
    try:
        parse(text)
    except PatternError:
        return False
    return True
