"""Skimmed, decoded or plain: a file's digest is the same."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.records import START, log_file, metric_filter, record
from tests.shared_data import INVICTUS, STRATUS, needs_shared_data
from tests.speedups.conftest import needs_extension
from trailwarden.monitor import DigestReader, Timing, skimming
from trailwarden.monitor.digest import Digest
from trailwarden.stack import load
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import RecordKeys

pytestmark = needs_extension


def digests(filters: list[MetricFilter], payload: bytes, **timing: Any) -> list[Digest]:
    """The digest by each of the three ways; the first one twice, since it learns."""
    skimmer = DigestReader(filters, Timing(**timing))
    decoder = DigestReader(filters, Timing(**timing))
    decoder.skim = None
    plain = DigestReader(filters, Timing(**timing), plain=True)
    at = datetime(2024, 5, 2, tzinfo=UTC)
    return [reader.digest(payload, "a.json", at) for reader in (skimmer, skimmer, decoder, plain)]


def assert_alike(found: list[Digest]) -> None:
    assert found[0] == found[1] == found[2] == found[3]


FILTERS = [
    metric_filter("{ $.eventName = Stop* }"),
    metric_filter('{ $.errorCode = "AccessDenied*" }', name="denied"),
    metric_filter("{ ($.userIdentity.type = Root) && ($.eventName != Ignored) }", name="root"),
    metric_filter("{ $.requestParameters.sizes[1] = 7 }", name="element"),
    metric_filter("{ $.requestParameters.n = 1 }", name="number"),
    metric_filter('{ $.userIdentity.userName = "Zoë" }', name="unicode"),
]
VALUES = st.sampled_from(
    [None, True, 0, 1, 1.0, -0.0, "1", "StopLogging", "AccessDenied", "Root", "Zoë", [], {}]
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "eventName": VALUES,
        "errorCode": VALUES,
        "userIdentity": VALUES
        | st.dictionaries(st.sampled_from(["type", "userName", "arn"]), VALUES, max_size=3),
        "requestParameters": VALUES
        | st.fixed_dictionaries({}, optional={"sizes": st.lists(VALUES, max_size=3), "n": VALUES}),
        "eventID": VALUES | st.uuids().map(str) | st.just("not-a-uuid"),
        "eventTime": VALUES
        | st.integers(0, 9).map(lambda n: f"2024-05-01T12:0{n}:00Z")
        | st.sampled_from(["2024-05-01T12:00:00.123Z", "2024-05-01T14:00:00+02:00", "?"]),
        "Records": VALUES,
    },
)


@given(
    st.lists(RECORDS, max_size=6),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
    st.booleans(),
)
@settings(max_examples=300)
def test_odd_records(
    records: list[dict[str, Any]], separators: tuple[str, str], is_ascii: bool
) -> None:
    text = json.dumps({"Records": records}, separators=separators, ensure_ascii=is_ascii)
    assert_alike(digests(FILTERS, text.encode()))


@pytest.mark.parametrize(
    "text",
    [
        '{"Records":[{"eventName":"x","eventName":"StopLogging"},{"eventName":"Stop","eventName":1}]}',
        '{"Records":[{"event\\u004eame":"StopLogging"}]}',
        '{"Records":[{"eventName":"\\u0053topLogging"}]}',
        '{"Records":[{"userIdentity":{"type":"Root"},"userIdentity":{"arn":"x"}}]}',
        '{"Records":[{"userIdentity":[{"type":"Root"}]},{"userIdentity":{"userIdentity":1}}]}',
        '{"Records":[{"requestParameters":{"eventName":"StopLogging","n":1e0}},{}]}',
        '{"Records":[{"eventName":"StopLogging"}],"Other":{"Records":[{"eventName":"Stop"}]}}',
        '\n{"Extra":null,"Records":[ {"eventName":"StopLogging"} ] }\n',
        '{"Records":[{"eventName":"StopLogging\\ud83d\\ude00"},{"errorCode":"\\ud83d"}]}',
    ],
)
def test_look_alikes(text: str) -> None:
    assert_alike(digests(FILTERS, text.encode()))


def test_a_broken_byte() -> None:
    payload = log_file([record("StopLogging", number=1), record("Other", number=2)])
    found = digests(FILTERS, payload.replace(b"aws-cli", b"aws\xffcli", 1))
    assert [hit.position for hit in found[0].hits] == [0]
    assert_alike(found)


def test_very_many_minutes_and_ids_of_another_kind() -> None:
    records = [record("StopLogging", minute, number=minute) for minute in range(0, 3000, 7)]
    assert_alike(digests(FILTERS, log_file(records)))
    named = [item | {"eventID": f"event-{n}"} for n, item in enumerate(records)]
    skim = DigestReader(FILTERS).skim
    assert skim is not None
    assert skim.read(log_file(records)) is not None
    assert skim.read(log_file(named)) is None
    assert_alike(digests(FILTERS, log_file(named)))


@pytest.mark.parametrize("clock", ["event", "delivery"])
def test_intervals_and_clocks(clock: Any) -> None:
    records = [record("StopLogging", minute, number=minute) for minute in range(0, 200, 3)]
    since, until = START + timedelta(minutes=9), START + timedelta(minutes=120)
    assert_alike(digests(FILTERS, log_file(records), clock=clock, since=since, until=until))


def test_most_records_are_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(f"Describe{n % 50}", n / 60, number=n) for n in range(3000)]
    payload = log_file([*records, record("StopLogging", number=3000)])
    reader = DigestReader(FILTERS[:1])
    reader.digest(payload, "a.json")
    decoded = []
    monkeypatch.setattr(reader.matcher, "decode", decoded.append)
    reader.digest(payload, "b.json")
    assert len(decoded) == 1


def test_fields_that_differ_in_every_record_are_not_learnt_again_and_again() -> None:
    filters = [metric_filter("{ $.sourceIPAddress = 10.* }")]
    records = [record(sourceIPAddress=f"10.0.{n // 250}.{n % 250}", number=n) for n in range(900)]
    reader = DigestReader(filters)
    assert len(reader.digest(log_file(records), "a.json").hits) == 900
    assert reader.skim is not None
    assert not reader.skim._is_hopeful


@pytest.mark.parametrize(
    "pattern", ["", "AccessDenied", "{ $.eventID = *7 }", "{ $.eventTime = 2024* }"]
)
def test_patterns_that_need_more_than_columns(pattern: str) -> None:
    filters = [metric_filter(pattern)]
    assert skimming.skim_for(DigestReader(filters).matcher.index, RecordKeys()) is None
    records = [record("x", number=n, errorCode="AccessDenied") for n in range(20)]
    assert_alike(digests(filters, log_file(records)))


@needs_shared_data
@pytest.mark.parametrize("name", ["cis", "cis-1.2.0"])
def test_real_logs(name: str) -> None:
    filters = list(load(name).metric_filters)
    for path in [*INVICTUS.rglob("*.gz"), *STRATUS.rglob("*.json")]:
        payload = path.read_bytes()
        assert_alike(
            digests(filters, gzip.decompress(payload) if path.suffix == ".gz" else payload)
        )
