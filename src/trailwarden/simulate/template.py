"""JSON text with slots: a call is serialised once, and each record only fills in what varies."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SLOT = re.compile("<([a-z][a-z0-9_]*)>")


class Template:
    """A text in which ``<name>`` stands for a value that is known later.

    Values are put in as they are: they must be harmless inside a JSON string.
    """

    __slots__ = ("_parts", "_slots")

    def __init__(self, text: str) -> None:
        self._parts = _SLOT.split(text)  # a literal, a slot, a literal, …, a literal
        self._slots = range(1, len(self._parts), 2)

    def bind(self, values: Mapping[str, str]) -> Template:
        """The template with the slots named in ``values`` filled in; values may hold slots."""
        parts = self._parts.copy()
        for place in self._slots:
            name = parts[place]
            parts[place] = values.get(name, f"<{name}>")
        return Template("".join(parts))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with every slot filled in."""
        parts = self._parts.copy()
        for place in self._slots:
            parts[place] = values[parts[place]]
        return "".join(parts)
