"""Numbers of AWS's rules (E-10, rule 5.3, section 1) in texts: as links, or left out.

They are those of docs/semantics.md, where each has an anchor.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"(`[^`]*`)")
_LETTERED = r"[ACDEHMNRSTVW]-\d+a?"
_CITATION = re.compile(rf"\b{_LETTERED}\b|\brule \d\.\d\b|\bsection \d+\b")
_ONE = rf"(?:(?:rules? )?{_LETTERED}|rules? \d\.\d|section \d+)"
_SEVERAL = rf"{_ONE}(?:(?:, | and | to ){_ONE})*"
_ALONE = re.compile(rf"\s*\({_SEVERAL}\)")
_AT_END = re.compile(rf",\s+{_SEVERAL}(?=\))")
_AT_BEGIN = re.compile(rf"(?<=\(){_SEVERAL}: ")


def with_links(text: str, page: str) -> str:
    """Markdown in which every number is a link to its line on ``page``; code stays as it is."""
    parts = _CODE.split(text)
    return "".join(
        part if part.startswith("`") else _CITATION.sub(lambda found: _link(found[0], page), part)
        for part in parts
    )


def _link(citation: str, page: str) -> str:
    number = citation.removeprefix("rule ")
    anchor = "rule-" + re.sub(r"[. ]", "-", number).lower()
    return f"[{citation}]({page}#{anchor})"


def without_numbers(text: str) -> str:
    """``text`` for a terminal, which has no links: numbers in parentheses are left out."""
    return _AT_BEGIN.sub("", _AT_END.sub("", _ALONE.sub("", text)))
