"""Records of a time to come: those of a wrong clock, here or where they were written."""

from __future__ import annotations

from collections.abc import Collection

from trailwarden.monitor.digest import Digest


def part_ahead(digest: Digest, left_out: Collection[int], limit: int) -> Digest | None:
    """What of ``digest`` counts at or after the minute ``limit`` (since the epoch).

    None where nothing does. Positions in ``left_out`` are duplicates, which the result no longer
    holds: it needs no keys, and has none.
    """
    without = frozenset(left_out)
    counts = [(m, n) for m, n in digest.counts_without(without) if m >= limit]
    if not counts:
        return None
    hits = [hit for hit in digest.hits if hit.second // 60 >= limit and hit.position not in without]
    kept = {hit.position for hit in hits}
    return Digest(
        digest.source,
        counts=counts,
        hits=hits,
        principals=digest.principals,
        actions=digest.actions,
        events=[(position, event) for position, event in digest.events if position in kept],
        first=min(counts)[0] * 60,
        last=max(counts)[0] * 60 + 59,
    )
