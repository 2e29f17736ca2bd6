"""Label values: few, short, and of one line, whatever they are made from."""

from __future__ import annotations

from trailwarden.text import visible

OTHER = "other"
_LONGEST = 600  # characters: a metric filter's name may have 512


class Bounded:
    """Turns names into label values, of which there are at most ``most``; the rest are ``other``.

    Each label value costs memory here and in Prometheus for good. Names of settings and stacks are
    few; this holds if something else ever becomes one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, name: str) -> str:
        label = visible(name, _LONGEST)  # a template's names may hold what is no UTF-8
        if label not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(label)
        return label
