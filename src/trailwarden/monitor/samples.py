"""A bounded choice of the events behind matches, the same in whatever order they come.

Per filter and minute: the earliest events by (time, id), and the earliest of each event name
(refused and successful calls apart), of each principal, and of each role, so that nobody can bury
one call under others. When all of them together outgrow the budget, the choice becomes coarser in
fixed steps. Each step's choice is contained in that of the step before, so the result depends only
on the events, never on their order or on how they were split into batches.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Container, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from trailwarden.monitor.outcome import Event
from trailwarden.trail.identity import role_of

BUDGET = 64 * 1024 * 1024
_OVERHEAD = 700
_T = TypeVar("_T")
_Value = tuple[str | bool, ...]
_Trait = tuple[int, _Value]  # which of the traits, and its value


class Limits(NamedTuple):
    """How much is kept of ``minutes`` minutes: how many of the earliest, and of each trait."""

    minutes: int
    earliest: int
    actions: int
    roles: int
    principals: int


# From the finest to the coarsest choice. No number but the first may grow from step to step.
STEPS = (
    Limits(1, 100, 1000, 1000, 1000),
    Limits(1, 20, 1000, 1000, 200),
    Limits(1, 5, 1000, 500, 20),
    Limits(1, 1, 500, 100, 0),
    Limits(10, 1, 500, 100, 0),
    Limits(60, 1, 200, 100, 0),
    Limits(1440, 1, 200, 50, 0),
    Limits(14400, 1, 100, 50, 0),
)


class Order(NamedTuple):
    """A total order of different events: time (ISO 8601, UTC), id, text."""

    time: str
    event_id: str
    raw: str

    @classmethod
    def of(cls, event: Event) -> Order:
        return cls(event.event_time.isoformat(), event.event_id, event.raw)


class Traits(NamedTuple):
    """What an event is kept for besides its time."""

    action: tuple[str, bool]  # event name, refused
    role: str
    principal: str

    @classmethod
    def of(cls, event: Event) -> Traits:
        action = (event.event_name, bool(event.error_code))
        return cls(action, role_of(event.principal), event.principal)

    def each(self) -> Iterator[_Trait]:
        """One by one: what tells more comes first."""
        yield 0, self.action
        yield 1, (self.role,)
        yield 2, (self.principal,)


class Choice(Generic[_T]):
    """Of what is offered, the earliest, and the earliest of each trait.

    ``size`` is the weight of what it keeps, in bytes.
    """

    def __init__(self, limits: Limits = STEPS[0]) -> None:
        self.size = 0
        self._limits = limits
        self._earliest: list[Order] = []
        self._of: dict[_Trait, Order] = {}
        # The same, of each trait, sorted.
        self._ranked: tuple[list[tuple[Order, _Value]], ...] = ([], [], [])
        self._kept: dict[Order, tuple[int, int, _T]] = {}  # with reasons to keep it, and weight

    def offer(self, order: Order, traits: Traits, entry: _T, weight: int = 0) -> None:
        """Take ``entry`` in, where it is among those to keep."""
        if order in self._kept and order in self._earliest:
            return  # the same event twice
        if len(self._earliest) < self._limits.earliest or order < self._earliest[-1]:
            insort(self._earliest, order)
            self._hold(order, entry, weight)
            if len(self._earliest) > self._limits.earliest:
                self._release(self._earliest.pop())
        for trait in traits.each():
            self._offer_for(trait, order, entry, weight)

    def _offer_for(self, trait: _Trait, order: Order, entry: _T, weight: int) -> None:
        which, value = trait
        ranked, limit = self._ranked[which], self._limits[2 + which]
        held = self._of.get(trait)
        if held is not None:
            if order >= held:
                return
            del ranked[bisect_left(ranked, (held, value))]
            self._release(held)
        elif len(ranked) >= limit:
            if not limit or (order, value) >= ranked[-1]:
                return
            last, dropped = ranked.pop()
            del self._of[which, dropped]
            self._release(last)
        self._of[trait] = order
        insort(ranked, (order, value))
        self._hold(order, entry, weight)

    def _hold(self, order: Order, entry: _T, weight: int) -> None:
        if order in self._kept:
            reasons, weight, entry = self._kept[order]
            self._kept[order] = (reasons + 1, weight, entry)
        else:
            self._kept[order] = (1, weight, entry)
            self.size += weight

    def _release(self, order: Order) -> None:
        reasons, weight, entry = self._kept[order]
        if reasons > 1:
            self._kept[order] = (reasons - 1, weight, entry)
        else:
            del self._kept[order]
            self.size -= weight

    def kept(self) -> Iterator[_T]:
        """What is kept, in no order."""
        return (entry for _, _, entry in self._kept.values())

    def with_order(self) -> Iterator[tuple[Order, _T]]:
        """The same, with the order of each."""
        return ((order, entry) for order, (_, _, entry) in self._kept.items())


class EventSamples:
    """Samples of the events behind each filter's matches. ``budget`` is in bytes."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._step = 0
        self._size = 0
        self._kept: dict[tuple[int, int], Choice[tuple[int, Event]]] = {}

    def add(self, filter_number: int, minute: int, event: Event) -> None:
        """Offer an event that ``filter_number`` matched in ``minute``."""
        self._insert(filter_number, Order.of(event), minute, event)
        while self._size > self._budget and self._step < len(STEPS) - 1:
            self._coarsen()

    def _insert(self, filter_number: int, order: Order, minute: int, event: Event) -> None:
        limits = STEPS[self._step]
        bucket = (filter_number, minute // limits.minutes)
        choice = self._kept.get(bucket)
        if choice is None:
            choice = self._kept[bucket] = Choice(limits)
        before = choice.size
        choice.offer(order, Traits.of(event), (minute, event), len(event.raw) + _OVERHEAD)
        self._size += choice.size - before

    def _coarsen(self) -> None:
        self._step += 1
        old, self._kept, self._size = self._kept, {}, 0
        for (filter_number, _), choice in old.items():
            for order, (minute, event) in choice.with_order():
                self._insert(filter_number, order, minute, event)

    def find(self, filter_number: int, start: int, end: int) -> dict[Order, Event]:
        """Samples of a filter for minutes from ``start`` to before ``end``, each with its order."""
        width = STEPS[self._step].minutes
        first, last = start // width, -(-end // width)
        if last - first > len(self._kept):
            buckets = [b for f, b in self._kept if f == filter_number and first <= b < last]
        else:
            buckets = list(range(first, last))
        return {
            order: event
            for bucket in buckets
            if (choice := self._kept.get((filter_number, bucket)))
            for order, (minute, event) in choice.with_order()
            if start <= minute < end
        }


def chosen(events: Sequence[Event], limit: int, first: Container[str] = ()) -> tuple[Event, ...]:
    """At most ``limit`` of ``events``, in their order: those that tell most.

    One for each event name, role and principal before any other; of these, those by the principals
    in ``first`` and then those that succeeded.
    """
    if len(events) <= limit:
        return tuple(events)
    seen: set[_Trait] = set()
    places = sorted(
        range(len(events)),
        key=lambda place: (events[place].principal not in first, bool(events[place].error_code)),
    )
    ranks: list[tuple[int, int]] = []
    for rank, place in enumerate(places):
        traits = list(Traits.of(events[place]).each())
        news = next((n for n, trait in enumerate(traits) if trait not in seen), len(traits))
        seen.update(traits)
        ranks.append((news, place if news == len(traits) else rank))
    by_rank = sorted(zip(ranks, places, strict=True))
    return tuple(events[place] for place in sorted(place for _, place in by_rank[:limit]))
