"""Fuzzes the way of a file from its bytes to its records.

With atheris installed, coverage guides it: ``python fuzz/record_reader.py CORPUS``. Without, inputs
are mutated at random: ``python fuzz/record_reader.py --runs 100000 --seed 1``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator

import zstandard

from trailwarden.trail import (
    Fault,
    RecordKeys,
    content_kind,
    decode_record,
    epoch_of_event_time,
    is_plain_records,
    principal_of,
    read_records,
    unpack,
)

LIMIT = 1 << 20
_KEYS = RecordKeys()
_RECORD = {
    "eventVersion": "1.08",
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/A/b"},
    "eventTime": "2024-05-01T12:00:00Z",
    "eventName": "StopLogging",
    "eventID": "01234567-89ab-cdef-0123-456789abcdee",
    "requestParameters": {"name": "\\ud800 é", "list": [1, -2.5e3, None, True, {}]},
}
_TOKENS = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"\0", b"\xff", b"[" * 2000,
    b'{"a":' * 2000, b'{"Records":[', b'{"events":[{"message":', b'{"detail":', b'{"eventVersion":',
    b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"2024-05-01T12:00:00Z ", b"9" * 5000, b"\\ud800",
)  # fmt: skip


def check(data: bytes) -> None:
    """Read ``data`` like a log file. Raises if anything promised does not hold."""
    unpacked = unpack(data, limit=LIMIT)
    assert len(unpacked.payload) <= LIMIT
    for payload in (unpacked.payload, data):
        content_kind(payload)
        is_plain_records(payload)
        codes = []
        for item in read_records(payload):
            if isinstance(item, Fault):
                assert item.message
                assert item.cure
                assert item.count > 0
                codes.append(item.code)
                continue
            assert not codes, "faults come last"
            assert item.data.startswith(b"{")
            item.data.decode()
            fields = decode_record(item.data)
            assert principal_of(fields).name
            epoch_of_event_time(fields.get("eventTime"))
            assert len(_KEYS.of_text(item.data)) == 2
        assert len(codes) == len(set(codes)), "faults of one code are folded"


def seeds() -> list[bytes]:
    """Well-formed files to begin with."""
    text = json.dumps(_RECORD)
    log_file = json.dumps({"Records": [_RECORD] * 3}).encode()
    return [
        log_file,
        json.dumps([_RECORD, _RECORD], indent=1).encode(),
        f"{text}\n{text}\n".encode(),
        f"2024-05-01T12:00:00.000Z {text}\n".encode() * 2,
        json.dumps({"Events": [{"CloudTrailEvent": text}]}).encode(),
        json.dumps({"events": [{"message": text, "timestamp": 1714564800000}]}).encode(),
        json.dumps({"detail-type": "AWS API Call via CloudTrail", "detail": _RECORD}).encode(),
        gzip.compress(log_file, mtime=0),
        gzip.compress(log_file, mtime=0) * 2,
        zstandard.compress(log_file),
    ]


def mutations(chance: random.Random) -> Iterator[bytes]:
    """Damaged files without end."""
    corpus = seeds()
    while True:
        data = bytearray(chance.choice(corpus))
        for _ in range(chance.randint(1, 8)):
            at = chance.randint(0, len(data))
            kind = chance.randrange(5)
            if kind == 0:
                data[at : at + 1] = chance.randbytes(1)
            elif kind == 1:
                data[at:at] = chance.choice(_TOKENS)
            elif kind == 2:
                del data[at : at + chance.randint(1, 60)]
            elif kind == 3:
                del data[at:]
            else:
                other = chance.choice(corpus)
                start = chance.randrange(len(other))
                data[at:at] = other[start : start + chance.randint(1, 200)]
        yield bytes(data)


def run(runs: int, seed: int) -> None:
    """Check that many mutations."""
    for _, data in zip(range(runs), mutations(random.Random(seed)), strict=False):
        try:
            check(data)
        except BaseException:
            print(f"failing input: {data!r}", file=sys.stderr)
            raise


def main() -> None:
    try:
        import atheris
    except ImportError:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("--runs", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1)
        arguments = parser.parse_args()
        run(arguments.runs, arguments.seed)
        return
    atheris.instrument_all()
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
