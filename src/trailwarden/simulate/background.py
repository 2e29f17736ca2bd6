"""A day of routine: everybody's habits, slot by slot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trailwarden.simulate.estate import Estate
from trailwarden.simulate.plan import Plan
from trailwarden.simulate.rhythm import SLOT, SLOTS
from trailwarden.simulate.routine import Opening, Routine
from trailwarden.simulate.routines import all_routines
from trailwarden.simulate.scribe import Event, Scribe
from trailwarden.simulate.values import instant

_ABSENT = 0.12  # of the working days somebody is away


class Background:
    """The routine of one day, which begins at ``midnight`` (seconds since the epoch)."""

    def __init__(self, plan: Plan, estate: Estate, day: date, midnight: int) -> None:
        self._events_per_day = plan.events_per_day
        self._weekday = day.weekday()
        self._midnight = midnight
        self._random = estate.random("background", day)
        self._scribe = Scribe(estate, plan.seed, "background", day)
        self._home = estate.home
        # A person's day begins with a sign-in; nobody works before, nor on days off.
        self._present: dict[Routine, Mapping[str, str]] = {}
        self._routines = [
            routine
            for routine in all_routines(estate)
            if not (routine.sign_in and self._random.random() < _ABSENT)
        ]

    def slot(self, number: int) -> list[Event]:
        """The records of the bursts that begin in a slot; they may end after it."""
        events: list[Event] = []
        rng = self._random
        for routine in self._routines:
            expected = (
                self._events_per_day * routine.share * routine.rhythm.share(number, self._weekday)
            )
            if not expected:
                continue
            start = self._midnight + number * SLOT
            # In order, as the first burst of a person's day brings the sign-in.
            offsets = sorted([rng.random() for _ in range(routine.bursts(expected, rng))])
            for offset in offsets:
                self._burst(routine, start + offset * SLOT, events)
        return events

    def _burst(self, routine: Routine, start: float, events: list[Event]) -> None:
        rng = self._random
        given = routine.given
        if routine.sign_in:
            given = self._signed_in(routine, start, events)
            start += 2
        region = routine.regions.pick(rng)
        end = self._midnight + SLOTS * SLOT
        number = int(rng.random() * routine.principal.members)
        for opening in routine.openings:
            events.append(self._open(opening, region, int(start)))
            start += 1
        for pause in routine.pauses(routine.length(rng), rng):
            time = int(start + pause)
            if time >= end:
                break  # the day's last burst is cut short: each day stands by itself
            call = routine.calls.pick(rng)
            events.append(self._scribe.write(routine.principal, call, region, time, given, number))

    def _signed_in(self, routine: Routine, start: float, events: list[Event]) -> Mapping[str, str]:
        session = self._present.get(routine)
        if session is None:
            first = int(start)
            for opening in routine.sign_in:
                events.append(self._open(opening, self._home, first))
            session = self._present[routine] = {**routine.given, "created": instant(first)}
        return session

    def _open(self, opening: Opening, region: str, time: int) -> Event:
        return self._scribe.write(opening.principal, opening.call, region, time, opening.given)
