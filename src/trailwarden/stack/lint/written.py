"""What a pattern's syntax tree does not keep: the parentheses that its author wrote."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
    "(?:[^"\\]|\\.)*"      # a quoted text
    | %[^%]*%              # a regular expression
    | \.\['[^']*'\]        # a bracketed key
    | && | \|\| | [()]
    """,
    re.VERBOSE | re.DOTALL,
)


def mixed_without_parentheses(pattern: str) -> bool:
    """True where ``&&`` and ``||`` stand side by side between the same parentheses."""
    levels: list[set[str]] = [set()]
    for found in _TOKEN.finditer(pattern):
        mark = found[0]
        if mark == "(":
            levels.append(set())
        elif mark == ")" and len(levels) > 1:
            levels.pop()
        elif mark in ("&&", "||"):
            levels[-1].add(mark)
            if len(levels[-1]) > 1:
                return True
    return False
