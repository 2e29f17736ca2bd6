"""Ordinary records that a control's filters match as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from trailwarden.audit.model import Finding
from trailwarden.audit.ordinary import Ordinary, ordinary
from trailwarden.monitor.digest import Hit
from trailwarden.stack.controls import Control
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.model import Stack

_Match = Callable[[Sequence[Mapping[str, Any]]], Sequence[Hit | None]]
_SHOWN = 3  # ordinary events in a message about a filter that matches all of them
_INDISCRIMINATE = 0.5  # of the common records; a filter that matches less does so by mistake


class Noise:
    """``indiscriminate`` are numbers of the filters that match at least half of a common log."""

    def __init__(self, stack: Stack, match: _Match) -> None:
        self._stack = stack
        records = ordinary()
        self._matched: dict[int, list[Ordinary]] = {}
        for one, hit in zip(records, match([one.record for one in records]), strict=True):
            for number in hit.filters if hit else ():
                self._matched.setdefault(number, []).append(one)
        common = sum(one.is_common for one in records)
        self.indiscriminate = frozenset(
            number
            for number, found in self._matched.items()
            if sum(one.is_common for one in found) >= common * _INDISCRIMINATE
        )

    def of_everything(self, number: int) -> Finding:
        """Of a filter that is indiscriminate: what matches it alone might as well match nothing."""
        metric_filter = self._stack.metric_filters[number]
        listed = ", ".join(one.name for one in self._matched[number][:_SHOWN])
        return Finding(
            "matches-everything",
            "noise",
            "fail",
            f"only the filter {quoted(metric_filter.filter_name)} matches, and that matches nearly "
            f"every record ({listed}, …)",
            location=place_of_filter(self._stack, metric_filter),
        )

    def of(
        self, control: Control, filters: Iterable[int]
    ) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
        """Names of the ordinary events that the filters match, and a finding for each filter."""
        names: dict[str, None] = {}
        findings: list[Finding] = []
        for number in filters:
            found = [
                one
                for one in self._matched.get(number, ())
                if not one.controls or control.key in one.controls
            ]
            names.update(dict.fromkeys(one.name for one in found))
            if found:
                findings.append(self._finding(number, found))
        return tuple(names), tuple(findings)

    def _finding(self, number: int, found: Sequence[Ordinary]) -> Finding:
        metric_filter = self._stack.metric_filters[number]
        name = quoted(metric_filter.filter_name)
        place = place_of_filter(self._stack, metric_filter)
        listed = ", ".join(one.name for one in found)
        return Finding(
            "also-matches",
            "noise",
            "weak",
            f"the filter {name} also matches: {listed}",
            "; ".join(dict.fromkeys(one.cure for one in found)),
            place,
        )
