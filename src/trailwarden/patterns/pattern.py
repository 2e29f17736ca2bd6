"""One filter pattern: its text, its syntax tree, and what it does with a log event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.extraction import Extracted, Matcher, extract
from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.messages import Message
from trailwarden.patterns.model import (
    Comparison,
    Field,
    JsonSyntax,
    Regex,
    SpaceSyntax,
    Syntax,
    TermsSyntax,
    Value,
)
from trailwarden.patterns.parser import parse_syntax
from trailwarden.patterns.printer import print_syntax
from trailwarden.patterns.spacematch import SpaceMatcher
from trailwarden.patterns.termsmatch import TermsMatcher


@dataclass(frozen=True)
class FilterPattern:
    """A filter pattern that has been parsed. Equal texts are equal patterns.

    A message is the raw text of a log event (str, or UTF-8 bytes), or a decoded JSON object. The
    matcher is built when it is first asked; a pickle holds the text alone.
    """

    text: str
    syntax: Syntax = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _is_one_of(self.text, str):
            raise TypeError(f"a filter pattern must be a str, not {type(self.text).__name__}")
        object.__setattr__(self, "syntax", parse_syntax(self.text))

    def __str__(self) -> str:
        """The canonical spelling: it parses to an equal syntax tree."""
        return print_syntax(self.syntax)

    def __reduce__(self) -> tuple[type[FilterPattern], tuple[str]]:
        return FilterPattern, (self.text,)

    @cached_property
    def _matcher(self) -> Matcher:
        if isinstance(self.syntax, JsonSyntax):
            return JsonMatcher(self.syntax)
        if isinstance(self.syntax, SpaceSyntax):
            return SpaceMatcher(self.syntax)
        return TermsMatcher(self.syntax)

    @cached_property
    def has_regex(self) -> bool:
        """True where the pattern holds a regular expression (of which log groups have a quota)."""
        return any(isinstance(value, Regex) for value in _values_in(self.syntax))

    def matches(self, message: Message) -> bool:
        """True where the event matches. No text or bytes make it raise; TypeError for others."""
        if not _is_one_of(message, str, bytes, dict):
            kind = type(message).__name__
            raise TypeError(f"a message must be a str, bytes or a decoded object, not {kind}")
        return self._matcher.matches(message)

    def extracted_values(self, message: Message) -> dict[str, str] | None:
        """What TestMetricFilter extracts (rule 8.5): None where the event does not match.

        Space-delimited patterns give every value by its name (``$status``, ``$3``), the others
        an empty dict.
        """
        return self._matcher.extracted_values(message)

    def extract(
        self, message: Message, metric_value: str, dimensions: Mapping[str, str] | None = None
    ) -> Extracted | None:
        """The sample that a matching event adds to a metric (rules 8.2, 8.4).

        ``metric_value`` is a number or a selector, ``dimensions`` maps names to selectors. None
        where the event adds no sample. The event is taken to match: ask :meth:`matches` first.
        Raises RequestError for a value or dimension that PutMetricFilter refuses.
        """
        return extract(self.syntax, self._matcher, message, metric_value, dimensions or {})


def parse(text: str) -> FilterPattern:
    """Parse a filter pattern. Raises :class:`~trailwarden.errors.PatternError`."""
    return FilterPattern(text)


def _is_one_of(value: object, *types: type) -> bool:
    return isinstance(value, types)


def _values_in(syntax: Syntax) -> Iterator[Value]:
    """Every value that the pattern compares with."""
    if isinstance(syntax, JsonSyntax):
        yield from (leaf.value for leaf in leaves(syntax.root) if isinstance(leaf, Comparison))
    elif isinstance(syntax, TermsSyntax):
        yield from (term.value for term in syntax.terms)
    elif isinstance(syntax, SpaceSyntax):
        fields = [field for field in syntax.fields if isinstance(field, Field)]
        yield from (test.value for field in fields for ands in field.tests for test in ands)
