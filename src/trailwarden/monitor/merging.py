"""The digests of a file's parts, as the digest of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from trailwarden.monitor.digest import UNNAMED, Action, Digest
from trailwarden.problems import Problem

_MINUTE_SIZE = 4  # bytes of a minute in a column


def merged(source: str, parts: Sequence[Digest]) -> Digest:
    """All columns of ``parts``, one after the other. Hits and events are not merged."""
    if len(parts) == 1:
        return parts[0]
    counts: Counter[int] = Counter()
    for part in parts:
        counts.update(dict(part.counts))
    is_simple = not any(part.event_minutes for part in parts)
    return Digest(
        source=source,
        keys=b"".join(part.keys for part in parts),
        minutes=b"".join(part.minutes for part in parts),
        counts=sorted(counts.items()),
        event_minutes=b""
        if is_simple
        else b"".join(part.event_minutes or part.minutes for part in parts),
        first=min((part.first for part in parts if part.first is not None), default=None),
        last=max((part.last for part in parts if part.last is not None), default=None),
        problems=_folded(problem for part in parts for problem in part.problems),
    )


def joined(source: str, parts: Sequence[Digest]) -> Digest:
    """The digests of several files as one, with their hits and events."""
    digest = merged(source, [Digest(source), *parts])
    principals: dict[str, int] = {}
    actions: dict[Action, int] = {}
    offset = 0
    for part in parts:
        numbers = [principals.setdefault(name, len(principals)) for name in part.principals]
        for hit in part.hits:
            action = part.action_of(hit)
            moved = msgspec.structs.replace(
                hit,
                position=hit.position + offset,
                principal=numbers[hit.principal],
                action=-1 if action is UNNAMED else actions.setdefault(action, len(actions)),
            )
            digest.hits.append(moved)
        digest.events += [(position + offset, event) for position, event in part.events]
        offset += len(part.minute_array())
    digest.principals = list(principals)
    digest.actions = list(actions)
    return digest


def thin_out(digest: Digest, kept: Sequence[int]) -> None:
    """Leave only the rows at these positions in the columns of ``digest``; its counts stay."""
    if len(kept) == len(digest.minutes) // _MINUTE_SIZE:
        return
    digest.keys = b"".join(digest.keys[16 * place : 16 * place + 16] for place in kept)
    minutes, event_minutes = digest.minutes, digest.event_minutes
    digest.minutes = b"".join(_row(minutes, place) for place in kept)
    digest.event_minutes = b"".join(_row(event_minutes, place) for place in kept)


def _row(column: bytes, place: int) -> bytes:
    return column[_MINUTE_SIZE * place : _MINUTE_SIZE * (place + 1)]


def _folded(problems: Iterable[Problem]) -> list[Problem]:
    """Problems that differ only in how many they stand for, as one."""
    counts: dict[Problem, int] = {}
    for problem in problems:
        alike = replace(problem, count=0)
        counts[alike] = counts.get(alike, 0) + problem.count
    return [replace(problem, count=count) for problem, count in counts.items()]
