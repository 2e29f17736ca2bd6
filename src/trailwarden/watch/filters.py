"""Which filter of an earlier run is which of this one: kept digests speak of filters by number."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trailwarden.monitor.digest import Digest, Hit
from trailwarden.stack.model import MetricFilter


def fingerprint(filters: Sequence[MetricFilter]) -> bytes:
    """What identifies each filter, in order: a JSON text."""
    return msgspec.json.encode(
        [
            (one.log_group_name, one.filter_name, one.filter_pattern, one.metric_transformations)
            for one in filters
        ]
    )


class Renumbering:
    """Translates digests of a run with the filters ``old`` for one with the filters ``new``."""

    def __init__(self, old: bytes, new: bytes) -> None:
        places = {_key(one): place for place, one in enumerate(msgspec.json.decode(new))}
        known = [places.get(_key(one)) for one in msgspec.json.decode(old)]
        self._numbers = {place: number for place, number in enumerate(known) if number is not None}
        self.is_needed = old != new

    def applied(self, digest: Digest) -> Digest:
        """The digest in the new numbers; matches of filters that are gone are left out."""
        if self.is_needed:
            hits = [self._hit(hit) for hit in digest.hits]
            digest.hits = [hit for hit in hits if hit.filters]
        return digest

    def _hit(self, hit: Hit) -> Hit:
        numbers = self._numbers
        return Hit(
            hit.position,
            hit.second,
            tuple(numbers[number] for number in hit.filters if number in numbers),
            hit.principal,
            tuple(
                msgspec.structs.replace(sample, filter=numbers[sample.filter])
                for sample in hit.samples
                if sample.filter in numbers
            ),
            hit.action,
        )


def _key(one: object) -> bytes:
    return msgspec.json.encode(one)
