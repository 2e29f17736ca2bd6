"""Reading one table of the settings: each value checked for its type, every mistake noted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import cast

from trailwarden.settings.durations import parse_duration, spell_duration
from trailwarden.settings.expansion import ExpansionError, expand
from trailwarden.settings.findings import Findings, did_you_mean, shown
from trailwarden.settings.places import KeyPath

_NAMES: Mapping[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "an array",
    dict: "a table",
    datetime: "a time",
    date: "a date",
    time: "a time of day",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values may refer to: the environment, and files seen from ``folder``."""

    environment: Mapping[str, str]
    folder: Path


class Table:
    """A table at ``path``. Methods give None for what is missing or wrong; the latter is noted."""

    def __init__(
        self,
        values: Mapping[str, object],
        path: KeyPath,
        findings: Findings,
        surroundings: Surroundings,
    ) -> None:
        self.values = values
        self.path = path
        self.findings = findings
        self.surroundings = surroundings
        self._asked: dict[str, None] = {}

    def get(self, key: str) -> object:
        """The value as it is parsed; the key is known from now on."""
        self._asked[key] = None
        return self.values.get(key)

    def error(self, key: str | int, message: str, cure: str) -> None:
        """Note that the value of ``key`` is wrong."""
        self.findings.error((*self.path, key), message, cure)

    def require(self, *keys: str) -> None:
        """Note which of ``keys`` are missing."""
        for key in keys:
            if key not in self.values:
                self.error(key, f"{shown(key)} is missing", f"add a line: {key} = …")

    def text(self, key: str) -> str | None:
        """A text that is not empty, with its variables put in."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.wrong_type(key, value, "a text", "write it in quotes")
            return None
        return self.expanded((*self.path, key), value)

    def expanded(self, path: KeyPath, value: str) -> str | None:
        """``value`` at ``path`` with its variables put in, None (and noted) where it is empty."""
        try:
            text = expand(value, self.surroundings.environment)
        except ExpansionError as error:
            self.findings.error(path, error.message, error.cure)
            return None
        if not text.strip():
            self.findings.error(path, "the text is empty", "give a value, or remove the key")
            return None
        return text

    def choice(self, key: str, choices: Iterable[str]) -> str | None:
        """One of a few texts."""
        value, known = self.text(key), tuple(choices)
        if value is None or value in known:
            return value
        self.error(key, f"{self.as_written(key)} is not possible here", did_you_mean(value, known))
        return None

    def flag(self, key: str) -> bool | None:
        """true or false."""
        value = self.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong_type(key, value, "true or false", "write true or false, without quotes")
        return None

    def integer(self, key: str, least: int, most: int) -> int | None:
        """A whole number within limits; also as a text that comes from the environment."""
        value = self.get(key)
        cure = f"write a whole number from {least:,} to {most:,}"
        if isinstance(value, str):
            text = self.text(key)
            if text is None:
                return None
            value = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong_type(key, value, "a whole number", cure)
            return None
        if not least <= value <= most:
            self.error(key, "the number is out of range", cure)
            return None
        return value

    def duration(self, key: str, *, least: float = 0, most: float) -> float | None:
        """Seconds: a number, or a text such as ``15m``."""
        value = self.get(key)
        cure = (
            f"write a number of seconds or such as 90s, 15m, 36h, 7d, from {spell_duration(least)} "
            f"to {spell_duration(most)}"
        )
        seconds: float
        if isinstance(value, str):
            text = self.text(key)
            if text is None:
                return None
            try:
                seconds = parse_duration(text)
            except ValueError:
                self.error(key, f"{self.as_written(key)} is no duration", cure)
                return None
        elif value is None:
            return None
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong_type(key, value, "a duration", cure)
            return None
        else:
            seconds = value
        if not least <= seconds <= most:  # also refuses what is not a number, and infinity
            self.error(key, "the duration is out of range", cure)
            return None
        return float(seconds)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """An array of texts, or a single text, which stands for an array of it."""
        items = self.items(key)
        if items is None:
            return None
        found: list[str] = []
        for path, value in items:
            text = self._member(path, value, "text")
            found += [] if text is None else [text]
        return tuple(found)

    def members(
        self, key: str, known: Sequence[str], noun: str, *, fold: bool = False
    ) -> tuple[str, ...] | None:
        """Some of the texts that are ``known``, none twice; ``fold``: whatever their case."""
        items = self.items(key)
        if items is None:
            return None
        found: list[str] = []
        for path, value in items:
            text = self._member(path, value, noun)
            text = text.lower() if text is not None and fold else text
            if text is None:
                continue
            if text not in known:
                cure = did_you_mean(text, known)
                self.findings.error(path, f"there is no {noun} {shown(str(value))}", cure)
            elif text in found:
                self.findings.error(path, f"{shown(str(value))} stands twice", "remove one of them")
            else:
                found.append(text)
        return tuple(found)

    def _member(self, path: KeyPath, value: object, noun: str) -> str | None:
        if isinstance(value, str):
            return self.expanded(path, value)
        self.wrong_type(path[-1], value, f"a {noun}", "write it in quotes", path=path)
        return None

    def items(self, key: str) -> list[tuple[KeyPath, object]] | None:
        """The elements of an array with their paths; a value that is no array is its own."""
        value, path = self.get(key), (*self.path, key)
        if value is None:
            return None
        if isinstance(value, list):
            return [((*path, number), item) for number, item in enumerate(value)]
        return [(path, value)]

    def table(self, key: str) -> Table | None:
        """A table inside this one."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong_type(key, value, "a table", f"write [{key}] and its keys below")
            return None
        return self._inner(value, (*self.path, key))

    def tables(self, key: str) -> list[Table]:
        """The tables of an array of tables."""
        value = self.get(key)
        if value is None:
            return []
        cure = f"write [[{key}]], with two brackets, before each of them"
        if not isinstance(value, list):
            self.wrong_type(key, value, "an array of tables", cure)
            return []
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                path = (*self.path, key, number)
                self.wrong_type(number, item, "a table", cure, path=path)
        return [
            self._inner(item, (*self.path, key, number))
            for number, item in enumerate(value)
            if isinstance(item, dict)
        ]

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self._asked:
                self.error(
                    key, f"there is no key {shown(key)} here", did_you_mean(key, self._asked)
                )

    def wrong_type(
        self, key: str | int, value: object, wanted: str, cure: str, *, path: KeyPath | None = None
    ) -> None:
        """Note that ``value`` is not what is ``wanted``."""
        found = _NAMES.get(type(value), "something else")
        self.findings.error(path or (*self.path, key), f"this is {found}, not {wanted}", cure)

    def as_written(self, key: str) -> str:
        """The text of ``key`` for a message: as it stands in the file, variables not put in."""
        return shown(cast("str", self.values[key]))

    def _inner(self, values: Mapping[str, object], path: KeyPath) -> Table:
        return Table(values, path, self.findings, self.surroundings)
