"""The first pass: all matches of a stack by who, what and where from, and who looks suspicious."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from operator import attrgetter

from trailwarden.tuning.counting import Counts
from trailwarden.tuning.habits import Times
from trailwarden.tuning.target import Target
from trailwarden.tuning.traits import Trait

_MOST_TARGETS = 5_000  # per filter
_MOST_CONDUCTS = 20_000
_FEW = 64  # addresses, refused calls and the like of one target
_VALUES: Mapping[str, Callable[[Trait], str]] = {
    "principal": attrgetter("who"),
    "event": attrgetter("shown_event"),
    "source": attrgetter("source"),
    "service": attrgetter("service"),
    "agent": attrgetter("agent"),
    "error": attrgetter("error"),
}
DIMENSIONS = tuple(_VALUES)  # by which matches are counted


class FilterNoise:
    """The matches of one filter."""

    def __init__(self) -> None:
        self.matches = 0
        self.counts: dict[str, Counts] = {name: Counts() for name in DIMENSIONS}
        self.targets: dict[Target, TargetNoise] = {}

    def add(self, trait: Trait, second: int) -> None:
        """Count a match at ``second`` since the epoch."""
        self.matches += 1
        for name, value in _VALUES.items():
            self.counts[name].add(value(trait))
        for target in trait.targets:
            noise = self.targets.get(target)
            if noise is None:
                if len(self.targets) >= _MOST_TARGETS:
                    continue
                noise = self.targets[target] = TargetNoise()
            noise.add(trait, second)


class TargetNoise:
    """One target's matches of one filter."""

    def __init__(self) -> None:
        self.matches = 0
        self.times = Times()
        self.events = Counts(_FEW)
        self.callers: set[Target] = set()
        self.has_others = False  # callers that have no name, or found no room
        self.whos = Counts(_FEW)

    def add(self, trait: Trait, second: int) -> None:
        self.matches += 1
        self.times.add(second)
        self.events.add(trait.event)
        self.whos.add(trait.who)
        if trait.caller is None or len(self.callers) >= _FEW:
            self.has_others = self.has_others or trait.caller not in self.callers
        else:
            self.callers.add(trait.caller)


class Conduct:
    """What one target did in the matches of all filters, as far as it tells friend from foe."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.signs: set[int] = set()
        self.refused: set[str] = set()
        self.addresses: dict[str, int] = {}  # each with the second it was first seen
        self.is_root = False
        self.is_person = False

    def add(self, trait: Trait, second: int) -> None:
        self.first = second if self.first is None else min(self.first, second)
        self.is_root = self.is_root or trait.is_root
        self.is_person = self.is_person or trait.is_person
        if trait.failed and len(self.refused) < _FEW:
            self.refused.add(trait.shown_event)
        if trait.source in self.addresses or len(self.addresses) < _FEW:
            seen = self.addresses.setdefault(trait.source, second)
            self.addresses[trait.source] = min(seen, second)


class Noise:
    """All matches. The numbers from ``own`` on are those of the signs of intrusion."""

    def __init__(self, own: int) -> None:
        self._own = own
        self.filters: defaultdict[int, FilterNoise] = defaultdict(FilterNoise)
        self.conducts: dict[Target, Conduct] = {}

    def add(self, filters: tuple[int, ...], trait: Trait, second: int) -> None:
        """Count a record that ``filters`` matched, at ``second`` since the epoch."""
        for number in filters:
            if number < self._own:
                self.filters[number].add(trait, second)
        for target in trait.targets:
            conduct = self.conducts.get(target)
            if conduct is None:
                if len(self.conducts) >= _MOST_CONDUCTS:
                    continue
                conduct = self.conducts[target] = Conduct()
            conduct.add(trait, second)
            conduct.signs.update(n - self._own for n in filters if n >= self._own)
