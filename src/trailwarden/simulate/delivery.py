"""From records to log files: how CloudTrail delivers.

A record arrives some time after its call and waits for the next file of its account and region.
Files are stamped with a time on a grid of five minutes, so a record is delivered after 3.4 minutes
in the middle, and after ten at most. Where many records wait they fill several files. Now and then
one is delivered a second time, as delivery is promised at least once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log
from random import Random

from trailwarden.simulate.identifiers import file_unique
from trailwarden.simulate.scribe import Event
from trailwarden.times import from_epoch

_GRID = 300  # seconds between the stamps of files
_LEAST, _USUAL, _MOST = 15.0, 50.0, 300.0  # seconds until a record arrives
_FILE_SIZE = 250  # records, about
_TWICE = 1 / 2500  # of the records

_Key = tuple[int, str, str]  # stamp, account, region


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file: ``key`` is its S3 key, ``records`` are in the order of their arrival."""

    key: str
    records: list[bytes]

    def payload(self) -> bytes:
        """The file's JSON."""
        return b'{"Records":[' + b",".join(self.records) + b"]}"


class Delivery:
    """Delivers the records of one day; ``duplicates`` counts those delivered again."""

    def __init__(self, rng: Random) -> None:
        self.duplicates = 0
        self._random = rng
        self._waiting: dict[_Key, list[tuple[float, bytes]]] = {}

    def files(self, events: Iterable[Event]) -> Iterator[LogFile]:
        """The log files of ``events``, which come in the order of their times."""
        due = 0
        for event in events:
            if event.time >= due:
                yield from self._flush(event.time)
                due = (event.time // _GRID + 1) * _GRID
            arrival = self._arrive(event, float(event.time))
            if self._random.random() < _TWICE:
                self.duplicates += 1
                self._arrive(event, arrival + _GRID)
        yield from self._flush(None)

    def _arrive(self, event: Event, earliest: float) -> float:
        lag = _LEAST - log(1.0 - self._random.random()) * _USUAL
        arrival = earliest + min(lag, _MOST)
        stamp = -int(-arrival // _GRID) * _GRID
        key = (stamp, event.account, event.region)
        self._waiting.setdefault(key, []).append((arrival, event.data))
        return arrival

    def _flush(self, now: int | None) -> Iterator[LogFile]:
        for key in sorted(key for key in self._waiting if now is None or key[0] <= now):
            arrived = sorted(self._waiting.pop(key))
            count = 1 + len(arrived) // _FILE_SIZE
            files: list[list[bytes]] = [[] for _ in range(count)]
            for _, data in arrived:
                files[int(self._random.random() * count)].append(data)
            for records in files:
                if records:
                    yield LogFile(self._name(*key), records)

    def _name(self, stamp: int, account: str, region: str) -> str:
        moment = from_epoch(stamp)
        return (
            f"AWSLogs/{account}/CloudTrail/{region}/{moment:%Y/%m/%d}/"
            f"{account}_CloudTrail_{region}_{moment:%Y%m%dT%H%MZ}_{file_unique(self._random)}"
            ".json.gz"
        )
