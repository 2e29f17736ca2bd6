"""What a change would cost: the benchmark's witnesses, as if the target had made the calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from trailwarden.patterns import FilterPattern
from trailwarden.stack.controls import VERSIONS, Control, Witness, controls, witnesses
from trailwarden.tuning.target import Target

_VERSION = VERSIONS[-1]
_SERVED = 0.5  # of the events that a control names


@dataclass(frozen=True, slots=True)
class Loss:
    """Names of the events that a filter sees of a target now, and of those it would not see."""

    seen: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """The controls whose events a filter sees, the best served one first, and those events."""

    controls: tuple[Control, ...]
    events: tuple[str, ...]


@cache
def served_by(pattern: FilterPattern) -> Served:
    """A control is served where the filter sees at least half of the events that it names."""
    found: list[tuple[float, int, Control]] = []
    events: dict[str, None] = {}
    for control, all_of_it in _witnessed():
        seen = [one for one in all_of_it if pattern.matches(dict(one.record))]
        events.update((one.name, None) for one in seen)
        named = sum(one.is_named for one in all_of_it)
        share = sum(one.is_named for one in seen) / named if named else 0.0
        if share >= _SERVED:
            found.append((-share, control.number, control))
    found.sort(key=lambda one: one[:2])
    return Served(tuple(control for _, _, control in found), tuple(events))


def loss(before: FilterPattern, after: FilterPattern, target: Target) -> Loss:
    """What ``after`` no longer sees of ``target``, of what ``before`` does."""
    seen: dict[str, None] = {}
    lost: dict[str, None] = {}
    for witness in (one for _, found in _witnessed() for one in found):
        record = target.put_into(witness.record)
        if before.matches(record):
            seen[witness.name] = None
            if not after.matches(record):
                lost[witness.name] = None
    return Loss(tuple(seen), tuple(lost))


@cache
def _witnessed() -> Sequence[tuple[Control, tuple[Witness, ...]]]:
    return [(control, witnesses(control, _VERSION)) for control in controls()]


@cache
def is_scanners_text(pattern: FilterPattern) -> bool:
    """True for a text that the benchmark prints or Security Hub asks for.

    Security Hub takes no addition to it.
    """
    texts = {
        text
        for control in controls()
        for text in (*control.wordings.values(), control.security_hub_pattern)
        if text
    }
    return any(pattern.syntax == other.syntax for other in map(FilterPattern, texts))
