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
from trailwarden.monitor.merging import merged, thin_out
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
    is_heavy,
    is_plain_records,
    judged,
    read_heavy,
    read_records,
)

_BLOCK = 10_000  # records that are held in memory at once, on the plain way
_BLOCK_SIZE = 16 * 1024 * 1024  # bytes of them
_MINUTE_SIZE = 4  # bytes of a minute in a digest


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
        if is_heavy(payload):
            return self._heavy(payload, source, delivered)
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
            raw = judged(bytes(payload[start:end]))
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

    def _heavy(self, payload: bytes, source: str, delivered: datetime | None) -> Digest:
        """Digest a file of very many objects, in the memory that some of them take at a time.

        Of records without an id that match nothing only the counts stay.
        """
        hits = self._hits(self._extractor, source)
        parts: list[Digest] = []
        block: list[RawRecord] = []
        read = size = 0

        def close() -> None:
            nonlocal read, size
            parts.append(self._block(block, read, hits, source, delivered, thin=True))
            read += len(parts[-1].minutes) // _MINUTE_SIZE
            block.clear()
            size = 0

        def add(record: RawRecord) -> None:
            nonlocal size
            block.append(record)
            size += len(record.data)
            if len(block) == _BLOCK or size > _BLOCK_SIZE:
                close()

        faults = list(read_heavy(payload, add))
        close()
        digest = merged(source, parts)
        digest.problems = [fault.problem(source) for fault in faults] + digest.problems
        hits.put_into(digest)
        return digest

    def _block(
        self,
        block: Sequence[RawRecord],
        offset: int,
        hits: Hits,
        source: str,
        delivered: datetime | None,
        *,
        thin: bool = False,
    ) -> Digest:
        texts = [judged(raw.data) for raw in block]
        records = [self.matcher.decode(text) for text in texts]
        keys = self._keys.of_texts(raw.data for raw in block)
        times = [self._time(record, text) for record, text in zip(records, texts, strict=True)]
        seconds = self._timing.seconds_of(times)
        deliveries = [raw.delivered or delivered for raw in block]
        digest, at = placed(self._timing, keys, seconds, source, deliveries)
        matches = [self.matcher.matched(*pair) for pair in zip(records, texts, strict=True)]
        kept: Sequence[int] = range(len(block))
        if thin:
            kept = [place for place in kept if matches[place] or keys[2 * place]]
            thin_out(digest, kept)
        for position, place in enumerate(kept):
            hits.add(offset + position, at[place], matches[place], texts[place])
        return digest

    def _time(self, record: Any, data: bytes) -> Any:
        return decode_record(data).get(TIME, UNSET) if record is None else self._read_time(record)


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
