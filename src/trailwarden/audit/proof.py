"""What a stack does with the events of a control, for the record: matches, changes, messages."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from trailwarden.alarms import range_minutes
from trailwarden.audit.firing import Trials
from trailwarden.monitor import DigestReader, Monitor
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.live import Live
from trailwarden.monitor.outcome import Transition
from trailwarden.stack.controls import Control, Version, Witness, witnesses
from trailwarden.stack.model import Stack
from trailwarden.times import epoch_seconds, format_instant, from_epoch, parse_instant

_MOST = 1000  # copies of an event; an alarm that asks for more is not run to its end
_IDS = uuid.UUID("6f0d1c1e-8f1b-4c55-9f52-3b8f6f0f8c11")
_QUIET = {  # what is in the log before and after, and no filter is about
    "eventVersion": "1.11",
    "eventSource": "trailwarden.invalid",
    "eventName": "Nothing",
    "eventCategory": "Management",
    "awsRegion": "us-east-1",
    "userIdentity": {"type": "AWSService"},
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One event: the names of the ``filters`` that match it, and what ``copies`` of it bring about,
    spread over ``periods`` of the alarm that asks for the most.

    ``transitions`` are of the alarms that read one of the filters, from the first copy on, as
    (name of the alarm, transition); ``announcements`` are what is to be told to their topics.
    """

    witness: Witness
    filters: tuple[str, ...]
    copies: int = 0
    periods: int = 0
    transitions: tuple[tuple[str, Transition], ...] = ()
    announcements: tuple[Announcement, ...] = ()


class Prover:
    """Runs the events of controls over ``stack``, each alone. The same in every run."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._reader = DigestReader(stack.metric_filters)
        self._trials = Trials(stack)
        self._margin = max((range_minutes(one) for one in stack.alarms), default=0) + 5
        self._proofs: dict[bytes, Proof] = {}

    def of(self, control: Control, version: Version) -> tuple[Proof, ...]:
        """A proof for each witness, in their order."""
        return tuple(self._remembered(one) for one in witnesses(control, version))

    def _remembered(self, witness: Witness) -> Proof:
        """Versions share most of their events."""
        key = msgspec.json.encode(witness.record)
        if key not in self._proofs:
            self._proofs[key] = self._proof(witness)
        return replace(self._proofs[key], witness=witness)

    def _proof(self, witness: Witness) -> Proof:
        hits = self._digest([witness.record]).hits
        if not hits:
            return Proof(witness, ())
        hit = hits[0]
        names = tuple(self._stack.metric_filters[number].filter_name for number in hit.filters)
        minutes = self._minutes(hit)
        digest = self._digest([*self._records(witness.record, minutes)])
        begin = parse_instant(witness.record["eventTime"])
        concerned = self._concerned(hit)
        monitor = Monitor(self._stack)
        monitor.observe(digest)
        monitor.finish()
        changes = tuple(
            (outcome.name, change)
            for outcome in monitor.alarm_outcomes()
            if outcome.name in concerned
            for change in outcome.transitions
            if change.time >= begin
        )
        return Proof(
            witness,
            names,
            copies=sum(minutes.values()),
            periods=len(minutes),
            transitions=changes,
            announcements=tuple(
                one
                for one in self._announced(witness.record, digest)
                if one.alarm in concerned and one.transition.time >= begin
            ),
        )

    def _concerned(self, hit: Hit) -> frozenset[str]:
        """Names of the alarms that read one of the filters, and of the composite ones."""
        reading = {
            name
            for name, feeds in self._trials.feeds.items()
            if any(feed.filter in hit.filters for feed in feeds)
        }
        return frozenset(reading | {one.alarm_name for one in self._stack.composite_alarms})

    def _minutes(self, hit: Hit) -> Counter[int]:
        """After how many minutes how many copies come, so that each alarm fires that can."""
        found = Counter({0: 1})
        for alarm in self._stack.alarms:
            feeds = self._trials.feeds[alarm.alarm_name]
            if not any(feed.filter in hit.filters for feed in feeds):
                continue
            firing = self._trials.firing(alarm, hit)
            step = max(1, alarm.period // 60)
            for period in range(min(firing.periods or 1, _MOST)):
                found[period * step] = min(max(found[period * step], firing.events), _MOST)
        return found

    def _records(
        self, record: Mapping[str, Any], minutes: Mapping[int, int]
    ) -> Iterator[Mapping[str, Any]]:
        begin = parse_instant(record["eventTime"])
        last = max(minutes)
        for number, minute in enumerate((-self._margin, last + self._margin)):
            time = format_instant(begin + timedelta(minutes=minute))
            yield {**_QUIET, "eventTime": time, "eventID": str(uuid.uuid5(_IDS, f"quiet {number}"))}
        for minute, count in sorted(minutes.items()):
            time = format_instant(begin + timedelta(minutes=minute))
            for number in range(count):
                is_first = minute == number == 0
                name = f"{record.get('eventID')} {minute} {number}"
                own = record.get("eventID") if is_first else str(uuid.uuid5(_IDS, name))
                yield {**record, "eventTime": time, "eventID": own}

    def _digest(self, records: Sequence[Mapping[str, Any]]) -> Digest:
        return self._reader.digest(msgspec.json.encode({"Records": records}), "evidence")

    def _announced(self, record: Mapping[str, Any], digest: Digest) -> list[Announcement]:
        """The log before was quiet, so that the alarms are not new when the event comes."""
        begin = parse_instant(record["eventTime"])
        live = Live(self._stack)
        quiet = self._digest([next(self._records(record, {0: 1}))])
        live.observe(quiet, (), portion="before", now=begin)
        live.decide(epoch_seconds(begin) // 60, begin)
        last = (digest.last or 0) // 60 + self._margin
        now = from_epoch(last * 60)
        live.observe(digest, (), portion="evidence", now=now)
        told = live.decide(last, now)[1]
        return sorted(told, key=lambda one: (one.transition.time, one.id))
