"""What sources hand over: portions of records, and how far they got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

from trailwarden.problems import Problem


def _nothing() -> None:
    """What most sources need to do when a portion is safe: nothing."""


@dataclass(frozen=True, slots=True)
class Portion:
    """One file, or one batch of records, with its content as stored (compressed or not).

    (``source``, ``key``, ``version``) identify it: what was taken once is not offered again.
    ``label`` is how to name it in problems (a path, an ``s3://`` URI). ``delivered`` (UTC) is when
    its records were delivered, if known. ``cursor`` is kept with it, and given back to the source
    after a restart. ``acknowledge`` is called once the portion is safe in the database, from the
    thread that took it: it must be quick and never raise.
    """

    source: str
    key: str
    version: str
    label: str
    content: bytes
    delivered: datetime | None = None
    cursor: str | None = None
    acknowledge: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Drained:
    """All that the source held at the time ``at`` (UTC) was handed over before this.

    ``left_out`` counts files that were not, for they are too old; where that is counted.
    """

    source: str
    at: datetime
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something could not be read.

    With ``lasting``, it will never be (a poison message): it is recorded and left. Otherwise the
    source keeps trying, and says Drained only when it works again.
    """

    source: str
    problem: Problem
    lasting: bool = False


Offer = Portion | Drained | Trouble


class Memory(Protocol):
    """What earlier portions left behind. Safe to ask from any thread."""

    def is_taken(self, source: str, key: str, version: str) -> bool: ...
    def cursor(self, source: str) -> str | None: ...


class Source(Protocol):
    """Where records come from. It works in a thread of its own."""

    @property
    def name(self) -> str: ...

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        """Offer what is there, then what comes, until ``stop``; with ``once`` only the former.

        ``put`` blocks while the other side is behind, and raises :class:`Stopped` when it is over.
        A portion offered but not yet safe is not "taken" yet: the source remembers by itself what
        it has offered. Never raises for what the world does (networks, permissions, odd content):
        that becomes Trouble. Sources that cannot start raise UsageError.
        """


class Stopped(Exception):  # noqa: N818 - no error: a request to leave
    """The watch is over: leave ``run``."""
