"""Durations as people write them: ``90s``, ``15m``, ``36h``, ``7d``, or a number of seconds."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(ms|[smhdw])", re.ASCII)
_PLAIN = re.compile(r"\d{1,9}(?:\.\d{1,6})?", re.ASCII)


def parse_duration(text: str) -> float:
    """The seconds that ``text`` says; a number without a unit is seconds. Raises ValueError."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return float(text)
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("no duration")
    return float(match[1]) * _SECONDS[match[2]]


def spell_duration(seconds: float) -> str:
    """``90s``, ``15m``: in the largest unit that divides it."""
    for unit in ("w", "d", "h", "m"):
        if seconds >= _SECONDS[unit] and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.15g}{unit}"
    return f"{seconds:.15g}s"
