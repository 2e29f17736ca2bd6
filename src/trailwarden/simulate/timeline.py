"""All records of a plan, in the order of their times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from operator import attrgetter

from trailwarden.simulate.background import Background
from trailwarden.simulate.changes import write_changes
from trailwarden.simulate.estate import Estate
from trailwarden.simulate.plan import Plan
from trailwarden.simulate.rhythm import SLOT, SLOTS
from trailwarden.simulate.scribe import Event, Scribe
from trailwarden.simulate.script import Script
from trailwarden.simulate.story import tell
from trailwarden.times import epoch_seconds

_TIME = attrgetter("time")


def midnight(day: date) -> int:
    """The first second of ``day`` in UTC, since the epoch."""
    return epoch_seconds(datetime(day.year, day.month, day.day, tzinfo=UTC))


def script_of_day(plan: Plan, estate: Estate, day: date) -> Script:
    """What somebody does on purpose on ``day``: the story on its day, else ordinary changes."""
    kind = "story" if day == plan.attack_day else "ordinary changes"
    scribe = Scribe(estate, plan.seed, kind, day)
    script = Script(scribe, estate.random(kind, day), estate.home, midnight(day))
    if kind == "story":
        tell(script, estate)
    else:
        write_changes(script, estate, day)
    return script


def events_of_day(
    plan: Plan, day: date, estate: Estate, scripted: Sequence[Event]
) -> Iterator[Event]:
    """The records of one day in the order of their times: its routine and what was scripted.

    Days do not depend on each other.
    """
    start = midnight(day)
    background = Background(plan, estate, day, start)
    waiting = list(scripted)
    for number in range(SLOTS):
        waiting += background.slot(number)
        waiting.sort(key=_TIME)
        ready = bisect_left(waiting, start + (number + 1) * SLOT, key=_TIME)
        yield from waiting[:ready]
        del waiting[:ready]


def events(plan: Plan) -> Iterator[Event]:
    """All records of ``plan`` in the order of their times, once each."""
    estate = Estate(plan)
    for day in plan.all_days:
        yield from events_of_day(plan, day, estate, script_of_day(plan, estate, day).events)
