"""What is worth trying: the exclusions and thresholds that the second pass counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trailwarden.alarms import MetricAlarm
from trailwarden.monitor.metrics import Feed
from trailwarden.patterns import FilterPattern
from trailwarden.stack.model import MetricFilter
from trailwarden.tuning.exclusion import NoRoomError, excluding
from trailwarden.tuning.judging import ROOT, objection
from trailwarden.tuning.model import Refusal
from trailwarden.tuning.noise import FilterNoise, Noise, TargetNoise
from trailwarden.tuning.target import Target
from trailwarden.tuning.thresholds import Plan

_LEAST_SHARE = 0.05  # of a filter's matches; less is not the noise
_MAIN_EVENT = 0.5  # of a target's matches
_MOST_EVENTS = 6  # that one pattern names


@dataclass(frozen=True, slots=True)
class Candidate:
    """``filter`` (its number) with ``pattern`` instead of its own; ``events`` empty means all."""

    filter: int
    target: Target
    events: tuple[str, ...]
    pattern: FilterPattern


@dataclass(frozen=True, slots=True)
class AlarmCandidates:
    """What to try for one alarm, and what not, with the reasons."""

    alarm: MetricAlarm
    feeds: tuple[Feed, ...]
    plan: Plan
    candidates: tuple[Candidate, ...]
    refusals: tuple[Refusal, ...]


class Chooser:
    """Chooses from the first pass. ``end`` is the archive's last second, ``most`` per filter."""

    def __init__(self, filters: Sequence[MetricFilter], noise: Noise, end: int, most: int) -> None:
        self._filters = filters
        self._noise = noise
        self._end = end
        self._most = most

    def choose(self, alarm: MetricAlarm, feeds: tuple[Feed, ...], plan: Plan) -> AlarmCandidates:
        """What to try for ``alarm``."""
        candidates: list[Candidate] = []
        refusals: list[Refusal] = []
        for number in dict.fromkeys(feed.filter for feed in feeds):
            for target, noise in self._worst(self._noise.filters[number]):
                reason = objection(target, noise, self._noise.conducts, self._end)
                try:
                    found = [] if reason else list(self._narrowed(number, target, noise))
                except NoRoomError as error:
                    found, reason = [], str(error)
                candidates += found
                if reason:
                    refusals.append(self._refusal(number, target, noise, reason))
            refusals += self._nameless(number)
        return AlarmCandidates(alarm, feeds, plan, tuple(candidates), tuple(refusals))

    def _worst(self, noise: FilterNoise) -> list[tuple[Target, TargetNoise]]:
        """The targets that make most of the noise, an address only where several use it."""
        found = [
            (target, one)
            for target, one in noise.targets.items()
            if one.matches >= noise.matches * _LEAST_SHARE
            and (target.kind != "address" or len(one.whos.by_name) > 1)
        ]
        found.sort(key=lambda pair: (-pair[1].times.busy_hours, -pair[1].matches, pair[0].value))
        return found[: self._most]

    def _narrowed(self, number: int, target: Target, noise: TargetNoise) -> Iterator[Candidate]:
        """Without the target's main event, without the few it calls, without all it may call.

        Raises NoRoomError where there is room for none of them.
        """
        pattern = self._filters[number].pattern
        choices = [*dict.fromkeys((*_narrow(noise), ()))]
        failures: list[NoRoomError] = []
        for events in choices:
            try:
                made = excluding(pattern, target, events)
            except NoRoomError as error:
                failures.append(error)
            else:
                yield Candidate(number, target, events, made)
        if len(failures) == len(choices):
            raise failures[-1]

    def _refusal(self, number: int, target: Target, noise: TargetNoise, why: str) -> Refusal:
        who = noise.whos.shares()[0].name
        name = who if target.kind != "address" else f"address {target.value}"
        return Refusal(name, self._filters[number].filter_name, noise.matches, why)

    def _nameless(self, number: int) -> Iterator[Refusal]:
        """Principals with much of the noise whom no exclusion can name."""
        noise = self._noise.filters[number]
        named = {
            share.name
            for target, one in noise.targets.items()
            if target.kind != "address"
            for share in one.whos.shares()
        }
        for share in noise.counts["principal"].shares()[: self._most]:
            if share.name not in named and share.count >= noise.matches * _LEAST_SHARE:
                why = (
                    ROOT
                    if share.name.startswith("Root")
                    else "its records hold no name that AWS vouches for and a pattern can spell"
                )
                yield Refusal(share.name, self._filters[number].filter_name, share.count, why)


def _narrow(noise: TargetNoise) -> Iterator[tuple[str, ...]]:
    """The target's main event, and all of its events where they are few."""
    shares = noise.events.shares()
    names = [share.name for share in shares]
    if names[0] and shares[0].count >= noise.matches * _MAIN_EVENT:
        yield (names[0],)
    if len(names) <= _MOST_EVENTS and "" not in names:
        yield tuple(sorted(names))
