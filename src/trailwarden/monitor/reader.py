"""Records in, a digest out: which records match which filters, and who did it.

There are three ways with one result, and tests compare them. The fastest skims a CloudTrail file
and decodes only the records that may match. Without the compiled extension, and where that refuses
a file, it is decoded into Structs of just the wanted fields. Whatever these cannot take (broken
JSON, odd packagings, records that are not objects) goes the plain way, record by record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from trailwarden.monitor.digest import Digest
from trailwarden.monitor.hits import Collector, Extractor, Hits
from trailwarden.monitor.matching import Matcher
from trailwarden.monitor.merging import merged
from trailwarden.monitor.placing import placed
from trailwarden.monitor.skimming import TIME, Skimmed, skim_for
from trailwarden.monitor.timing import Timing
from trailwarden.problems import Problem
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import (
    DECODING_ERRORS,
    PROCESS_SECRET,
    Fault,
    Keyed,
    RawRecord,
    RecordKeys,
    carries_events,
    decode_record,
    is_plain_records,
    read_records,
)

_BLOCK = 10_000  # records that are held in memory at once, on the plain way
# A log has an object in a hundred bytes. Millions of tiny ones are an attack on memory.
_MOST_OBJECTS, _LEAST_BYTES = 2_000_000, 24


class DigestReader:
    """Digests batches of records for ``filters``; ``timing`` says when a record counts.

    ``plain`` evaluates every pattern on every record without the index: slow, and the oracle of
    the tests. ``hits`` collects the records that match; another kind may note more of them.
    ``secret`` is what the keys of records are made with.
    """

    def __init__(
        self,
        filters: Sequence[MetricFilter],
        timing: Timing | None = None,
        *,
        plain: bool = False,
        hits: Collector = Hits,
        secret: bytes = PROCESS_SECRET,
    ) -> None:
        self._timing = timing or Timing()
        self._plain = plain
        self._hits = hits
        self._extractor = Extractor(filters)
        self.matcher = Matcher(filters, (TIME,), plain=plain)
        index = self.matcher.index
        self._keys = RecordKeys(secret)
        self.skim = None if plain else skim_for(index, self._keys)
        self._read_time = index.reader(TIME)
        self._file = msgspec.json.Decoder(_log_file(index.struct))
        self._keyed_file = msgspec.json.Decoder(_log_file(Keyed))
        self._raw_file = msgspec.json.Decoder(_log_file(msgspec.Raw))

    def digest(self, payload: bytes, source: str, delivered: datetime | None = None) -> Digest:
        """Digest the uncompressed content of one log file, in whatever packaging."""
        if carries_events(payload):
            return self.digest_records(read_records(payload), source, delivered)
        skimmed = self.skim.read(payload) if self.skim is not None else None
        if skimmed is not None:
            return self._skimmed(skimmed, payload, source, delivered)
        if is_bomb(payload):
            return Digest(source, problems=[_too_many_objects(source)])
        if not self._plain and is_plain_records(payload):
            try:
                return self._decoded(payload, source, delivered)
            except DECODING_ERRORS:
                pass  # something in it is odd: the other way finds out what, and reads the rest
        return self.digest_records(read_records(payload), source, delivered)

    def _skimmed(
        self, skimmed: Skimmed, payload: bytes, source: str, delivered: datetime | None
    ) -> Digest:
        """The fastest way: only the records that may matter are decoded."""
        keys, seconds = skimmed.keys, skimmed.seconds
        for position, start, end in skimmed.odd:
            raw = bytes(payload[start:end])
            fields = decode_record(raw)
            keys[2 * position], keys[2 * position + 1] = self._keys.of_text(raw)
            seconds[position] = self._timing.seconds_of([fields.get(TIME)])[0]
        if skimmed.odd or not self._timing.takes(skimmed.first, skimmed.last):
            digest, at = placed(self._timing, keys, seconds, source, delivered)
        else:
            digest, at = skimmed.digest(source), seconds
        hits = self._hits(self._extractor, source)
        for position, start, end in skimmed.found:
            raw = bytes(payload[start:end])
            record = self.matcher.decode(raw)
            if record is not None and self.skim is not None:
                self.skim.learn(record)
            hits.add(position, at[position], self.matcher.matched(record, raw), raw)
        hits.put_into(digest)
        return digest

    def _decoded(self, payload: bytes, source: str, delivered: datetime | None) -> Digest:
        """The way without the compiled extension: every record becomes a Struct."""
        records = self._file.decode(payload).Records
        keys = self._keys.of_all(self._keyed_file.decode(payload).Records)
        seconds = self._timing.seconds_of([self._read_time(record) for record in records])
        digest, at = placed(self._timing, keys, seconds, source, delivered)
        hits = self._hits(self._extractor, source)
        found = self.matcher.index.find(records)
        raws = self._raw_file.decode(payload).Records if found else []
        for position in found:
            matched = self.matcher.matched(records[position], raws[position])
            hits.add(position, at[position], matched, raws[position])
        hits.put_into(digest)
        return digest

    def digest_records(
        self,
        raw_records: Iterable[RawRecord | Fault],
        source: str,
        delivered: datetime | None = None,
    ) -> Digest:
        """Digest records one by one: any packaging, any damage."""
        problems: list[Problem] = []
        hits = self._hits(self._extractor, source)
        parts: list[Digest] = []
        records = _without_faults(raw_records, source, problems)
        read = 0
        while block := list(islice(records, _BLOCK)):
            parts.append(self._block(block, read, hits, source, delivered))
            read += len(block)
        digest = merged(source, parts)
        digest.problems = problems + digest.problems
        hits.put_into(digest)
        return digest

    def _block(
        self,
        block: Sequence[RawRecord],
        offset: int,
        hits: Hits,
        source: str,
        delivered: datetime | None,
    ) -> Digest:
        records = [self.matcher.decode(raw.data) for raw in block]
        keys = self._keys.of_texts(raw.data for raw in block)
        times = [self._time(record, raw.data) for record, raw in zip(records, block, strict=True)]
        seconds = self._timing.seconds_of(times)
        deliveries = [raw.delivered or delivered for raw in block]
        digest, at = placed(self._timing, keys, seconds, source, deliveries)
        for position, (record, raw) in enumerate(zip(records, block, strict=True)):
            matched = self.matcher.matched(record, raw.data)
            hits.add(offset + position, at[position], matched, raw.data)
        return digest

    def _time(self, record: Any, data: bytes) -> Any:
        return decode_record(data).get(TIME, UNSET) if record is None else self._read_time(record)


def is_bomb(payload: bytes) -> bool:
    """True for a file of far more, and far smaller, objects than a log can hold."""
    if len(payload) < 2 * _MOST_OBJECTS:
        return False
    objects = payload.count(b"{")
    return objects > _MOST_OBJECTS and objects * _LEAST_BYTES > len(payload)


def _too_many_objects(source: str) -> Problem:
    return Problem(
        source,
        "too-many-objects",
        "the file holds more objects than a log of its size can, and was left unread",
        "leave it out: CloudTrail writes no such file",
    )


def _without_faults(
    items: Iterable[RawRecord | Fault], source: str, problems: list[Problem]
) -> Iterator[RawRecord]:
    for item in items:
        if isinstance(item, Fault):
            problems.append(item.problem(source))
        else:
            yield item


def _log_file(record: Any) -> Any:
    """The type of CloudTrail's file: an object whose Records are of the type ``record``."""
    return msgspec.defstruct("LogFile", [("Records", list[record])], gc=False)
