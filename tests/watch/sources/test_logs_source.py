"""The source of a log group: against moto, through a proxy that misbehaves."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.trail.builders import record
from tests.watch.sources.faulty import Fault, Proxy
from tests.watch.sources.running import Run, Taken, once, watching
from trailwarden.errors import UsageError
from trailwarden.settings import SourceSettings
from trailwarden.trail import read_records
from trailwarden.trail.packagings import RawRecord
from trailwarden.watch.sources import logs as logs_module
from trailwarden.watch.sources import open_source
from trailwarden.watch.sources.logs import GroupSource

MINUTE = 60_000


def now() -> int:
    return int(time.time() * 1000)


def put(logs: Any, *numbers: int, ago: int = 0, stream: str = "one") -> None:
    """Records with these numbers, some milliseconds ago."""
    events = [{"timestamp": now() - ago, "message": json.dumps(record(n))} for n in numbers]
    logs.put_log_events(logGroupName="trail", logStreamName=stream, logEvents=events)


def source(**options: Any) -> GroupSource:
    since = options.pop("since", None)
    settings = SourceSettings("logs", "trail", poll=0.02)
    made = open_source(settings, since=since, limit=1)
    assert isinstance(made, GroupSource)
    return replace(made, **options)


def numbers_of(run: Run) -> list[int]:
    """The numbers of all records that were offered."""
    found = []
    for portion in run.portions:
        for item in read_records(portion.content):
            assert isinstance(item, RawRecord)
            assert item.delivered is not None
            found.append(int(json.loads(item.data)["eventID"][-12:], 16))
    return found


def test_records_are_offered_with_their_times(logs: Any) -> None:
    put(logs, 1, 2, ago=5000)
    put(logs, 3, stream="two")
    run = once(source())
    assert sorted(numbers_of(run)) == [1, 2, 3]
    (portion,) = run.portions
    assert portion.key.startswith("trail:")
    assert portion.label == f"logs:{portion.key}"
    assert portion.source == run.drained[0].source == "logs:trail"
    first, last = (int(part) for part in portion.key[6:].split("-"))
    assert 0 <= last - first - 5000 < 5000
    assert not run.troubles


def test_what_comes_is_offered_once_even_if_it_is_late(logs: Any) -> None:
    put(logs, 1)
    with watching(source()) as run:
        run.wait_drained()
        put(logs, 2)
        put(logs, 3, ago=14 * MINUTE, stream="two")
        run.wait(lambda: len(numbers_of(run)) == 3)
        run.wait_drained()
        run.wait_drained()
        assert sorted(numbers_of(run)) == [1, 2, 3]


def test_a_time_to_come_hides_nothing(logs: Any) -> None:
    put(logs, 1, ago=-60 * MINUTE)
    with watching(source()) as run:
        run.wait_drained()
        put(logs, 2)
        run.wait(lambda: sorted(numbers_of(run)) == [1, 2])
        run.wait_drained()
        assert sorted(numbers_of(run)) == [1, 2]


def test_pages_and_portions(logs: Any, aws: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs_module, "_PAGE", 7)
    monkeypatch.setattr(logs_module, "_MOST_BYTES", 1000)
    for number in range(20):
        put(logs, number, ago=20_000 - number * 10)
    run = once(source())
    assert numbers_of(run) == list(range(20))
    for portion in run.portions:
        texts = [event["message"] for event in json.loads(portion.content)["events"]]
        assert sum(map(len, texts)) <= 1000 < sum(map(len, texts)) + 2 * len(texts[0])
    assert len(set(run.keys)) == len(run.portions) > 4
    assert aws.count("FilterLogEvents") >= 3


def test_since(logs: Any) -> None:
    put(logs, 1, ago=60 * MINUTE)
    put(logs, 2)
    since = datetime.fromtimestamp(time.time() - 1800, UTC)
    assert numbers_of(once(source(since=since))) == [2]


def test_after_a_restart_only_what_is_not_safe_is_offered(
    logs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs_module, "_MOST_BYTES", 1)
    for number in range(10):
        put(logs, number, ago=20_000 - number * 10)
    memory = Taken()
    first = once(source(), memory, takes=lambda _: len(memory.identities) < 4, most=7)
    assert numbers_of(first) == list(range(7))
    assert numbers_of(once(source(), memory)) == list(range(4, 10))
    put(logs, 10)
    put(logs, 11, ago=10 * MINUTE, stream="two")
    assert sorted(numbers_of(once(source(), memory))) == [10, 11]
    assert numbers_of(once(source(), memory)) == []


def test_a_cursor_stays_small_and_loses_nothing(logs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs_module, "_MOST_IDS", 3)
    for number in range(6):
        put(logs, number, ago=20_000 - number * 10)
    memory = Taken()
    once(source(), memory)
    assert len(json.loads(str(memory.cursor("logs:trail")))["ids"]) == 3
    put(logs, 6)
    again = numbers_of(once(source(), memory))
    assert again == [0, 1, 2, 6]


@pytest.mark.parametrize("cursor", ["{", "{}", '{"time": 1, "ids": [1]}', '{"time": "x"}', "null"])
def test_a_cursor_that_cannot_be_used_means_the_beginning(logs: Any, cursor: str) -> None:
    put(logs, 1, ago=60 * MINUTE)
    memory = Taken()
    memory.cursors["logs:trail"] = cursor
    assert numbers_of(once(source(), memory)) == [1]


def test_messages_that_are_no_records_do_no_harm(logs: Any) -> None:
    events = [{"timestamp": now(), "message": "\u202eno JSON \\ud800 {"}]
    logs.put_log_events(logGroupName="trail", logStreamName="one", logEvents=events)
    put(logs, 2)
    (portion,) = once(source()).portions
    found = list(read_records(portion.content))
    assert len([item for item in found if isinstance(item, RawRecord)]) == 1
    assert len(found) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault("FilterLogEvents", status=400, code="ThrottlingException", times=3),
        Fault("FilterLogEvents", status=503, code="ServiceUnavailableException", times=2),
        Fault("FilterLogEvents", status=400, code="AccessDeniedException", times=2),
        Fault("FilterLogEvents", "reset", times=2),
        Fault("FilterLogEvents", "truncate", times=2),
        Fault("FilterLogEvents", "slow", times=2),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.code}",
)
def test_what_fails_is_tried_again(logs: Any, aws: Proxy, fault: Fault) -> None:
    put(logs, 1, 2)
    made = source()
    aws.faults.append(replace(fault))
    with watching(made) as run:
        run.wait(lambda: sorted(numbers_of(run)) == [1, 2])
        run.wait_drained()
        assert run.offers.index(run.drained[0]) > run.offers.index(run.portions[0])
        assert len(run.troubles) == (0 if fault.kind == "slow" else 1)
        assert not aws.faults[0].times


def test_a_busy_group_is_not_read_again_and_again(
    logs: Any, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs_module, "_LONG_SHARE", 10_000)
    put(logs, 1)
    with watching(source()) as run:
        run.wait_drained()
        put(logs, 2, ago=10 * MINUTE)
        put(logs, 3)
        run.wait(lambda: 3 in numbers_of(run))
        assert 2 not in numbers_of(run)


def test_what_does_not_exist_is_refused(aws: Proxy) -> None:
    with pytest.raises(UsageError, match="the log group nothing does not exist"):
        open_source(SourceSettings("logs", "nothing"), since=None, limit=1)


def test_a_name_holds_the_region(logs: Any) -> None:
    settings = SourceSettings("logs", "trail", region="us-east-1")
    assert open_source(settings, since=None, limit=1).name == "logs:us-east-1:trail"
