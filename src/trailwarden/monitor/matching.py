"""Which of a stack's filters match a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from trailwarden.patterns.many import Ids, PatternIndex
from trailwarden.stack.model import MetricFilter
from trailwarden.trail import DECODING_ERRORS


class Matcher:
    """Matches records against ``filters``; filters of one pattern are evaluated once.

    ``plain`` evaluates every pattern on the text of every record, without the index: slow, and the
    oracle of the tests. ``extra`` are further fields that records are to be decoded with.
    """

    def __init__(
        self, filters: Sequence[MetricFilter], extra: Sequence[str], *, plain: bool = False
    ) -> None:
        by_text: dict[str, list[int]] = {}
        for number, metric_filter in enumerate(filters):
            by_text.setdefault(metric_filter.filter_pattern, []).append(number)
        self._filters = [tuple(numbers) for numbers in by_text.values()]  # of each pattern
        self._patterns = [filters[numbers[0]].pattern for numbers in self._filters]
        self._has_twins = len(self._patterns) < len(filters)
        self._plain = plain
        self.index = PatternIndex(self._patterns, extra=extra)
        self._decoder = msgspec.json.Decoder(self.index.struct)

    def decode(self, data: bytes) -> Any:
        """The record as a Struct of the index, or None where only the plain evaluator can tell."""
        if self._plain:
            return None
        try:
            return self._decoder.decode(data)
        except DECODING_ERRORS:
            return None

    def matched(self, record: Any, raw: bytes | msgspec.Raw) -> Ids:
        """Numbers of the filters whose pattern matches, sorted.

        ``record`` is what :meth:`decode` made of the JSON text ``raw``.
        """
        certain: Ids = ()
        perhaps: Ids = tuple(range(len(self._patterns)))
        if record is not None:
            certain, perhaps = self.index.match(record)
        if perhaps:
            text = bytes(raw)
            certain += tuple(number for number in perhaps if self._patterns[number].matches(text))
        if self._has_twins:
            certain = tuple(twin for number in certain for twin in self._filters[number])
        return tuple(sorted(certain))
