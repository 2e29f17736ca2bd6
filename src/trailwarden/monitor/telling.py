"""Which of an alarm's changes to tell, and when: early if possible, each once, none withdrawn.

A minute is decided when it is *late*: when the records of it are taken to be complete. Waiting for
that would make every alarm late, so where more records cannot undo a breach (:func:`fires_early`)
a change into ALARM is told as soon as it is certain. What was told stays told:

* a change into ALARM is told unless one was told within the same stretch in ALARM;
* if the last thing told was another ALARM, the change that ended it is told first;
* a change out of ALARM is told once it is decided, unless a newer ALARM has been told since;
* a decided change into ALARM is told as well, unless that stretch has been told;
* of a stretch before one that was told (late records show it), beginning and end are told after the
  end of that: alarms and their ends alternate. Where there is no end yet, it is told as an update.

Who matches in a stretch after it was told is told as an update: see :mod:`.stretches`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from trailwarden.alarms import CompositeAlarm, MetricAlarm, State
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.outcome import Transition

_GROWING = ("Sum", "SampleCount", "Maximum")  # more samples never make them smaller


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A change that was told: its new state, and when it happened (UTC)."""

    time: datetime
    state: State


class TellingMemory(msgspec.Struct):
    """What is known of one alarm's telling: ``last`` told, and all told that is not decided yet.

    ``waiting`` is a decided ALARM of which it is not known yet whether it is one that was told.
    """

    last: Told | None = None
    open: list[Told] = []
    waiting: Transition | None = None


def fires_early(alarm: MetricAlarm | CompositeAlarm, feeds: Iterable[Feed]) -> bool:
    """Whether a breach in what has arrived so far stays one, whatever else arrives."""
    if isinstance(alarm, CompositeAlarm) or not feeds:
        return False
    if alarm.statistic not in _GROWING or alarm.treat_missing_data == "breaching":
        return False
    if not alarm.comparison_operator.startswith("Greater"):
        return False
    return alarm.statistic != "Sum" or all(
        feed.value is not None and feed.value >= 0 and (feed.default or 0) >= 0 for feed in feeds
    )


class Teller:
    """Chooses, for one alarm, what is to be told. ``early``: see :func:`fires_early`."""

    def __init__(self, memory: TellingMemory, *, early: bool) -> None:
        self.memory = memory
        self.early = early

    def foreseen(self, changes: Sequence[Transition]) -> list[Transition]:
        """What to tell at once of ``changes``, in which ALARM begins only where it is certain."""
        found: list[Transition] = []
        for place, change in enumerate(changes):
            if change.to_state != "ALARM":
                continue
            if self._alarm_told(change.time, _end_of(place, changes)):
                self._note(change)  # late records show that it began earlier
                continue
            last = self.memory.last
            if last and last.time > change.time:
                found += self._told_earlier(place, changes)
                continue
            ended = _end_before(place, changes)
            if ended and last and last.state == "ALARM" and last.time < ended.time:
                found.append(self._tell(ended))
            found.append(self._tell(change))
        return found

    def _told_earlier(self, place: int, changes: Sequence[Transition]) -> list[Transition]:
        """A stretch that lies before what was told last, as late records show."""
        change, last = changes[place], self.memory.last
        ended = changes[place + 1] if place + 1 < len(changes) else None
        found: list[Transition] = []
        if last and last.state == "ALARM":
            later = [c for c in changes if c.time > last.time and c.to_state != "ALARM"]
            if not later or ended is None:
                self._note(change)
                return [replace(change, from_state="ALARM")]
            found.append(self._tell(later[0]))
        found.append(self._tell(change))
        if ended is not None:
            found.append(self._tell(ended))
        return found

    def decided(
        self, changes: Sequence[Transition], state: State, until: datetime
    ) -> list[Transition]:
        """What to tell of ``changes``, which are final. ``state`` is the alarm's at ``until``."""
        memory = self.memory
        found: list[Transition] = []
        for change in changes:
            found += self._settled(change)
            if not self._is_news(change):
                continue
            if change.to_state == "ALARM" and self._alarm_told(change.time, None):
                memory.waiting = change
            else:
                found.append(self._tell(change))
        if memory.waiting and self._alarm_told(memory.waiting.time, until):
            memory.waiting = None
        memory.open = [told for told in memory.open if told.time > until]
        last = memory.last
        if last and last.state == "ALARM" and last.time <= until and state != "ALARM":
            found.append(self._tell(_correction(state, until)))
        return found

    def _settled(self, change: Transition) -> list[Transition]:
        """Tell the ALARM that waits, if it ended with ``change`` before a told one began."""
        waiting = self.memory.waiting
        if waiting is None or change.to_state == "ALARM":
            return []
        self.memory.waiting = None
        return [] if self._alarm_told(waiting.time, change.time) else [self._tell(waiting)]

    def _alarm_told(self, start: datetime, end: datetime | None) -> bool:
        """Whether an ALARM from ``start`` to ``end`` (None: whenever) was told early."""
        return bool(self._alarms_told(start, end))

    def _alarms_told(self, start: datetime, end: datetime | None) -> list[Told]:
        return [
            told
            for told in self.memory.open
            if told.state == "ALARM" and start <= told.time and (end is None or told.time <= end)
        ]

    def acted(self, changes: Sequence[Transition]) -> list[Transition]:
        """Tell ``changes`` of an alarm whose actions something else decides on."""
        self.memory.open = []
        return [self._tell(change) for change in changes]

    def _is_news(self, change: Transition) -> bool:
        last, state = self.memory.last, change.to_state
        if change.initial or self._is_noted(change):
            return False
        if state == "ALARM":
            return True
        return last is None or (last.state != state and last.time <= change.time)

    def _is_noted(self, change: Transition) -> bool:
        return any((t.time, t.state) == (change.time, change.to_state) for t in self.memory.open)

    def _note(self, change: Transition) -> Told:
        told = Told(change.time, change.to_state)
        if not self._is_noted(change):
            self.memory.open.append(told)
        return told

    def _tell(self, change: Transition) -> Transition:
        told = self._note(change)
        if self.memory.last is None or told.time >= self.memory.last.time:
            self.memory.last = told
        return change


def _end_of(place: int, changes: Sequence[Transition]) -> datetime | None:
    """When the stretch ends that begins with the change at ``place``; None while it lasts."""
    return changes[place + 1].time if place + 1 < len(changes) else None


def _end_before(place: int, changes: Sequence[Transition]) -> Transition | None:
    """The change that ended the stretch before the one that begins at ``place``."""
    ended: Transition | None = None
    for change in reversed(changes[:place]):
        if change.to_state == "ALARM":
            break
        ended = change
    return ended


def _correction(state: State, until: datetime) -> Transition:
    """An ALARM that was told early is over, though it never was one in the end."""
    return replace(
        Transition(until, "ALARM", state, "", "{}"),
        reason="Records that arrived later took away the ground of the alarm told before",
    )
