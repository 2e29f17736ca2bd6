"""Fixes of patterns, condition by condition; blanks and parentheses stay as they are written.

Those of texts of the benchmark are unsafe: Security Hub takes the benchmark's own text only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from trailwarden.patterns import parse
from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import Comparison, JsonSyntax, Key, NotExists, Number, Operator, Or
from trailwarden.stack.lint.companions import gaps
from trailwarden.stack.lint.conditions import negated_fields
from trailwarden.stack.lint.fields import (
    ALWAYS_THERE,
    SHARED_NAMES,
    TELLING,
    TOP_LEVEL,
    path_of,
    speaks_of_cloudtrail,
    top_of,
)
from trailwarden.stack.lint.fixing.changes import Change, Piece, Respell
from trailwarden.stack.lint.fixing.leaves import Written, is_pattern, written_leaves
from trailwarden.stack.lint.fixing.registry import fixer
from trailwarden.stack.lint.fixing.site import Site
from trailwarden.stack.lint.operations import operations_of, slip_of, without_version

_PROPERTY = "FilterPattern"
_BOOLEANS = frozenset({"readOnly", "managementEvent"})  # of records; "true" elsewhere may be a text


def _respell(site: Site, pieces: Callable[[Written], Iterator[Piece]]) -> Iterator[Change]:
    """Change the pattern by what ``pieces`` yields for each of its conditions."""
    pattern = site.literal(_PROPERTY)
    if pattern is not None:
        found = [piece for one in written_leaves(pattern) for piece in pieces(one)]
        yield from _change(site, pattern, found)


def _change(site: Site, pattern: str, pieces: Sequence[Piece]) -> Iterator[Change]:
    change = Respell(site.path(_PROPERTY), pattern, tuple(pieces))
    if pieces and is_pattern(change.text):
        yield change


def _or(one: Written, text: str) -> Piece:
    """``text`` as an alternative of a condition, in parentheses unless there are some."""
    both = f"{one.text} || {text}"
    return Piece(one.begin, one.end, both if one.in_parentheses else f"({both})")


@fixer("TW122", safe=True)
def spell_keys(site: Site) -> Iterator[Change]:
    """No record has the field, so that nothing is lost."""
    pattern = site.literal(_PROPERTY) or ""
    selectors = [one.leaf.selector for one in written_leaves(pattern)]
    known = TOP_LEVEL if speaks_of_cloudtrail(selectors) else TELLING
    right = {name.lower(): name for name in known}

    def pieces(one: Written) -> Iterator[Piece]:
        name = top_of(one.leaf.selector)
        meant = right.get(name.lower())
        if meant and name not in TOP_LEVEL and one.text.startswith(f"$.{name}"):
            yield Piece(one.begin + 2, one.begin + 2 + len(name), meant)

    yield from _respell(site, pieces)


@fixer("TW123", safe=True)
def unwrap(site: Site) -> Iterator[Change]:
    """Nothing stands under ``detail`` in a log group."""

    def pieces(one: Written) -> Iterator[Piece]:
        match one.leaf.selector.steps:
            case (Key("detail"), Key(name), *_) if name in TOP_LEVEL:
                start = "$.detail."
                if one.text.startswith(start):
                    yield Piece(one.begin, one.begin + len(start), "$.")

    yield from _respell(site, pieces)


@fixer("TW130", safe=True)
def quote_numbers(site: Site) -> Iterator[Change]:
    """What is quoted is compared with texts as it is written."""

    def pieces(one: Written) -> Iterator[Piece]:
        value = one.leaf.value if isinstance(one.leaf, Comparison) else None
        if not isinstance(value, Number) or not value.spelling.startswith("0"):
            return
        if value.spelling.strip("0").isdigit():
            yield Piece(one.value_begin, one.end, f'"{value.spelling}"')

    yield from _respell(site, pieces)


@fixer("TW125", safe=True)
def widen_error_codes(site: Site) -> Iterator[Change]:
    """A star finds all that was found, and the other spellings."""
    wide = {"AccessDenied": '"AccessDenied*"', "UnauthorizedOperation": '"*UnauthorizedOperation"'}

    def pieces(one: Written) -> Iterator[Piece]:
        if path_of(one.leaf.selector) == "errorCode":
            text = wide.get(literal_of(one.leaf) or "")
            if text:
                yield Piece(one.value_begin, one.end, text)

    yield from _respell(site, pieces)


@fixer("TW132", safe=True)
def spell_events(site: Site) -> Iterator[Change]:
    """Where the whole pattern has one event source, and one of its operations is meant."""
    written = written_leaves(site.literal(_PROPERTY) or "")
    about = [one.leaf for one in written if path_of(one.leaf.selector) == "eventSource"]
    sources = {literal_of(leaf) for leaf in about}
    known = operations_of(sources.pop() or "") if len(sources) == 1 else frozenset()

    def pieces(one: Written) -> Iterator[Piece]:
        name = literal_of(one.leaf)
        if path_of(one.leaf.selector) != "eventName" or name is None:
            return
        meant = {right for right in known if slip_of(without_version(name), right)}
        if len(meant) == 1 and without_version(name) not in known:
            at = one.text.rfind(without_version(name)) + one.begin
            yield Piece(at, at + len(without_version(name)), meant.pop())

    yield from _respell(site, pieces)


@fixer("TW108", safe=False)
def compare_with_booleans(site: Site) -> Iterator[Change]:
    """Some services write booleans as texts."""

    def pieces(one: Written) -> Iterator[Piece]:
        name = (literal_of(one.leaf) or "").upper()
        if name in ("TRUE", "FALSE", "NULL") and path_of(one.leaf.selector) in _BOOLEANS:
            yield Piece(one.selector_end, one.end, f" IS {name}")

    yield from _respell(site, pieces)


@fixer("TW121", safe=False)
def speak_of_absent_fields(site: Site) -> Iterator[Change]:
    """More records match, many more perhaps."""
    pattern = site.literal(_PROPERTY) or ""
    syntax = parse(pattern).syntax if is_pattern(pattern) else None
    silent = set(negated_fields(syntax.root)) if isinstance(syntax, JsonSyntax) else set()

    def pieces(one: Written) -> Iterator[Piece]:
        if one.leaf in silent and path_of(one.leaf.selector) not in ALWAYS_THERE:
            selector = one.text[: one.selector_end - one.begin]
            both = f"{selector} NOT EXISTS || {one.text}"
            yield Piece(one.begin, one.end, both if one.in_parentheses else f"({both})")

    yield from _respell(site, pieces)


@fixer("TW127", safe=False)
def find_all_failed_sign_ins(site: Site) -> Iterator[Change]:
    def pieces(one: Written) -> Iterator[Piece]:
        is_message = path_of(one.leaf.selector) == "errorMessage"
        if is_message and literal_of(one.leaf) == "Failed authentication":
            yield _or(one, '$.responseElements.ConsoleLogin = "Failure"')

    yield from _respell(site, pieces)


@fixer("TW128", safe=False)
def find_root_in_the_console(site: Site) -> Iterator[Change]:
    def pieces(one: Written) -> Iterator[Piece]:
        if (
            isinstance(one.leaf, NotExists)
            and path_of(one.leaf.selector) == "userIdentity.invokedBy"
        ):
            yield _or(one, '$.userIdentity.invokedBy = "signin.amazonaws.com"')

    yield from _respell(site, pieces)


@fixer("TW131", safe=False)
def watch_the_whole_family(site: Site) -> Iterator[Change]:
    """Behind the first event of each family those that the benchmark forgot."""
    pattern = site.literal(_PROPERTY) or ""
    syntax = parse(pattern).syntax if is_pattern(pattern) else None
    found = list(gaps(syntax.root)) if isinstance(syntax, JsonSyntax) else []

    def pieces(one: Written) -> Iterator[Piece]:
        name = literal_of(one.leaf)
        if path_of(one.leaf.selector) == "eventName":
            more = [new for known, missing in found if known[0] == name for new in missing]
            if more:
                yield _or(one, " || ".join(f"$.eventName = {new}" for new in more))

    yield from _respell(site, pieces)


@fixer("TW126", safe=False)
def name_the_source(site: Site) -> Iterator[Change]:
    """Where the pattern is names of events alone, all of them of one service."""
    pattern = site.literal(_PROPERTY) or ""
    syntax = parse(pattern).syntax if is_pattern(pattern) else None
    if not isinstance(syntax, JsonSyntax) or not isinstance(syntax.root, Or):
        return
    parts = list(leaves(syntax.root))
    names = {literal_of(leaf) or "" for leaf in parts}
    sources = {SHARED_NAMES[name] for name in names if name in SHARED_NAMES}
    if len(sources) != 1 or len(parts) != len(syntax.root.children):
        return
    source = f"{sources.pop()}.amazonaws.com"
    if names <= operations_of(source) and all(
        path_of(leaf.selector) == "eventName" and _is_equality(leaf) for leaf in parts
    ):
        begin, end = pattern.find("{"), pattern.rfind("}")
        pieces = [
            Piece(begin, begin + 1, f"{{ ($.eventSource = {source}) && ("),
            Piece(end, end + 1, ") }"),
        ]
        yield from _change(site, pattern, pieces)


def _is_equality(leaf: object) -> bool:
    return isinstance(leaf, Comparison) and leaf.operator is Operator.EQUAL
