"""Patterns that are refused because they are written as in other languages: ``==``, ``AND``.

AWS takes no template with one of them, so that nothing is lost by mending them.
"""

from __future__ import annotations

import re

from trailwarden.errors import DefinitionError, DefinitionErrors, PatternError
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.fixing.changes import Piece, Respell
from trailwarden.stack.lint.fixing.leaves import is_pattern
from trailwarden.stack.lint.refusing import CODE
from trailwarden.stack.lint.registry import Fault, found_as

_TOKEN = re.compile(
    r"""
      (?P<kept> "(?:[^"\\]|\\.)*" | %[^%]*% | \.\['[^']*'\] )
    | (?P<wrong> !== | == | => | =< | =! | <> | &+ | \|+
      | \b(?:and|or|not[ ]exists|is[ ](?:null|true|false))\b(?![-.*+])
      | '[^'"]*' | [\u201c\u201d\u201e\u201f\u00ab\u00bb] | \u00a0 )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_RIGHT = {
    "!==": "!=",
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "=!": "!=",
    "<>": "!=",
    "AND": "&&",
    "OR": "||",
    "\u00a0": " ",
}


def respelled(pattern: str) -> tuple[Piece, ...]:
    """What to change in a pattern so that it can be read; nothing where that is not known."""
    pieces = []
    for token in _TOKEN.finditer(pattern):
        wrong = token["wrong"]
        if wrong is not None and (right := _right(wrong)) != wrong:
            pieces.append(Piece(token.start(), token.end(), right))
    change = Respell((), pattern, tuple(pieces))
    return change.pieces if pieces and is_pattern(change.text) else ()


def _right(wrong: str) -> str:
    if wrong[0] in "&|":
        return wrong[0] * 2
    if wrong[0] == "'":
        return f'"{wrong[1:-1]}"'
    if wrong in "\u201c\u201d\u201e\u201f\u00ab\u00bb":
        return '"'
    return _RIGHT.get(wrong.upper(), wrong.upper())


def refused_patterns(error: DefinitionError) -> list[tuple[Finding, Respell]]:
    """The patterns among the errors of a template that can be mended, and how."""
    errors = error.errors if isinstance(error, DefinitionErrors) else (error,)
    found = []
    for one in errors:
        if isinstance(one, PatternError) and one.location and one.location.key:
            pieces = respelled(one.pattern)
            if pieces:
                path = tuple(one.location.key.split("."))
                fault = Fault(f"the pattern cannot be read: {one.message}", one.cure, one.location)
                found.append((found_as(CODE, "error", fault), Respell(path, one.pattern, pieces)))
    return found
