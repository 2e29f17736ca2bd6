"""Archives to tune, and the proof that a tuning's figures are those of plain scans."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.records import log_file, metric_filter, stack
from trailwarden.monitor.outcome import Outcome
from trailwarden.patterns import parse
from trailwarden.report.findings import incidents_of
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack.model import Stack
from trailwarden.tuning.model import AlarmTuning, Tuning
from trailwarden.tuning.target import Target

DAY = 24 * 60  # minutes
ROLE = Target("role", "arn:aws:iam::111122223333:role/deploy")
CLOUDTRAIL = {"eventSource": "cloudtrail.amazonaws.com"}
PATTERN = "{ $.eventName = StopLogging || $.eventName = UpdateTrail }"
Records = Sequence[dict[str, Any]]


def noisy() -> Stack:
    return stack([metric_filter(PATTERN)])


def write(folder: Path, records: Records, size: int = 7) -> Path:
    for start in range(0, len(records), size):
        part = log_file(list(records[start : start + size]))
        (folder / f"{start:05}.json.gz").write_bytes(gzip.compress(part))
    return folder


def only(tuning: Tuning) -> AlarmTuning:
    (one,) = tuning.alarms
    return one


def changed(source: Stack, name: str, pattern: str) -> Stack:
    """``source`` with another pattern for the filter ``name``."""
    return replace(
        source,
        metric_filters=tuple(
            replace(one, filter_pattern=pattern, pattern=parse(pattern))
            if one.filter_name == name
            else one
            for one in source.metric_filters
        ),
    )


def fired(outcome: Outcome, name: str) -> int:
    return next(one.fired for one in outcome.alarms if one.name == name)


def in_alarm(outcome: Outcome, name: str) -> float:
    """How long an alarm was in ALARM that is not so at the end, in seconds."""
    one = next(one for one in outcome.alarms if one.name == name)
    ends = [incident.end for incident in incidents_of(one)]
    begins = [incident.change.time for incident in incidents_of(one)]
    return sum(
        (end - begin).total_seconds() for begin, end in zip(begins, ends, strict=True) if end
    )


def matches(outcome: Outcome, name: str) -> int:
    return next(one.matches for one in outcome.filters if one.filter.filter_name == name)


def assert_as_scanned(source: Stack, archive: Path, tuning: Tuning) -> int:
    """Every figure of ``tuning`` is what a scan says. Returns how many were compared."""
    before, compared = scan(source, [str(archive)], ScanOptions(processes=1)), 0
    for one in tuning.alarms:
        name = one.alarm.alarm_name
        assert (one.fired, one.seconds) == (fired(before, name), in_alarm(before, name))
        assert one.matches == sum(matches(before, each) for each in one.filters)
        assert {sum(s.count for s in shares) for shares in one.shares.values()} == {one.matches}
        for row in one.thresholds.rows:
            alarms = tuple(
                replace(a, threshold=row.threshold) if a.alarm_name == name else a
                for a in source.alarms
            )
            with_row = scan(replace(source, alarms=alarms), [str(archive)])
            assert (row.fired, row.seconds) == (fired(with_row, name), in_alarm(with_row, name))
            compared += 1
        for exclusion in one.exclusions:
            after = scan(changed(source, exclusion.filter, exclusion.pattern), [str(archive)])
            gone = matches(before, exclusion.filter) - matches(after, exclusion.filter)
            assert exclusion.fired == fired(after, name)
            assert exclusion.seconds == in_alarm(after, name)
            assert exclusion.removed == one.fired - exclusion.fired
            assert exclusion.silenced == gone == sum(s.count for s in exclusion.calls)
            compared += 1
    return compared
