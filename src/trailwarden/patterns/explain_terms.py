"""Explaining patterns of terms (section 3)."""

from __future__ import annotations

from functools import cached_property

from trailwarden.patterns.explain_model import Explanation, Found, Kind, Node, all_of, any_of
from trailwarden.patterns.explain_spelling import term_text
from trailwarden.patterns.explain_values import shown
from trailwarden.patterns.messages import Message, text_of
from trailwarden.patterns.model import Mode, Regex, Term, TermsSyntax, Text
from trailwarden.patterns.termsmatch import TermsMatcher

_AROUND = 30  # characters of the message on both sides of a term
_IGNORED = "ignored: ? counts only in a pattern whose terms all have it"


def explain_terms(syntax: TermsSyntax, message: Message) -> Explanation:
    """Why ``message`` matches or not."""
    text = _Text(text_of(message))
    if all(term.mode is Mode.OPTIONAL for term in syntax.terms):
        root = any_of([_contains(term.value, text) for term in syntax.terms])
    else:
        root = all_of([_term(term, text) for term in syntax.terms])
    return Explanation("terms", root)


class _Text:
    """A message, and the same without upper and lower case, which is made but once."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        return self.text.casefold()


def _term(term: Term, text: _Text) -> Node:
    if term.mode is Mode.OPTIONAL:
        return _contains(term.value, text, ignored=True)
    node = _contains(term.value, text)
    if term.mode is Mode.REQUIRED:
        return node
    return Node(Kind.NOT, not node.holds, children=(node,))


def _contains(value: Text | Regex, text: _Text, *, ignored: bool = False) -> Node:
    holds = TermsMatcher(TermsSyntax((Term(Mode.REQUIRED, value),))).matches(text.text)
    found = _excerpt(value.text, text.text) if holds and isinstance(value, Text) else None
    return Node(
        Kind.TERM,
        holds,
        text=term_text(value),
        operator="contains",
        wanted=term_text(value),
        found=(found,) if found else (),
        found_count=1 if holds else 0,
        reason=_IGNORED if ignored else _why_not(value, text, holds),
        counts=not ignored,
    )


def _excerpt(term: str, text: str) -> Found:
    """The first place of the term, with what stands around it."""
    place = text.find(term)
    start, end = max(0, place - _AROUND), place + len(term) + _AROUND
    return Found("string", shown(text[start:end]), holds=True)


def _why_not(value: Text | Regex, text: _Text, holds: bool) -> str:
    if holds or isinstance(value, Regex):
        return ""
    if value.text.casefold() in text.folded:
        return "the message has it in other upper and lower case, which count"
    if "*" in value.text:
        return "a star in a term is a plain star: terms have no wildcards"
    return ""
