"""Deep, wide and damaged files: every way of reading gives one outcome."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.records import log_file, metric_filter, record
from trailwarden.monitor import DigestReader
from trailwarden.monitor.digest import Digest

FILTERS = [
    metric_filter(),
    metric_filter('{ $.errorCode = "AccessDenied*" }', name="denied"),
    metric_filter("{ $.requestParameters.a.a.a = x }", name="below"),
    metric_filter("{ $.userIdentity.type = Root }", name="root"),
]
FILES = 200
_MARK = b'"@@"'


def readers() -> list[DigestReader]:
    fast, decoding = DigestReader(FILTERS), DigestReader(FILTERS)
    decoding.skim = None  # as without the compiled extension
    return [fast, decoding, DigestReader(FILTERS, plain=True)]


def outcome(digest: Digest) -> Any:
    """What a run makes of a digest: rows of records that nobody can ask for again left out."""
    keys, minutes = digest.key_array(), digest.minute_array()
    rows = sorted(
        (keys[2 * place], keys[2 * place + 1], minute)
        for place, minute in enumerate(minutes)
        if keys[2 * place]
    )
    hits = sorted(
        (hit.second, hit.filters, digest.principals[hit.principal], hit.samples)
        for hit in digest.hits
    )
    events = sorted((event.event_id, event.event_name) for _, event in digest.events)
    return sorted(digest.counts), rows, hits, events, digest.problems, digest.first, digest.last


def _deep(chance: random.Random) -> bytes:
    depth = chance.choice([3, 190, 201, 255, 257, 900, 960, 975, 985, 990, 995, 1100, 5_000])
    if chance.random() < 0.5:
        return b"[" * depth + b"]" * depth
    return b'{"a":' * depth + b'"x"' + b"}" * depth


def _wide(chance: random.Random) -> bytes:
    part = chance.choice([b"{}", b"[]", b"0", b'{"a":{}}', b"null", b'"\\u00e9"'])
    return b"[" + b",".join([part] * chance.choice([10, 1_000, 20_000])) + b"]"


def _plain(chance: random.Random) -> bytes:
    return chance.choice(
        [
            b"1e999",
            b"-0",
            b'"\\ud83d\\ude00"',
            b'"\\ud800"',
            b"{}",
            b'"x"',
            b'{"a":{"a":{"a":"x"}}}',
        ]
    )


_KINDS: list[Callable[[random.Random], bytes]] = [_deep, _wide, _plain]
_FIELDS = ("requestParameters", "userIdentity", "errorCode", "eventID", "eventName", "extra")


def mutated(chance: random.Random, records: int = 4) -> tuple[bytes, int]:
    """A file of so many records, odd and damaged by chance, and the size of its largest record."""
    made = [
        record(chance.choice(["StopLogging", "Put"]), n, number=chance.randrange(10**6))
        for n in range(records)
    ]
    odd = chance.choice(made)
    odd[chance.choice(_FIELDS)] = "@@"
    payload = log_file(made)
    if chance.random() < 0.3:
        payload = b"\n".join(json.dumps(one).encode() for one in made)
    value = chance.choice(_KINDS)(chance)
    payload = payload.replace(_MARK, value)
    for _ in range(chance.choice([0, 0, 1, 3])):
        at = chance.randrange(len(payload))
        change = chance.choice([b"", b"{", b"]", b'"', b"\x00", b"\xff", b",", b"\n", b"\\"])
        payload = payload[:at] + change + payload[at + chance.choice([0, 1]) :]
    if chance.random() < 0.1:
        payload = payload[: chance.randrange(len(payload))]
    return payload, len(value) + len(json.dumps(odd))


def test_mutated_files_have_one_outcome() -> None:
    ways = readers()
    for number in range(FILES):
        payload, _ = mutated(random.Random(number))
        first, *others = [outcome(way.digest(payload, "a.json")) for way in ways]
        for other in others:
            assert other == first, f"file {number}"


@pytest.mark.parametrize("depth", [100, 250, 970, 980, 990, 1_000, 50_000])
def test_a_deep_record_is_judged_by_its_other_fields(depth: int) -> None:
    payload = log_file([record("StopLogging", requestParameters="@@")])
    payload = payload.replace(_MARK, b"[" * depth + b"]" * depth)
    for way in readers():
        found = way.digest(payload, "a.json")
        assert [hit.filters for hit in found.hits] == [(0,)]
        assert found.principals == ["user/alice (111122223333)"]


def test_empty_objects_hide_no_neighbour() -> None:
    full = record("Put", requestParameters={"items": "@@"}, userAgent="\\ud83d\\ude00")
    payload = log_file([full] * 12 + [record("StopLogging", 3)])
    payload = payload.replace(_MARK, b"[" + b"{}," * 40_000 + b"{}]")
    for way in readers():
        assert [hit.filters for hit in way.digest(payload, "a.json").hits] == [(0,)]
