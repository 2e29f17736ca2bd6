"""Which filters of a stack stand for which controls of the benchmark: by the records they match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from trailwarden.patterns import FilterPattern
from trailwarden.patterns.model import JsonSyntax
from trailwarden.stack.controls import Control, Witness, controls, witnesses
from trailwarden.stack.model import MetricFilter, Stack
from trailwarden.trail.specimens import Short, made, merged

_MOST_FILTERS = 300  # of a stack: hostile templates must not hold lint up
_HALF = 0.5
# No control is about anything else, and other logs have many filters as well.
_TELLING = re.compile("eventName|eventSource|errorCode|errorMessage|userIdentity")
_SIGN_INS = "console-signin-without-mfa"
_FAILED_SIGN_INS = "console-auth-failures"
_TIME = datetime(2025, 1, 1, tzinfo=UTC)
_REFUSED = {"errorCode": "AccessDenied", "errorMessage": "not authorized"}


@dataclass(frozen=True, slots=True)
class Seen:
    """The witnesses of one control that a pattern matches, by their names.

    ``counts_refused`` is True if it matches one of them also where AWS refused the call.
    """

    named: frozenset[str]
    counts_refused: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One control and the filters of the stack that are about it."""

    control: Control
    filters: tuple[MetricFilter, ...]
    seen: tuple[Seen, ...]

    @property
    def escaped(self) -> list[str]:
        """Events that the benchmark's first text names and no filter matches."""
        caught = {name for one in self.seen for name in one.named}
        return [name for name in _names(self.control, named=True) if name not in caught]


def standings(stack: Stack) -> Iterator[Standing]:
    """All controls, in the order of their numbers; those that no filter is about have none."""
    filters = [
        (one, _seen_by(one.pattern))
        for one in stack.metric_filters[:_MOST_FILTERS]
        if isinstance(one.pattern.syntax, JsonSyntax) and _TELLING.search(one.filter_pattern)
    ]
    for control in controls():
        fit = [(one, seen[control.key]) for one, seen in filters if control.key in seen]
        yield Standing(control, tuple(one for one, _ in fit), tuple(seen for _, seen in fit))


def witnesses_of(control: Control) -> tuple[Witness, ...]:
    """The witnesses of the version that brought the control."""
    return _witnesses_of(control.key)


@lru_cache(maxsize=2 * _MOST_FILTERS)
def _seen_by(pattern: FilterPattern) -> dict[str, Seen]:
    """By the keys of the controls that the pattern is about: those of which it matches half."""
    matches = pattern.matches
    found: dict[str, Seen] = {}
    if any(map(matches, _ordinary())):
        return found
    for control in controls():
        named = _caught(control, matches, named=True)
        if len(named) >= _HALF * len(_names(control, named=True)):
            forgotten = _caught(control, matches, named=False)
            refused = any(matches(merged(one.record, _REFUSED)) for one in (*named, *forgotten))
            found[control.key] = Seen(_set_of(named), refused)
    if _SIGN_INS in found:  # the witness of a failed sign-in was without MFA as well
        found.pop(_FAILED_SIGN_INS, None)
    return found


def _caught(
    control: Control, matches: Callable[[dict[str, Any]], bool], *, named: bool
) -> list[Witness]:
    return [
        one for one in witnesses_of(control) if one.is_named is named and matches(dict(one.record))
    ]


def _set_of(found: list[Witness]) -> frozenset[str]:
    return frozenset(one.name for one in found)


@cache
def _ordinary() -> tuple[dict[str, Any], ...]:
    """Records that no control is about: a filter that matches one of them is about more."""
    read = Short("DescribeInstances", "ec2.amazonaws.com", "role")
    sign_in = Short("ConsoleLogin", "signin.amazonaws.com", mfa=True)
    return made(read, _TIME, 0), made(sign_in, _TIME, 1)


@cache
def _witnesses_of(key: str) -> tuple[Witness, ...]:
    """Each stack asks for the same ones, and hundreds of records take long to make."""
    [control] = [one for one in controls() if one.key == key]
    return witnesses(control, control.since)


def _names(control: Control, *, named: bool) -> list[str]:
    return [one.name for one in witnesses_of(control) if one.is_named is named]
