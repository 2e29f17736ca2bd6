"""Which filters are about which control: by the events that they match, not by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from trailwarden.monitor.digest import Hit
from trailwarden.stack.controls import VERSIONS, Control, controls, witnesses

_Match = Callable[[Sequence[Mapping[str, Any]]], Sequence[Hit | None]]


class Belonging:
    """A filter is about a control if it matches at least half of the events that this names.

    Where there are such filters that are about nothing else, the other ones match by accident: a
    failed sign-in has no MFA either. A filter that matches whatever there is (``indiscriminate``)
    is about nothing.
    """

    def __init__(self, match: _Match, indiscriminate: Collection[int]) -> None:
        about = {one.key: _about(one, match) for one in controls()}
        homes = Counter(number for numbers in about.values() for number in numbers)
        self._own: dict[str, tuple[int, ...]] = {}
        for key, numbers in about.items():
            telling = numbers - set(indiscriminate)
            alone = {number for number in telling if homes[number] == 1}
            self._own[key] = tuple(sorted(alone or telling))

    def of(self, control: Control) -> tuple[int, ...]:
        """Numbers of the filters that are about ``control``."""
        return self._own[control.key]

    def title(self, number: int) -> str:
        """What the filter is about, if that is one of the controls; empty otherwise."""
        return next((one.subject for one in controls() if number in self._own[one.key]), "")


def _about(control: Control, match: _Match) -> set[int]:
    named = [one.record for one in witnesses(control, VERSIONS[-1]) if one.is_named]
    counts = Counter(number for hit in match(named) if hit for number in hit.filters)
    return {number for number, count in counts.items() if count * 2 >= len(named)}
