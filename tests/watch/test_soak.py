"""An hour of busy accounts: a watch's memory stays what it was."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.records import START, log_file, record
from tests.watch.parts import STACK, Quiet, Recording, people
from trailwarden.watch import Database, Watch, WatchOptions
from trailwarden.watch.portion import Drained, Memory, Offer, Portion

RATE = 1_000  # records a second
FILES = 360  # one for ten seconds
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Busy:
    """An hour of records, ten seconds in each file; the clock goes with them."""

    name = "busy"

    def __init__(self) -> None:
        self.now = START
        self.resident: list[int] = []
        rng = random.Random(1)
        self._record = [record(user=f"user{rng.randrange(500)}") for _ in range(RATE)]

    def clock(self) -> datetime:
        return self.now

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        del memory, stop, once
        for number in range(FILES):
            self.now = START + timedelta(seconds=10 * (number + 1))
            put(Portion(self.name, str(number), "1", f"{number}.json.gz", self._file(number)))
            put(Drained(self.name, self.now))
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.resident.append(pages * _PAGE)

    def _file(self, number: int) -> bytes:
        at = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        items: list[dict[str, Any]] = []
        for second in range(10):
            for place, one in enumerate(self._record):
                which = (number * 10 + second) * RATE + place
                event_id = f"00000000-0000-4000-8000-{which:012x}"
                items.append({**one, "eventTime": at, "eventID": event_id})
        if number % 120 == 0:
            items.append(record("StopLogging", user="eve") | {"eventTime": at})
        return gzip.compress(log_file(items), 1)


class Blind(Quiet):
    """Remembers nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


@pytest.mark.soak
def test_an_hour_of_load_leaves_memory_flat(tmp_path: Path) -> None:
    busy, postman = Busy(), Recording()
    with Database(tmp_path) as database:
        watch = Watch(
            STACK,
            [busy],
            database,
            WatchOptions(lateness=300, once=True),
            route=people,
            postmen=[postman],
            observer=Blind(),
            clock=busy.clock,
        )
        summary = watch.run()
    assert summary.records == FILES * 10 * RATE + FILES // 120
    assert len(postman.sent) >= FILES // 120
    # What grows are the keys that tell duplicates, up to a budget of 96 MiB.
    assert max(busy.resident[-10:]) - busy.resident[FILES // 4] < 96 * 1024 * 1024
