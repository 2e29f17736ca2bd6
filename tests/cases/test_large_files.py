"""A file that is too large to be in memory is read in parts, with the outcome of the whole."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
import zstandard

from tests.cases.test_one_outcome import FILTERS, mutated, outcome, readers
from tests.records import log_file, metric_filter, record
from trailwarden.monitor import DigestReader
from trailwarden.monitor.digest import Digest
from trailwarden.trail import Sizes, Stream, unpack

FILES = 150
_MOST = 2**30


def chunks(payload: bytes, size: int = 700) -> Iterator[bytes]:
    for at in range(0, len(payload), size):
        yield payload[at : at + size]


def in_parts(reader: DigestReader, payload: bytes, sizes: Sizes) -> Digest:
    found = reader.digest_stream(chunks(payload), "a.json", sizes=sizes)
    # How much a file holds that was given up, nobody knows who has not seen its end.
    found.problems = [
        replace(one, message=one.message.partition(" (")[0]) if one.code == "given-up" else one
        for one in found.problems
    ]
    return found


def small(window: int) -> Sizes:
    return Sizes(window=window, piece=window // 2, lines=window // 4)


def test_mutated_files_have_one_outcome_in_parts_and_whole() -> None:
    ways = readers()
    for number in range(FILES):
        payload, largest = mutated(random.Random(number), records=40)
        first = outcome(ways[0].digest(payload, "a.json"))
        for way in ways:
            found = in_parts(way, payload, small(2 * largest + 4000))
            assert outcome(found) == first, f"file {number}"


@pytest.mark.parametrize("separator", [", ", ",\n  ", ","])
def test_records_are_read_many_at_once(separator: str, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record("StopLogging", n % 60, number=n) for n in range(200)]
    listed = separator.join(json.dumps(one) for one in records)
    payload = f'{{"Records": [{listed}], "more": 1}}'.encode()
    reader = DigestReader(FILTERS)
    one_by_one = []
    block = reader.block
    monkeypatch.setattr(
        reader,
        "block",
        lambda part, *rest, **how: one_by_one.extend(part) or block(part, *rest, **how),
    )
    found = in_parts(reader, payload, small(16_000))
    assert outcome(found) == outcome(reader.digest(payload, "a.json"))
    assert len(one_by_one) < 20


def test_the_place_of_damage_is_told_by_line_and_column_in_the_file() -> None:
    records = [record("Put", n % 60, number=n) for n in range(300)]
    lines = [json.dumps(one) for one in records]
    lines[250] = lines[250][:-1]
    for payload in ("\n".join(lines), f'{{"Records":[{",".join(lines)}]}}'):
        reader = DigestReader(FILTERS)
        whole = reader.digest(payload.encode(), "a.json")
        assert whole.problems
        found = in_parts(reader, payload.encode(), small(8_000))
        assert found.problems == whole.problems


def test_a_value_without_end_costs_its_neighbours_nothing() -> None:
    giant = json.dumps(record("Put", requestParameters={"x": "a" * 200_000}))
    good = [json.dumps(record("StopLogging", n)) for n in range(2)]
    payload = f'{{"Records":[{good[0]},{giant},{good[1]}]}}'.encode()
    found = in_parts(DigestReader((metric_filter(),)), payload, small(20_000))
    assert [problem.code for problem in found.problems] == ["too-large-record"]
    assert len(found.hits) == 2


def stored_forms(payload: bytes) -> list[bytes]:
    half = len(payload) // 2
    packed = gzip.compress(payload[:half]) + gzip.compress(payload[half:])
    frames = zstandard.compress(payload[:half]) + zstandard.compress(payload[half:])
    damaged = packed[:900] + b"\xff\xff\xff" + packed[903:]
    return [
        *(payload, packed, frames, gzip.compress(packed), packed + b"\0" * 9, packed + b"odd"),
        *(packed[:-3], frames[:-3], damaged, gzip.compress(b""), b"\x1f", frames + b"odd"),
        *(gzip.compress(gzip.compress(gzip.compress(gzip.compress(payload)))),),
    ]


@pytest.mark.parametrize("number", range(13))
def test_a_stream_gives_what_unpacking_gives(number: int) -> None:
    chance = random.Random(1)
    payload = bytes(chance.choices(range(32, 127), k=200_000))
    stored = stored_forms(payload)[number]
    whole = unpack(stored, limit=_MOST)
    stream = Stream(io.BytesIO(stored).read, limit=_MOST)
    assert b"".join(stream) == whole.payload
    assert stream.fault == whole.fault


def test_a_stream_ends_at_the_limit_by_name() -> None:
    stored = gzip.compress(log_file([record("StopLogging", n) for n in range(50)]))
    stream = Stream(io.BytesIO(stored).read, limit=1000)
    assert len(b"".join(stream)) == stream.total == 1000
    assert stream.fault is not None
    assert stream.fault.code == "too-large"
