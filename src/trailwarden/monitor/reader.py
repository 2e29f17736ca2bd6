"""Records in, a digest out: which records match which filters, and who did it.

There are three ways with one result, and tests compare them. The fastest skims a CloudTrail file
and decodes only the records that may match; without the compiled extension, a file is decoded into
Structs of just the wanted fields. Whatever these cannot take (broken JSON, odd packagings, records
that are not objects) goes the plain way, record by record.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from trailwarden.monitor.digest import Digest, Hit, Sample
from trailwarden.monitor.events import event_of
from trailwarden.monitor.metrics import is_varying
from trailwarden.monitor.samples import PER_MINUTE
from trailwarden.monitor.skimming import Skimmed, skim_for
from trailwarden.monitor.timing import Timing
from trailwarden.patterns.many import PatternIndex
from trailwarden.problems import Problem
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import (
    Fault,
    RawRecord,
    decode_record,
    hash_ids,
    is_plain_records,
    principal_of,
    read_records,
)


class DigestReader:
    """Digests batches of records for ``filters``; ``timing`` says when a record counts.

    ``plain`` evaluates every pattern on every record without the index: slow, and the oracle of
    the tests.
    """

    def __init__(
        self, filters: Sequence[MetricFilter], timing: Timing | None = None, *, plain: bool = False
    ) -> None:
        self._filters = filters
        self._patterns = [f.pattern for f in filters]
        self._timing = timing or Timing()
        self._plain = plain
        self._varying = {
            number: transformation
            for number, metric_filter in enumerate(filters)
            for transformation in metric_filter.metric_transformations[:1]
            if is_varying(transformation)
        }
        self._index = PatternIndex(self._patterns, extra=("eventID", "eventTime"))
        self._read_id = self._index.reader("eventID")
        self._read_time = self._index.reader("eventTime")
        self._record = msgspec.json.Decoder(self._index.struct)
        self._file = msgspec.json.Decoder(_log_file(self._index.struct))
        self._skim = None if plain else skim_for(self._index)
        self._raw_file = msgspec.json.Decoder(_log_file(msgspec.Raw))

    def digest(self, payload: bytes, source: str, delivered: datetime | None = None) -> Digest:
        """Digest the uncompressed content of one log file, in whatever packaging."""
        if not self._plain:
            skimmed = self._skim.read(payload) if self._skim is not None else None
            if skimmed is not None:
                return self._skimmed(skimmed, payload, source, delivered)
            if is_plain_records(payload):
                try:
                    return self._decoded(payload, source, delivered)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    pass  # something in it is odd: the other way finds out what, and reads the rest
        return self.digest_records(read_records(payload), source, delivered)

    def _skimmed(
        self, skimmed: Skimmed, payload: bytes, source: str, delivered: datetime | None
    ) -> Digest:
        """The fastest way: only the records that may matter are decoded."""
        keys, seconds = skimmed.keys, skimmed.seconds
        for position, start, end in skimmed.odd:
            fields = decode_record(bytes(payload[start:end]))
            keys[position] = hash_ids([fields.get("eventID")])[0]
            seconds[position] = self._timing.seconds_of([fields.get("eventTime")])[0]
        if skimmed.odd or not self._timing.takes(skimmed.first, skimmed.last):
            digest, placed = self._placed(keys, seconds, source, delivered)
        else:
            digest, placed = skimmed.digest(source), seconds
        hits = _Hits(self, digest, placed)
        for position, start, end in skimmed.found:
            raw = bytes(payload[start:end])
            record = self._decode(raw)
            if record is not None and self._skim is not None:
                self._skim.learn(record)
            hits.add(position, self._matched(record, raw), raw)
        hits.finish()
        return digest

    def _decoded(self, payload: bytes, source: str, delivered: datetime | None) -> Digest:
        """The way without the compiled extension: every record becomes a Struct."""
        records = self._file.decode(payload).Records
        digest, seconds = self._placed(
            hash_ids([self._read_id(record) for record in records]),
            self._timing.seconds_of([self._read_time(record) for record in records]),
            source,
            delivered,
        )
        found = self._index.find(records)
        if found:
            raws = self._raw_file.decode(payload).Records
            hits = _Hits(self, digest, seconds)
            for position in found:
                hits.add(position, self._matched(records[position], raws[position]), raws[position])
            hits.finish()
        return digest

    def digest_records(
        self,
        raw_records: Iterable[RawRecord | Fault],
        source: str,
        delivered: datetime | None = None,
    ) -> Digest:
        """Digest records one by one: any packaging, any damage."""
        problems: list[Problem] = []
        rows: list[tuple[Any, bytes]] = []
        ids: list[Any] = []
        times: list[Any] = []
        deliveries: list[datetime | None] = []
        for item in raw_records:
            if isinstance(item, Fault):
                problems.append(item.problem(source))
                continue
            record = self._decode(item.data)
            if record is None:
                fields = decode_record(item.data)
                ids.append(fields.get("eventID", UNSET))
                times.append(fields.get("eventTime", UNSET))
            else:
                ids.append(self._read_id(record))
                times.append(self._read_time(record))
            rows.append((record, item.data))
            deliveries.append(item.delivered or delivered)
        seconds = self._timing.seconds_of(times)
        digest, placed = self._placed(hash_ids(ids), seconds, source, deliveries)
        digest.problems = problems + digest.problems
        hits = _Hits(self, digest, placed)
        for position, (record, raw) in enumerate(rows):
            hits.add(position, self._matched(record, raw), raw)
        hits.finish()
        return digest

    def _decode(self, data: bytes) -> Any:
        """The record as a Struct of the index, or None where only the plain evaluator can tell."""
        if self._plain:
            return None
        try:
            return self._record.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def _placed(
        self,
        keys: array[int],
        event_seconds: Sequence[int],
        source: str,
        delivered: datetime | Sequence[datetime | None] | None,
    ) -> tuple[Digest, Sequence[int]]:
        """A digest without hits, and the second at which each record counts."""
        timed = self._timing.place(event_seconds, delivered, source)
        for position in timed.outside:
            keys[position] = 0
        digest = Digest(
            source=source,
            keys=keys.tobytes(),
            minutes=timed.minutes.tobytes(),
            counts=sorted(Counter(timed.minutes).items()),
            event_minutes=b"" if timed.event_minutes is None else timed.event_minutes.tobytes(),
            first=timed.first,
            last=timed.last,
            outside=len(timed.outside),
            problems=timed.problems,
        )
        return digest, timed.seconds

    def _matched(self, record: Any, raw: bytes | msgspec.Raw) -> Sequence[int]:
        """Numbers of the filters whose pattern matches, sorted."""
        certain: Sequence[int] = ()
        perhaps: Sequence[int] = range(len(self._patterns))
        if record is not None:
            certain, perhaps = self._index.match(record)
        if not perhaps:
            return certain
        text = bytes(raw)
        found = [number for number in perhaps if self._patterns[number].matches(text)]
        return sorted([*certain, *found])

    def samples(self, matched: Iterable[int], raw: bytes) -> tuple[Sample, ...]:
        """What the record adds to metrics whose value or dimensions it determines itself."""
        found: list[Sample] = []
        for number in matched:
            transformation = self._varying.get(number)
            if transformation is None:
                continue
            sample = self._patterns[number].extract(
                raw, transformation.metric_value, dict(transformation.dimensions)
            )
            if sample is not None:  # rule D-13: an unreadable value publishes nothing
                found.append(Sample(number, sample.value, tuple(sorted(sample.dimensions.items()))))
        return tuple(found)


class _Hits:
    """Collects the hits of one digest, and samples of the events behind them."""

    def __init__(self, reader: DigestReader, digest: Digest, seconds: Sequence[int]) -> None:
        self._reader = reader
        self._digest = digest
        self._seconds = seconds
        self._principals: dict[str, int] = {}
        self._sampled: Counter[tuple[int, int]] = Counter()
        self._hits: list[Hit] = []
        self._events: list[Any] = []

    def add(self, position: int, matched: Sequence[int], raw: bytes | msgspec.Raw) -> None:
        second = self._seconds[position]
        if not matched or second < 0:
            return
        text = bytes(raw)
        record = decode_record(text)
        principal = principal_of(record)
        number = self._principals.setdefault(principal.name, len(self._principals))
        samples = self._reader.samples(matched, text)
        self._hits.append(Hit(position, second, tuple(matched), number, samples))
        buckets = [(n, second // 60) for n in matched]
        if any(self._sampled[bucket] < PER_MINUTE for bucket in buckets):
            self._sampled.update(buckets)
            event = event_of(record, text, principal, self._digest.source)
            self._events.append((position, event))

    def finish(self) -> None:
        self._digest.hits = self._hits
        self._digest.principals = list(self._principals)
        self._digest.events = self._events


def _log_file(record: Any) -> Any:
    """The type of CloudTrail's file: an object whose Records are of the type ``record``."""
    return msgspec.defstruct("LogFile", [("Records", list[record])], gc=False)
