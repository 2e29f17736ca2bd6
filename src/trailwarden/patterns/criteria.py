"""``fieldSelectionCriteria``: the small language that selects events by system fields.

``@aws.account IN ["111122223333"] AND @aws.region != "us-east-1"``: comparisons with ``=``, ``!=``,
``IN`` and ``NOT IN``, joined by ``AND`` and ``OR``, in parentheses or not.
"""

from __future__ import annotations

import re

SYSTEM_FIELDS = ("@aws.region", "@aws.account", "@source.log")

_FIELD = "|".join(map(re.escape, SYSTEM_FIELDS))
_TEXT = r'"[^"]*"'
_COMPARISON = re.compile(
    rf"\s*(?:{_FIELD})\s*(?:!?=\s*{_TEXT}|(?:NOT\s+)?IN\s*\[\s*{_TEXT}\s*(?:,\s*{_TEXT}\s*)*\])"
)
_OPEN = re.compile(r"\s*\(")
_CLOSE = re.compile(r"\s*\)")
_JOIN = re.compile(r"\s*(?:AND|OR)\b")


def is_criteria(text: str) -> bool:
    """True where ``text`` is empty or a whole expression."""
    if not text.strip():
        return True
    at = depth = 0
    while True:
        while found := _OPEN.match(text, at):
            at, depth = found.end(), depth + 1
        comparison = _COMPARISON.match(text, at)
        if comparison is None:
            return False
        at = comparison.end()
        while depth and (found := _CLOSE.match(text, at)):
            at, depth = found.end(), depth - 1
        join = _JOIN.match(text, at)
        if join is None:
            return not depth and not text[at:].strip()
        at = join.end()
