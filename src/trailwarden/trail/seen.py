"""Which records were seen before: CloudTrail delivers some more than once.

A record is known by its key (:class:`~trailwarden.trail.keys.RecordKeys`). A copy has the eventTime
of the first, so the keys are kept by the hour of that: an archive is mostly read in the order of
time, and the hours behind can rest in a temporary file. An id that comes again with another content
is noticed as long as it is among the latest.
"""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import IO

from trailwarden.errors import UsageError
from trailwarden.problems import Problem
from trailwarden.trail.keyset import KEY_COST, KeySet
from trailwarden.trail.partitions import Partition, SpillFile, part_of

DEFAULT_BUDGET = 96 * 1024 * 1024
_OUTSIDE = -2  # the minute of a record that was not asked for
_MINUTES = 60
# Hours share partitions so that even absurd times make only so many.
_ROOTS = 8192
_PARTS_IN_BUDGET = 8  # a partition larger than this part of the budget is split
_LEAST_KEYS = 16
_RECENT_IDS = 262_144  # that are remembered apart from what they stand for

_SEED = int.from_bytes(os.urandom(8))
_Node = Partition | list["_Node"]


class SeenIds:
    """Remembers keys. A context manager: the temporary file goes with it.

    ``budget`` is the memory in bytes, about, that the keys may take up. The answers depend on the
    order of the calls, never on the budget.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._most_keys = max(_LEAST_KEYS, budget // (_PARTS_IN_BUDGET * KEY_COST))
        self._roots: dict[int, _Node] = {}
        self._hours: dict[int, int] = {}  # the newest hour of each root
        self._resident: dict[Partition, int] = {}  # with their costs; the last used comes last
        self._cost = 0
        self._file: SpillFile | None = None
        self._resources = ExitStack()
        self._recent = KeySet(_SEED)
        self.others: list[int] = []  # see check()

    def check(
        self, keys: array[int], minutes: array[int], *, span: tuple[int, int] | None = None
    ) -> list[int]:
        """Positions of the keys that were seen before, in this batch or an earlier one.

        ``keys`` holds two numbers for each record. Afterwards ``others`` holds the positions of
        records whose id was seen before, and lately, with another content: no copies.
        ``minutes`` are those of eventTime since the epoch, or -1 where it is unknown, -2 where the
        record was not asked for; ``span`` holds the first and the last of them, if known. Two
        records are copies if both the key and the hour are the same; a key whose first number is 0
        is nobody's, and never a copy. Raises UsageError where the temporary file cannot be used.
        """
        copies: list[int] = []
        for hour, positions in _by_hour(minutes, span):
            root = hour % _ROOTS
            self._hours[root] = max(hour, self._hours.get(root, hour))
            node = self._roots.get(root)
            if node is None:
                node = self._roots[root] = Partition()
            of_hour = keys if len(positions) == len(minutes) else _chosen(keys, positions)
            if isinstance(node, Partition):
                self._load(node)
                copies += [positions[place] for place in node.add(of_hour)]
                self._roots[root] = self._used(node)
            else:
                copies += [positions[place] for place in self._check_parts(node, of_hour)]
        self._trim()
        copies.sort()
        self.others = self._other_contents(keys, copies)
        return copies

    def _other_contents(self, keys: array[int], copies: list[int]) -> list[int]:
        if len(self._recent) >= _RECENT_IDS:
            self._recent = KeySet(_SEED)
        ids = array("Q", bytes(len(keys) * 8))
        ids[0::2] = keys[0::2]
        again = self._recent.add(ids.tobytes())
        return sorted(set(again).difference(copies)) if again else []

    def _check_parts(self, node: list[_Node], keys: array[int]) -> list[int]:
        """Check keys against a partition that was split."""
        waiting: list[tuple[list[_Node], int, Sequence[int]]]
        waiting = [(node, 0, range(len(keys) // 2))]
        copies: list[int] = []
        while waiting:
            parts, level, places = waiting.pop()
            by_part: defaultdict[int, list[int]] = defaultdict(list)
            for place in places:
                if keys[2 * place]:
                    by_part[part_of(keys[2 * place + 1], level)].append(place)
            for number, those in by_part.items():
                below = parts[number]
                if isinstance(below, list):
                    waiting.append((below, level + 1, those))
                    continue
                self._load(below)
                copies += [those[place] for place in below.add(_chosen(keys, those))]
                parts[number] = self._used(below)
        return copies

    def forget(self, minute: int) -> None:
        """Drop the keys of all hours that ended before ``minute``: a copy of theirs is news again.

        That is for runs without an end; the times must be of one year.
        """
        old = [root for root, hour in self._hours.items() if hour < minute // _MINUTES]
        waiting = [self._roots.pop(root) for root in old if self._hours.pop(root) is not None]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting += node
                continue
            node.give_up(self._file)
            self._cost -= self._resident.pop(node, 0)

    def _load(self, partition: Partition) -> None:
        try:
            partition.load(self._file)
        except OSError as error:
            raise _no_room(error) from None

    def _used(self, partition: Partition) -> _Node:
        """Note that a partition was used; return what stands in its place from now on."""
        self._cost -= self._resident.pop(partition, 0)
        if len(partition) <= self._most_keys:
            self._resident[partition] = partition.cost
            self._cost += partition.cost
            return partition
        return [self._used(part) for part in partition.split(self._file)]

    def _trim(self) -> None:
        """Stay within the budget: leave to the file what was not used for long."""
        if self._cost <= self._budget:
            return
        enough = self._budget // 2
        for partition in list(self._resident):
            if self._cost <= enough:
                return
            self._spill(partition)

    def _spill(self, partition: Partition) -> None:
        try:
            if self._file is None:
                self._file = SpillFile(self._open())
            partition.spill(self._file)
        except OSError as error:
            raise _no_room(error) from None
        self._cost -= self._resident.pop(partition)

    def _open(self) -> IO[bytes]:
        import tempfile  # noqa: PLC0415 - few archives need it

        return self._resources.enter_context(tempfile.TemporaryFile(prefix="trailwarden-"))

    def close(self) -> None:
        """Give up the temporary file."""
        self._resources.close()

    def __enter__(self) -> SeenIds:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def reused_ids(source: str, count: int) -> Problem:
    """The problem of records whose id stands for another event, too. They count all the same."""
    return Problem(
        source,
        "reused-event-id",
        "a record has the eventID of another, different one; both count",
        "find out who wrote the file: an eventID is that of one event",
        count=count,
    )


def _by_hour(
    minutes: array[int], span: tuple[int, int] | None
) -> Iterable[tuple[int, Sequence[int]]]:
    """The positions of each hour, in order. Most batches lie within one."""
    if not minutes:
        return ()
    first, last = span or (min(minutes), max(minutes))
    if first >= 0 and first // _MINUTES == last // _MINUTES:
        return ((first // _MINUTES, range(len(minutes))),)
    if first >= 0 and last // _MINUTES == first // _MINUTES + 1:  # a file around the full hour
        turn = last // _MINUTES * _MINUTES
        before = [place for place, minute in enumerate(minutes) if minute < turn]
        after = [place for place, minute in enumerate(minutes) if minute >= turn]
        return (first // _MINUTES, before), (last // _MINUTES, after)
    hours: defaultdict[int, list[int]] = defaultdict(list)
    for position, minute in enumerate(minutes):
        if minute != _OUTSIDE:
            hours[minute // _MINUTES].append(position)
    return hours.items()


def _chosen(keys: array[int], positions: Sequence[int]) -> array[int]:
    chosen: array[int] = array("Q")
    for position in positions:
        chosen += keys[2 * position : 2 * position + 2]
    return chosen


def _no_room(error: OSError) -> UsageError:
    return UsageError(
        f"remembering which records were seen failed: {error.strerror}",
        cure="set TMPDIR to a folder with room, or use --no-dedupe",
    )
