"""Leaving out the findings that the template's own comments ask to leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from trailwarden.errors import Location
from trailwarden.stack.lint.comments import Ignore
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.registry import RULES, Fault, found_by, rule
from trailwarden.stack.model import Stack

IDLE = "TW901"
UNREADABLE = "TW902"
# Without botocore TW132 and TW133 are silent, whatever the template holds; and if comments about
# findings on comments could be idle, there would be no end of it.
_NEVER_IDLE = ("TW132", "TW133", IDLE, UNREADABLE)
_ALL_LINES = 0  # lines count from 1


class LeftOut(NamedTuple):
    """A finding that a comment leaves out: ``by_file`` one on all of the file, or on its line."""

    finding: Finding
    by_file: bool


_Key = tuple[str, int]
"""A code and a line on which it is ignored."""


@rule(IDLE, "note")
def idle_ignore(_: Stack) -> Iterator[Fault]:
    """A comment that ignores nothing hides the next fault of this kind. (Comments are no part of a
    stack: without_ignored finds these.)
    """
    return iter(())


@rule(UNREADABLE, "note")
def unreadable_comment(_: Stack) -> Iterator[Fault]:
    """A comment with a slip of the pen ignores nothing, and its author believes that it does.
    (Comments are no part of a stack: without_ignored finds these.)
    """
    return iter(())


def without_ignored(
    findings: Sequence[Finding],
    ignores: Sequence[Ignore],
    source: str,
    *,
    judges_idle: bool = True,
) -> list[Finding]:
    """The findings of one stack that no comment of its ``source`` leaves out.

    A comment works on the definition that begins on its line or on the next one, ``ignore-file``
    on all. Comments that cannot be understood are findings themselves, and so are those that ignore
    nothing, unless ``judges_idle`` is false; they come last.
    """
    return parted(findings, ignores, source, judges_idle=judges_idle)[0]


def parted(
    findings: Sequence[Finding],
    ignores: Sequence[Ignore],
    source: str,
    *,
    judges_idle: bool = True,
) -> tuple[list[Finding], list[LeftOut]]:
    """As without_ignored, and the findings that comments leave out."""
    left_out: list[LeftOut] = []
    asked = {key for ignore in ignores for key in _keys(ignore)}
    used: set[_Key] = set()

    def is_kept(finding: Finding) -> bool:
        place = finding.location
        lines = (_ALL_LINES,) if place.line is None else (_ALL_LINES, place.line)
        hits = {(finding.code, line) for line in lines if place.source == source} & asked
        used.update(hits)
        if hits:
            left_out.append(LeftOut(finding, (finding.code, _ALL_LINES) in hits))
        return not hits

    kept = [finding for finding in findings if is_kept(finding)]
    on_comments = _on_comments(ignores, used, source)
    kept += [
        finding
        for finding in on_comments
        if is_kept(finding) and (judges_idle or finding.code != IDLE)
    ]
    return kept, left_out


def _keys(ignore: Ignore) -> Iterator[_Key]:
    """The codes that a comment ignores, each with the lines on which it does."""
    lines = (_ALL_LINES,) if ignore.whole_file else (ignore.line, ignore.line + 1)
    return ((code, line) for code in ignore.codes for line in lines)


def _on_comments(ignores: Sequence[Ignore], used: set[_Key], source: str) -> list[Finding]:
    found: list[Finding] = []
    for ignore in ignores:
        place = Location(source, ignore.line, ignore.column)
        if not ignore.codes:
            found.append(found_by(RULES[UNREADABLE], _unreadable(place)))
        found += [
            found_by(RULES[IDLE], _idle(code, place))
            for code in ignore.codes
            if code not in _NEVER_IDLE and used.isdisjoint(_keys(replace(ignore, codes=(code,))))
        ]
    return found


def _unreadable(place: Location) -> Fault:
    return Fault(
        "this comment speaks to trailwarden and cannot be understood: it ignores nothing",
        "write # trailwarden: ignore TW303,TW311 or # trailwarden: ignore-file TW008",
        place,
    )


def _idle(code: str, place: Location) -> Fault:
    if code in RULES:
        return Fault(
            f"this comment ignores {code}, which is not found here",
            "remove it, or put it on the line of the definition or on the line before",
            place,
        )
    right = code.upper()
    return Fault(
        f"this comment ignores {quoted(code)}, and no rule has this code",
        f"did you mean {right}?" if right in RULES else "docs/lint.md lists the codes",
        place,
    )
