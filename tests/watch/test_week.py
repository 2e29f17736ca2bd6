"""A week of records, late, shuffled and repeated: the incidents are those of the backtest."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.watch.parts import people
from trailwarden.monitor.outcome import Transition
from trailwarden.scan import ScanOptions, scan
from trailwarden.simulate import Plan, events
from trailwarden.stack import load
from trailwarden.times import epoch_seconds
from trailwarden.trail import DEFAULT_LIMIT
from trailwarden.watch import Database
from trailwarden.watch.desk import Desk, Told
from trailwarden.watch.portion import Portion

LATENESS = 15
PLAN = Plan(start=date(2025, 3, 3), days=7, accounts=2, regions=2, events_per_day=1_500)
Delivery = tuple[datetime, int, list[bytes]]


def deliveries(rng: random.Random) -> Iterator[Delivery]:
    """Files of records up to a quarter of an hour late, in no order; one in ten comes twice."""
    files: defaultdict[int, list[bytes]] = defaultdict(list)
    for event in events(PLAN):
        minute = event.time // 60
        for _ in range(2 if rng.random() < 0.1 else 1):
            files[minute + rng.randrange(LATENESS)].append(event.data)
    waiting: list[Delivery] = []
    for number, minute in enumerate(sorted(files)):
        records = files[minute]
        rng.shuffle(records)
        at = datetime.fromtimestamp(minute * 60 + 59, tz=UTC)
        heapq.heappush(waiting, (at, number, records))
    while waiting:
        yield heapq.heappop(waiting)


def as_told(transition: Transition) -> Transition:
    """What of it is known at its time."""
    return replace(
        transition, events=(), event_count=0, principals=(), event_names=(), newcomers=()
    )


def test_a_late_shuffled_and_repeated_week_gives_the_incidents_of_the_backtest(
    tmp_path: Path,
) -> None:
    stack = load("cis")
    archive = tmp_path / "archive.json"
    archive.write_bytes(b'{"Records":[' + b",".join(event.data for event in events(PLAN)) + b"]}")
    expected = scan(stack, [str(archive)], ScanOptions(processes=1))
    changes: list[tuple[str, Transition]] = []
    told: list[Told] = []
    rng = random.Random(7)
    with Database(tmp_path / "home") as database:
        desk = Desk(stack, database, people, since=None, limit=DEFAULT_LIMIT, repeats={})
        now = datetime.min.replace(tzinfo=UTC)
        for now, number, records in deliveries(rng):
            payload = b'{"Records":[' + b",".join(records) + b"]}"
            portion = Portion("week", str(number), "1", f"{number}.json", payload)
            told += desk.take([portion], now)[1]
            found = desk.decide(epoch_seconds(now) // 60 - LATENESS + 1, now)
            changes += found[0]
            told += found[1]
            if rng.random() < 0.01:
                desk.reload()  # as after a restart
        found = desk.decide(epoch_seconds(now) // 60 + 60, now + timedelta(hours=1))
        changes += found[0]
        told += found[1]
    # The backtest's incidents hold what matched until they ended, too: here that comes in updates.
    backtest = {
        (alarm.name, as_told(one)) for alarm in expected.alarms for one in alarm.transitions
    }
    assert len(backtest) > 40
    assert {(name, as_told(one)) for name, one in changes} == backtest
    culprits = {
        (alarm.name, who.principal)
        for alarm in expected.alarms
        for one in alarm.transitions
        for who in one.principals
    }
    assert culprits <= {
        (one.announcement.alarm, who.principal)
        for one in told
        for who in one.announcement.transition.principals
    }
    assert {one.announcement.kind for one in told} == {"transition", "amendment"}
    # Whoever fired in the backtest was told, at the latest by when it was decided.
    incidents = {(n, t.time) for n, t in backtest if t.to_state == "ALARM"}
    alarms = {
        (one.announcement.alarm, one.announcement.transition.time)
        for one in told
        if one.announcement.transition.to_state == "ALARM" and one.announcement.kind == "transition"
    }
    early = {(n, t) for n, t in incidents if (n, t) in alarms}
    assert len(early) > len(incidents) * 0.8
    for name, time in incidents - early:  # told for a later record, before this one arrived
        assert any(n == name and timedelta() < t - time < timedelta(hours=1) for n, t in alarms)
