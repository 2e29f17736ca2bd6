"""Leaving out the findings that the template's own comments ask to leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from trailwarden.errors import Location
from trailwarden.stack.lint.comments import Ignore
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.registry import RULES, Fault, found_by, rule
from trailwarden.stack.model import Stack

IDLE = "TW901"
UNREADABLE = "TW902"


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
    findings: Sequence[Finding], ignores: Sequence[Ignore], source: str
) -> list[Finding]:
    """The findings of one stack that no comment of its ``source`` leaves out.

    A comment works on the definition that begins on its line or on the next one, ``ignore-file``
    on all. Comments that cannot be understood, or that ignore nothing, are findings themselves;
    they come last.
    """
    used: set[tuple[Ignore, str]] = set()

    def is_kept(finding: Finding) -> bool:
        hits = [ignore for ignore in ignores if _covers(ignore, finding, source)]
        used.update((ignore, finding.code) for ignore in hits)
        return not hits

    kept = [finding for finding in findings if is_kept(finding)]
    # Those that ignore the findings on comments are never idle, or there would be no end of it.
    return kept + [finding for finding in _on_comments(ignores, used, source) if is_kept(finding)]


def _covers(ignore: Ignore, finding: Finding, source: str) -> bool:
    if finding.code not in ignore.codes or finding.location.source != source:
        return False
    return ignore.whole_file or finding.location.line in (ignore.line, ignore.line + 1)


def _on_comments(
    ignores: Sequence[Ignore], used: set[tuple[Ignore, str]], source: str
) -> list[Finding]:
    found: list[Finding] = []
    for ignore in ignores:
        place = Location(source, ignore.line, ignore.column)
        if not ignore.codes:
            found.append(found_by(RULES[UNREADABLE], _unreadable(place)))
        found += [
            found_by(RULES[IDLE], _idle(code, place))
            for code in ignore.codes
            if (ignore, code) not in used and code not in (IDLE, UNREADABLE)
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
    close = get_close_matches(code[:20].upper(), RULES, n=1)
    return Fault(
        f"this comment ignores {quoted(code)}, and no rule has this code",
        f"did you mean {close[0]}?" if close else "docs/lint.md lists the codes",
        place,
    )
