"""Running tests: each with an engine of its own, then a look at what it made of the records."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence

from trailwarden.alarms import range_minutes
from trailwarden.monitor import DigestReader, Monitor
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.outcome import AlarmOutcome, Event, FilterOutcome, Transition
from trailwarden.scan.cases.coverage import StackCoverage
from trailwarden.scan.cases.details import bounded
from trailwarden.scan.cases.model import (
    AlarmExpected,
    Case,
    CaseFile,
    CaseResult,
    Compose,
    MatchesExpected,
    Mismatch,
)
from trailwarden.scan.cases.noticing import last_minute, notices, of_notices
from trailwarden.scan.cases.portion import portion_of
from trailwarden.text import plural
from trailwarden.times import epoch_seconds, format_instant


def run_cases(
    file: CaseFile, coverage: StackCoverage | None = None, compose: Compose | None = None
) -> Iterator[CaseResult]:
    """One result per test, in the order of the file.

    ``coverage`` learns what they exercise, ``compose`` makes the notifications that they expect.
    Raises :class:`~trailwarden.errors.DefinitionError` for records that the engine cannot use, and
    ValueError for a test of notifications without ``compose``.
    """
    reader = DigestReader(file.stack.metric_filters)
    for case in file.cases:
        started = time.monotonic()
        run = _Run(file, case, reader)
        mismatches = [*run.mismatches()]
        if case.notices:
            if compose is None:
                raise ValueError("a test of notifications needs what composes them")
            until = last_minute(file.stack, case, run.until)
            sent = list(notices(file.stack, run.portion, until, compose))
            mismatches += [one for wanted in case.notices for one in of_notices(wanted, sent)]
        if coverage is not None:
            coverage.add(case.records, run.alarms)
        seconds = time.monotonic() - started
        yield CaseResult(file.source, case.name, case.location, tuple(mismatches), seconds)


class _Run:
    """What came of one test's records. ``until`` is the minute by which all is quiet."""

    def __init__(self, file: CaseFile, case: Case, reader: DigestReader) -> None:
        self._case = case
        monitor = Monitor(file.stack)
        portion = self.portion = portion_of(case, reader)
        monitor.observe(portion.digest, portion.copies)
        monitor.finish()
        times = [expected.at for expected in case.alarms if expected.at is not None]
        if times:  # a state may be asked for when all has been quiet for long
            monitor.advance(epoch_seconds(max(times)) // 60 + 1)
        self._filters = monitor.filter_outcomes()
        self.alarms = {alarm.name: alarm for alarm in monitor.alarm_outcomes()}
        self._matched = _matched(portion.digest, portion.copies, len(self._filters))
        last = monitor.last_event
        ranges = (range_minutes(alarm) for alarm in file.stack.alarms)
        self.until = (epoch_seconds(last) // 60 if last else 0) + max(ranges, default=0) + 1

    def mismatches(self) -> Iterator[Mismatch]:
        for matches in self._case.matches:
            # Log groups may have filters of one name: what is expected is expected of each.
            for number, outcome in enumerate(self._filters):
                if outcome.filter.filter_name == matches.filter:
                    yield from self._of_filter(matches, number, outcome)
        for expected in self._case.alarms:
            yield from _of_alarm(expected, self.alarms[expected.alarm])

    def _of_filter(
        self, expected: MatchesExpected, number: int, came: FilterOutcome
    ) -> Iterator[Mismatch]:
        if came.matches == expected.count:
            return
        lines = [_line(event) for event in self._matched[number]]
        yield Mismatch(
            f"filter {expected.filter}",
            plural(expected.count, "match", "matches"),
            plural(came.matches, "match", "matches"),
            expected.location,
            bounded(lines),
        )


def _matched(digest: Digest, copies: Collection[int], filters: int) -> list[list[Event]]:
    """The sampled records behind each filter's matches, by its number."""
    events = dict(digest.events)
    found: list[list[Event]] = [[] for _ in range(filters)]
    for hit in digest.hits:
        event = events.get(hit.position)
        if event is not None and hit.position not in copies:
            for number in hit.filters:
                found[number].append(event)
    return found


def _of_alarm(expected: AlarmExpected, came: AlarmOutcome) -> Iterator[Mismatch]:
    reached = [one for one in came.transitions if expected.at is None or one.time <= expected.at]
    fired = [one for one in reached if one.to_state == "ALARM"]
    when = f" at {format_instant(expected.at)}" if expected.at is not None else ""
    differences: list[tuple[str, str]] = []
    state = _state(reached, came)
    if expected.state is not None and expected.state != state:
        differences.append((f"{expected.state}{when}", state))
    if expected.fired is not None and expected.fired != len(fired):
        wanted = plural(expected.fired, "change")
        differences.append((f"{wanted} into ALARM", plural(len(fired), "change")))
    if expected.principals is not None:
        names = sorted({one.principal for change in fired for one in change.principals})
        if not _same(expected.principals, names):
            differences.append((_listed(expected.principals), _listed(names)))
    lines = bounded([_told(one) for one in came.transitions]) or ("no transitions",)
    for wanted, got in differences:
        yield Mismatch(f"alarm {came.name}", wanted, got, expected.location, lines)


def _state(reached: Sequence[Transition], came: AlarmOutcome) -> str:
    if reached:
        return reached[-1].to_state
    return came.transitions[0].from_state if came.transitions else came.state


def _same(expected: Sequence[str], names: Sequence[str]) -> bool:
    """True if each name is expected, with its account or without, and nobody else is."""
    wanted = set(expected)
    used = {name if name in wanted else name.rpartition(" (")[0] for name in names}
    return used == wanted


def _listed(names: Sequence[str]) -> str:
    return "principals " + (", ".join(names) or "none")


def _told(one: Transition) -> str:
    people = ", ".join(f"{p.principal} ({p.count:,})" for p in one.principals[:5])
    by = f" by {people}" if people and one.to_state == "ALARM" else ""
    return f"{format_instant(one.time)} {one.from_state} -> {one.to_state}{by}"


def _line(event: Event) -> str:
    return f"{format_instant(event.event_time)} {event.event_name} by {event.principal}"
