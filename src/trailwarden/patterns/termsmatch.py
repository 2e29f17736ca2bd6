"""Matching patterns of terms: what a message contains and lacks (section 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from trailwarden.patterns.messages import Message, text_of
from trailwarden.patterns.model import EverythingSyntax, Mode, Regex, Term, TermsSyntax
from trailwarden.patterns.regexes import searcher
from trailwarden.patterns.values import MISSING

_Contains = Callable[[str], bool]


class TermsMatcher:
    """The evaluator of a pattern of terms; that of no terms accepts every event."""

    def __init__(self, syntax: TermsSyntax | EverythingSyntax) -> None:
        terms = syntax.terms if isinstance(syntax, TermsSyntax) else ()
        found = {mode: [_contains(t) for t in terms if t.mode is mode] for mode in Mode}
        self._required, self._excluded = found[Mode.REQUIRED], found[Mode.EXCLUDED]
        # Optional terms count only where there is no other.
        alone = not self._required and not self._excluded
        self._optional = found[Mode.OPTIONAL] if alone else []

    def matches(self, message: Message) -> bool:
        text = text_of(message)
        if self._optional:
            return any(contains(text) for contains in self._optional)
        return all(contains(text) for contains in self._required) and not any(
            contains(text) for contains in self._excluded
        )

    def extracted_values(self, message: Message) -> dict[str, str] | None:
        return {} if self.matches(message) else None

    def read(self, message: Message, selectors: Sequence[str]) -> list[Any]:
        return [MISSING] * len(selectors)  # terms name nothing


def _contains(term: Term) -> _Contains:
    if isinstance(term.value, Regex):
        return searcher(term.value.source)
    phrase = term.value.text
    return lambda text: phrase in text
