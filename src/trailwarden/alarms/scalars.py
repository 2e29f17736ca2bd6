"""Reading values out of a definition: CloudFormation takes ``300`` and ``"300"`` alike."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping
from typing import TypeGuard

from trailwarden.errors import AlarmConfigurationError
from trailwarden.text import visible

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
# As long a text as a number may sensibly have.
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?", re.ASCII
)
_LONE = re.compile("[\ud800-\udfff]")  # half a character: no output could encode it
_LARGEST_INTEGER = 10**18
_FLAGS = {"true": True, "false": False}


class Properties:
    """Typed access to properties. One that is absent or null is read as None.

    Every method raises :class:`~trailwarden.errors.AlarmConfigurationError` for a value of another
    type. Its ``field`` is ``path``, the outermost property, where these are inside another one.
    """

    def __init__(self, properties: Mapping[str, object], path: str = "") -> None:
        self._properties = properties
        self._path = path

    def has(self, name: str) -> bool:
        """True for a property that is given; an empty list is as good as none."""
        return self._properties.get(name) not in (None, [], ())

    def text(self, name: str) -> str | None:
        """A string; numbers and truth values are taken as they are spelled."""
        value = self._properties.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, float) or _is_integer(value):
            return str(value)
        if value is None or (isinstance(value, str) and not _LONE.search(value)):
            return value
        raise self._refused(name, "a string of Unicode characters")

    def integer(self, name: str) -> int | None:
        value = self._properties.get(name)
        if value is None:
            return None
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if _is_integer(value):
            return value
        raise self._refused(name, "an integer")

    def number(self, name: str) -> float | None:
        value = self._properties.get(name)
        if value is None:
            return None
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)
        if isinstance(value, float):
            return value
        if _is_integer(value):
            return float(value)
        raise self._refused(name, "a number")

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._properties.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            value = _FLAGS.get(value.lower())
        if isinstance(value, bool):
            return value
        raise self._refused(name, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings, empty where it is absent."""
        values = self._list(name, "strings")
        texts = [v for v in values if isinstance(v, str) and not _LONE.search(v)]
        if len(texts) < len(values):
            raise self._refused(name, "a list of strings")
        return tuple(texts)

    def part(self, name: str) -> Properties | None:
        """An object inside the properties."""
        value = self._properties.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise self._refused(name, "an object")
        return Properties(value, self._field(name))

    def parts(self, name: str) -> tuple[Properties, ...]:
        """A list of objects, empty where it is absent."""
        values = self._list(name, "objects")
        parts = [Properties(v, self._field(name)) for v in values if isinstance(v, Mapping)]
        if len(parts) < len(values):
            raise self._refused(name, "a list of objects")
        return tuple(parts)

    def _list(self, name: str, of: str) -> list[object] | tuple[object, ...]:
        value = self._properties.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise self._refused(name, f"a list of {of}")
        return value

    def _field(self, name: str) -> str:
        return self._path or name

    def _refused(self, name: str, wanted: str) -> AlarmConfigurationError:
        value = self._properties[name]
        is_huge = isinstance(value, int) and abs(value) > _LARGEST_INTEGER
        shown = "such a large number" if is_huge else visible(reprlib.repr(value), 80)
        field = self._field(name)
        return AlarmConfigurationError(
            f"{field}: {'' if field == name else f'{name} '}must be {wanted}, not {shown}",
            field=field,
            cure=f"write {wanted}",
        )


def _is_integer(value: object) -> TypeGuard[int]:
    """True for integers of a sensible size: larger ones cannot even be printed."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_INTEGER
