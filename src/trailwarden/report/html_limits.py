"""How much of an outcome the page holds, so that it opens fast however much was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from trailwarden.monitor.outcome import Event, Outcome, Transition
from trailwarden.monitor.samples import chosen

TRANSITIONS = 20_000  # with their reasons and principals
CHANGES = 200_000  # of state, drawn
EVENTS = 5_000
RAW_SIZE = 12 * 1024 * 1024  # characters of the events' JSON
POINTS = 100_000
PRINCIPALS_OF_FILTERS = 20_000
PRINCIPALS_OF_TRANSITION = 50
EVENT_NAMES = 50  # of a transition
GAPS = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Each holds for one alarm, filter, transition or event, as its name says.

    ``raw`` is the longest JSON that an event keeps.
    """

    transitions: int
    changes: int
    events: int
    raw: int
    points: int
    principals_of_filter: int
    principals_of_transition: int = PRINCIPALS_OF_TRANSITION
    event_names: int = EVENT_NAMES
    gaps: int = GAPS

    def events_of(self, transition: Transition) -> tuple[Event, ...]:
        """The events of one transition that the page holds."""
        return chosen(transition.events, self.events, frozenset(transition.newcomers))


def limits_for(outcome: Outcome) -> Limits:
    """The largest equal shares that keep the whole page within its bounds."""
    runs = [alarm.transitions for alarm in outcome.alarms]
    transitions = share(map(len, runs), TRANSITIONS)
    kept = [change for run in runs for change in run[:transitions]]
    events = share((len(change.events) for change in kept), EVENTS)
    raws = {
        event: len(event.raw)
        for change in kept
        for event in chosen(change.events, events, frozenset(change.newcomers))
    }
    return Limits(
        transitions=transitions,
        changes=share(map(len, runs), CHANGES),
        events=events,
        raw=longest(raws.values(), RAW_SIZE),
        points=share((len(alarm.series) for alarm in outcome.alarms), POINTS),
        principals_of_filter=share(
            (len(one.principals) for one in outcome.filters), PRINCIPALS_OF_FILTERS
        ),
    )


def share(lengths: Iterable[int], total: int) -> int:
    """The largest n for which the first n of each make up ``total`` at most."""
    left, remaining = total, sorted(lengths)
    for position, length in enumerate(remaining):
        holders = len(remaining) - position
        if length * holders > left:
            return left // holders
        left -= length
    return total


def longest(lengths: Iterable[int], total: int) -> int:
    """The largest n for which all that are not longer than n make up ``total`` at most."""
    left = total
    for length in sorted(lengths):
        left -= length
        if left < 0:
            return length - 1
    return total


def coarse(changes: list[tuple[int, int]], most: int, alarm: int) -> list[tuple[int, int]]:
    """At most ``most`` (second, state) changes: short ways out of ``alarm`` are left out."""
    shortest = 60
    while len(changes) > max(2, most):
        kept: list[tuple[int, int]] = []
        for second, state in changes:
            if state == alarm and len(kept) > 1 and second - kept[-1][0] < shortest:
                kept.pop()
            if not kept or kept[-1][1] != state:
                kept.append((second, state))
        changes = kept
        shortest *= 2
    return changes


def thinned(
    points: Sequence[tuple[int, float]],
    period: int,
    most: int,
    pick: Callable[[float, float], float],
) -> tuple[list[tuple[int, float]], int]:
    """At most ``most`` (second, value) points and their period, in seconds.

    Neighbours merge into longer periods, of which ``pick`` chooses the value.
    """
    merged = list(points)
    while len(merged) > max(1, most):
        period *= 2
        buckets: dict[int, float] = {}
        for second, value in merged:
            start = second // period * period
            buckets[start] = pick(buckets[start], value) if start in buckets else value
        merged = list(buckets.items())
    return merged, period
