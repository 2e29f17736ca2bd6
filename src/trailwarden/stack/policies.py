"""The words of policy documents, for whoever reads one."""

from __future__ import annotations

from typing import Any


def covers(pattern: str, text: str) -> bool:
    """Whether a name with stars and question marks stands for ``text``, as in policies."""
    here, there, star, mark = 0, 0, -1, 0
    while there < len(text):
        if here < len(pattern) and pattern[here] == "*":
            star, mark = here, there
            here += 1
        elif here < len(pattern) and pattern[here] in ("?", text[there]):
            here, there = here + 1, there + 1
        elif star >= 0:
            mark += 1
            here, there = star + 1, mark
        else:
            return False
    return not pattern[here:].strip("*")


def listed(value: object) -> list[Any]:
    """One value and a list of one mean the same."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_lenient(operator: str) -> bool:
    """True for operators, in lower case, that hold for a caller without the key or that exclude."""
    return (
        operator.endswith("ifexists")
        or operator.startswith("forallvalues:")
        or "not" in operator
        or operator == "null"
    )
