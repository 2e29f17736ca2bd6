"""The options that a channel was given, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.errors import Location, UsageError
from trailwarden.notify.channels.catalogue import OPTIONS
from trailwarden.notify.options import Option
from trailwarden.settings.model import ChannelSettings, Secret
from trailwarden.text import visible

Value = str | int | bool | Secret | tuple[str, ...]


class Given:
    """Typed access to the options of one channel, with their defaults.

    Raises UsageError for an unknown option, one that is missing, and one of a wrong type or value.
    No value is ever part of a message: it may be a secret in the wrong place.
    """

    def __init__(self, settings: ChannelSettings) -> None:
        self._channel = settings.name
        self._options: Mapping[str, Option] = OPTIONS[settings.kind]
        self._values: Mapping[str, Value] = settings.options
        for name in settings.options:
            if name not in self._options:
                raise self.refused(name, "there is no such option", self._known())
        for option in self._options.values():
            self._check(option)

    def refused(self, name: str, message: str, cure: str) -> UsageError:
        """The error for the option ``name``."""
        place = Location(f"channels.{visible(self._channel, 100)}", key=visible(name, 100))
        return UsageError(message, location=place, cure=cure)

    def text(self, name: str) -> str:
        """A text or a secret; empty where it is not given."""
        value = self._value(name)
        return value.value if isinstance(value, Secret) else str(value or "")

    def integer(self, name: str) -> int | None:
        value = self._value(name)
        return value if isinstance(value, int) else None

    def seconds(self, name: str) -> float:
        """An integer that has a default."""
        return float(self.integer(name) or 0)

    def flag(self, name: str) -> bool:
        return self._value(name) is True

    def many(self, name: str) -> tuple[str, ...]:
        """The items of a list; a single text, or a secret with one item per line, is one too."""
        value = self._value(name)
        if isinstance(value, Secret):
            return tuple(value.value.split("\n"))
        return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()

    def _value(self, name: str) -> Value | None:
        return self._values.get(name, self._options[name].default)

    def _check(self, option: Option) -> None:
        value = self._values.get(option.name)
        if value is None or value in ("", ()):
            if option.required:
                raise self.refused(option.name, "this option is needed", f"give {option.help}")
            return
        if not _fits(option, value):
            raise self.refused(
                option.name, "this has a wrong type", f"give {_WANTED[option.type]}: {option.help}"
            )
        if option.choices and value not in option.choices:
            raise self.refused(
                option.name, "this value is unknown", f"one of {', '.join(option.choices)}"
            )
        if option.type == "integer" and not option.least <= self._number(option) <= option.most:
            raise self.refused(
                option.name, "this is out of range", f"from {option.least} to {option.most}"
            )

    def _number(self, option: Option) -> int:
        return self.integer(option.name) or 0

    def _known(self) -> str:
        return f"one of {', '.join(self._options)}" if self._options else "leave it out"


_WANTED = {
    "text": "a text",
    "secret": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "list": "a list of texts",
}


def _fits(option: Option, value: Value) -> bool:
    if option.type == "boolean":
        return isinstance(value, bool)
    if option.type == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if option.type == "list":
        return isinstance(value, str | Secret | tuple)
    return isinstance(value, str | Secret)
