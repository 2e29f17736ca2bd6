"""Skimming agrees with a real JSON reader on everything, or refuses."""

from __future__ import annotations

import json
import random
from array import array
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from tests.speedups.conftest import needs_extension
from trailwarden.times import EPOCH
from trailwarden.trail import RecordKeys

pytestmark = needs_extension

PATHS = (("a",), ("name",), ("who", "kind"), ("who", "kind", "deep"))
NAMES = ("a", "name", "who", "kind", "deep", "id", "time", "Records", "other", "é", 'q"\\')


def skimmer(*boring: str) -> Any:
    from trailwarden._speedups import RecordSkimmer

    made = RecordSkimmer(
        "Records", ("id",), ("time",), PATHS, 7, (0, 0, 1, 1, 0), RecordKeys().numbers
    )
    for column in range(len(PATHS)):
        made.bore_nothing(column, True, True)
        for value in boring:
            made.bore(column, value.encode())
    return made


def no_constant(text: str) -> Any:
    raise ValueError(text)


def strict(text: bytes) -> Any:
    return json.loads(text, parse_constant=no_constant)


def wanted(record: dict[str, Any], path: tuple[str, ...]) -> tuple[bool, Any]:
    value: Any = record
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False, None
        value = value[name]
    return True, value


def is_interesting(record: dict[str, Any], boring: set[str]) -> bool:
    for path in PATHS:
        found, value = wanted(record, path)
        if found and value is not None and not (isinstance(value, str) and value in boring):
            return True
    return False


UUIDS = st.uuids().map(str)
TIMES = (
    st.integers(0, 4_102_444_799)
    .map(lambda second: EPOCH + timedelta(seconds=second))
    .map(lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
)
TEXTS = st.sampled_from(["", "x", "dull", "text of sixteen.", 'a "quoted" \\ text', "é", "\n"]) | (
    st.text(max_size=40)
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | UUIDS
    | TIMES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=7)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A log file, spaced and escaped one way or another."""
    records = draw(st.lists(RECORDS, max_size=5))
    content = {"Records": records}
    if draw(st.booleans()):
        content = draw(st.sampled_from([{"x": 1} | content, content | {"y": {"Records": []}}]))
    compact = draw(st.booleans())
    text = json.dumps(
        content,
        ensure_ascii=draw(st.booleans()),
        separators=(",", ":") if compact else None,
        indent=None if compact else draw(st.sampled_from([None, 2, "\t"])),
    )
    return text.encode("utf-8", "surrogatepass")


def check(payload: bytes, boring: set[str]) -> bool:
    """Compare a skim with the oracle; False where it refused."""
    result = skimmer(*boring).skim(payload)
    if result is None:
        return False
    keys, seconds, minutes, counts, first, last, odd, found, is_ascii = result
    assert is_ascii or not payload.isascii()
    if not is_ascii:
        payload.decode()
    records = strict(payload)["Records"]
    assert len(array("Q", keys)) == 2 * len(records)
    odd_places = {position for position, _, _ in odd}
    for position, record in enumerate(records):
        if position in odd_places:
            continue
        assert (array("Q", keys)[2 * position] != 0) is bool(record.get("id"))
        expected = -1
        if "time" in record:
            time = datetime.strptime(record["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            expected = int(time.timestamp())
        assert array("q", seconds)[position] == expected
        assert array("i", minutes)[position] == (-1 if expected < 0 else expected // 60)
    interesting = [n for n, record in enumerate(records) if is_interesting(record, boring)]
    places = [position for position, _, _ in found]
    assert set(interesting) <= set(places)
    if set(places) != set(interesting):  # a boring text in escapes is looked at all the same
        assert b"\\" in payload
    for position, start, end in [*odd, *found]:
        assert strict(payload[start:end]) == records[position]
    if counts is not None:
        assert sum(count for _, count in counts) == len(records)
        assert {minute for minute, _ in counts} == set(array("i", minutes))
    if records:
        assert (first, last) == (min(array("q", seconds)), max(array("q", seconds)))
    return True


@given(files(), st.sets(TEXTS, max_size=4))
@settings(max_examples=400)
@example(b'{"Records":[{"who":{"kind":"x"},"who":{}}]}', set())
@example(b'{"Records":[{"who":{"kind":{"deep":"x"}},"who":{"kind":"x"}}]}', {"x"})
@example(b'{"Records":[{"a":"x","a":null}]}', set())
def test_skimming_agrees_with_a_json_reader(payload: bytes, boring: set[str]) -> None:
    check(payload, boring)


@given(files(), st.randoms(use_true_random=False))
@settings(max_examples=300)
def test_damaged_text_is_refused_or_still_valid(payload: bytes, rng: random.Random) -> None:
    damaged = bytearray(payload)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(damaged) + 1)
        match rng.randrange(3):
            case 0:
                damaged[place : place + rng.randint(1, 4)] = b""
            case 1:
                damaged[place:place] = bytes([rng.choice(b'{}[]",:\\\x00\x1fe-+.0u\xff')])
            case _:
                damaged[place : place + 1] = bytes([rng.randrange(256)])
    with suppress(UnicodeDecodeError):  # said to be left to the caller
        check(bytes(damaged), set())


@given(st.binary(max_size=200))
def test_any_bytes(payload: bytes) -> None:
    skimmer().skim(payload)
    skimmer().skim(bytearray(payload))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[]",
        b'{"Records":{}}',
        b'{"Records":[1]}',
        b'{"Records":[{}],}',
        b'{"Records":[{}]}x',
        b'{"Records":[{}],"Records":[{}]}',
        b'{"Records":[{"a":01}]}',
        b'{"Records":[{"a":1.}]}',
        b'{"Records":[{"a":-}]}',
        b'{"Records":[{"a":1e}]}',
        b'{"Records":[{"a":tru}]}',
        b'{"Records":[{"a":NaN}]}',
        b'{"Records":[{"a":"\\x"}]}',
        b'{"Records":[{"a":"\\u12g4"}]}',
        b'{"Records":[{"a":"\\ud800"}]}',
        b'{"Records":[{"a":"\t"}]}',
        b'{"Records":[{"a":"\x00"}]}',
        b'{"Records":[{"a" "b"}]}',
        b'{"Records":[{"a":1,}]}',
        b'{"Records":[{"a":[1,]}]}',
        b'{"Records":[{"\\u0061":1}]}',
        b'{"Rec\\u006frds":[{}]}',
        b"\xef\xbb\xbf" + b'{"Records":[{}]}',
        b'{"Records":[{"a":' + b"[" * 300 + b"]" * 300 + b"}]}",
    ],
)
def test_what_is_not_plain_is_refused(payload: bytes) -> None:
    assert skimmer().skim(payload) is None


@pytest.mark.parametrize(
    ("time", "is_odd"),
    [
        ("2024-02-29T23:59:59Z", False),
        ("1970-01-01T00:00:00Z", False),
        ("2099-12-31T23:59:59Z", False),
        ("2100-01-01T00:00:00Z", True),
        ("1969-12-31T23:59:59Z", True),
        ("9999-12-31T23:59:59Z", True),
        ("2023-02-29T00:00:00Z", True),
        ("1900-02-28T00:00:00Z", True),
        ("2100-02-29T00:00:00Z", True),
        ("2024-00-10T00:00:00Z", True),
        ("2024-01-01T24:00:00Z", True),
        ("2024-01-01T00:00:60Z", True),
        ("2024-01-01T00:00:00+", True),
        ("2024-01-01T00:00:00.5Z", True),
    ],
)
def test_times(time: str, is_odd: bool) -> None:
    payload = json.dumps({"Records": [{"time": time}]}).encode()
    result = skimmer().skim(payload)
    assert bool(result[6]) == is_odd
    if not is_odd:
        expected = datetime.fromisoformat(time).timestamp()
        assert array("q", result[1])[0] == expected


def test_values_are_learnt_and_forgotten_within_bounds() -> None:
    made = skimmer()
    payload = b'{"Records":[' + b",".join(b'{"name":"v%d"}' % n for n in range(60_000)) + b"]}"
    assert len(made.skim(payload)[7]) == 60_000
    for number in range(60_000):
        made.bore(1, b"v%d" % number)
    left = len(made.skim(payload)[7])
    # The table was emptied once on the way, and what came after it is known.
    assert 50_000 <= left < 60_000
    made.bore(1, b"x" * 10_000)  # too long to remember, and no error


def test_very_many_minutes_are_not_counted() -> None:
    times = [{"time": f"2024-05-01T{n // 60:02}:{n % 60:02}:00Z"} for n in range(100)]
    assert skimmer().skim(json.dumps({"Records": times}).encode())[3] is None


@pytest.mark.parametrize(
    "paths",
    [(("a",), ("a",)), ((),), (("x" * 300,),), tuple((f"f{n}",) for n in range(300))],
)
def test_paths_beyond_its_limits_are_refused(paths: tuple[tuple[str, ...], ...]) -> None:
    from trailwarden._speedups import RecordSkimmer

    with pytest.raises(ValueError, match=r"."):
        RecordSkimmer("Records", ("id",), ("time",), paths, 1, (0,) * 5, RecordKeys().numbers)
