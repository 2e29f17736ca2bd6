"""Records in, a digest out: which records match which filters, and who did it.

There are three ways with one result, and tests compare them. The fastest skims a CloudTrail file
and decodes only the records that may match. Without the compiled extension, and where that refuses
a file, it is decoded into Structs of just the wanted fields. Whatever these cannot take (broken
JSON, odd packagings, records that are not objects) goes the plain way, record by record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice, takewhile
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
    Sizes,
    carries_events,
    decode_record,
    fault,
    is_heavy,
    is_plain_records,
    judged,
    read_heavy,
    read_parts,
    read_records,
)

_BLOCK = 10_000  # records that are held in memory at once, on the plain way
_BLOCK_SIZE = 16 * 1024 * 1024  # bytes of them
_MINUTE_SIZE = 4  # bytes of a minute in a digest
# What is kept of each record of a file, and of each that matches, is in memory until its end.
_MOST_RECORDS, _MOST_HITS = 20_000_000, 2_000_000


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
        hits = self._hits(self._extractor, source)
        digest = self._skimmed_part(skimmed, payload, 0, hits, source, delivered)
        hits.put_into(digest)
        return digest

    def _skimmed_part(
        self,
        skimmed: Skimmed,
        payload: bytes,
        offset: int,
        hits: Hits,
        source: str,
        delivered: datetime | None,
    ) -> Digest:
        """A digest whose hits are in ``hits``, by positions from ``offset`` on."""
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
        for position, start, end in skimmed.found:
            raw = judged(bytes(payload[start:end]))
            record = self.matcher.decode(raw)
            if record is not None and self.skim is not None:
                self.skim.learn(record)
            hits.add(offset + position, at[position], self.matcher.matched(record, raw), raw)
        return digest

    def _decoded(self, payload: bytes, source: str, delivered: datetime | None) -> Digest:
        """The way without the compiled extension: every record becomes a Struct."""
        hits = self._hits(self._extractor, source)
        digest = self._decoded_part(payload, 0, hits, source, delivered)
        hits.put_into(digest)
        return digest

    def _decoded_part(
        self, payload: bytes, offset: int, hits: Hits, source: str, delivered: datetime | None
    ) -> Digest:
        records = self._file.decode(payload).Records
        keys = self._keys.of_all(self._keyed_file.decode(payload).Records)
        seconds = self._timing.seconds_of([self._read_time(record) for record in records])
        digest, at = placed(self._timing, keys, seconds, source, delivered)
        found = self.matcher.index.find(records)
        raws = self._raw_file.decode(payload).Records if found else []
        for position in found:
            matched = self.matcher.matched(records[position], raws[position])
            hits.add(offset + position, at[position], matched, raws[position])
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
            parts.append(self.block(block, read, hits, source, delivered))
            read += len(block)
        digest = merged(source, parts)
        digest.problems = problems + digest.problems
        hits.put_into(digest)
        return digest

    def _heavy(self, payload: bytes, source: str, delivered: datetime | None) -> Digest:
        """Digest a file of very many objects, in the memory that some of them take at a time.

        Of records without an id that match nothing only the counts stay.
        """
        parts = _Parts(self, source, delivered)
        return parts.digest(list(read_heavy(payload, parts.add)))

    def digest_stream(
        self,
        chunks: Iterator[bytes],
        source: str,
        delivered: datetime | None = None,
        *,
        sizes: Sizes | None = None,
    ) -> Digest:
        """Digest a file that is too large to be in memory, from its uncompressed bytes.

        Of records without an id that match nothing only the counts stay.
        """
        parts = _Parts(self, source, delivered)
        bounded = takewhile(lambda _: not parts.is_full, chunks)
        faults = list(read_parts(bounded, parts.add, parts.listed, sizes or Sizes()))
        if parts.is_full:
            # What is cut off ends too early, which says nothing.
            faults = [one for one in faults if one.code != "truncated-json"]
            faults.append(fault("too-many-records", detail=f"{_MOST_RECORDS:,} or {_MOST_HITS:,}"))
        return parts.digest(faults)

    def part_of_list(
        self, elements: bytes, offset: int, hits: Hits, source: str, delivered: datetime | None
    ) -> Digest | None:
        """Digest elements of a ``Records`` list, as :meth:`block`.

        None where something about them is odd.
        """
        payload = b"%b%b%b" % (b'{"Records":[', elements, b"]}")
        if self._plain or carries_events(payload):
            return None
        skimmed = self.skim.read(payload) if self.skim is not None else None
        if skimmed is not None:
            return self._skimmed_part(skimmed, payload, offset, hits, source, delivered)
        if is_heavy(payload) or not is_plain_records(payload):
            return None
        try:
            return self._decoded_part(payload, offset, hits, source, delivered)
        except DECODING_ERRORS:
            return None

    def hits_of(self, source: str) -> Hits:
        """A collector of the hits of one file."""
        return self._hits(self._extractor, source)

    def block(
        self,
        block: Sequence[RawRecord],
        offset: int,
        hits: Hits,
        source: str,
        delivered: datetime | None,
        *,
        thin: bool = False,
    ) -> Digest:
        """Digest some records of a file, whose hits go to ``hits`` by positions from ``offset`` on.

        ``thin``: of records without an id that match nothing only the counts stay.
        """
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


class _Parts:
    """The digest of one file, from parts of it that are in memory one after the other."""

    def __init__(self, reader: DigestReader, source: str, delivered: datetime | None) -> None:
        self._reader = reader
        self._about = source, delivered
        self._hits = reader.hits_of(source)
        self._parts: list[Digest] = []
        self._block: list[RawRecord] = []
        self._size = 0
        self._rows = 0
        self._read = 0

    @property
    def is_full(self) -> bool:
        """True when there are more records, or more of them match, than one digest holds."""
        return self._read > _MOST_RECORDS or self._hits.count > _MOST_HITS

    def add(self, record: RawRecord) -> None:
        self._block.append(record)
        self._read += 1
        self._size += len(record.data)
        if len(self._block) == _BLOCK or self._size > _BLOCK_SIZE:
            self._close()

    def listed(self, elements: bytes) -> int:
        """How many elements of a list of records were taken: all, or none."""
        self._close()
        part = self._reader.part_of_list(elements, self._rows, self._hits, *self._about)
        count = 0 if part is None else self._took(part)
        self._read += count
        return count

    def digest(self, faults: Iterable[Fault]) -> Digest:
        """What all of it comes to, when there is no more."""
        self._close()
        source = self._about[0]
        digest = merged(source, [Digest(source, problems=[]), *self._parts])
        digest.problems = [fault.problem(source) for fault in faults] + digest.problems
        self._hits.put_into(digest)
        return digest

    def _close(self) -> None:
        if self._block:
            block, place = self._block, (self._rows, self._hits, *self._about)
            self._took(self._reader.block(block, *place, thin=True))
            self._block.clear()
            self._size = 0

    def _took(self, part: Digest) -> int:
        rows = len(part.minutes) // _MINUTE_SIZE
        self._rows += rows
        self._parts.append(part)
        return rows


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
