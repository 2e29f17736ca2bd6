"""Reading an object of a test file: known keys only, values of the right kind."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from trailwarden.errors import DefinitionError, Location
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Entry, Items, Node, Scalar, kind_of
from trailwarden.stack.template import did_you_mean
from trailwarden.text import visible
from trailwarden.times import parse_instant

_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_SPAN = re.compile(r"(\d{1,7})([smhd])", re.ASCII)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = timedelta(days=400)  # after the start
_COUNT = re.compile(r"\d{1,9}", re.ASCII)


class Fields:
    """The members of the object at ``path``. Raises DefinitionError if it is none.

    A key that is not in ``known`` is an error in ``findings``. So is a value of a wrong kind; the
    method that reads it then gives None, as it does for an absent key.
    """

    def __init__(
        self,
        document: Document,
        findings: Findings,
        node: Node,
        path: str,
        known: tuple[str, ...],
    ) -> None:
        self.document = document
        self.findings = findings
        self.path = path
        if not isinstance(node, Entries):
            raise wrong(document, node, path, "an object")
        self.node = node
        for key, entry in node.entries.items():
            if key not in known:
                self._keep(
                    entry,
                    key,
                    f"there is no key {visible(key, 100)!r} here",
                    did_you_mean(key, known) or f"the keys are {', '.join(known)}",
                )

    def __contains__(self, key: str) -> bool:
        return key in self.node.entries

    @property
    def place(self) -> Location:
        """Where the object stands."""
        return self.document.location(self.node.mark, self.path)

    def key_path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, message: str, cure: str) -> None:
        """Keep an error about the value of ``key``, or about the object where there is none."""
        entry = self.node.entries.get(key)
        if entry is None:
            error = self.document.error(self.node.mark, self.path, message, cure)
        else:
            error = self.document.error(entry.value.mark, self.key_path(key), message, cure)
        self.findings.errors.append(error)

    def items(self, key: str) -> tuple[Node, ...]:
        """The members of a list."""
        node = self.node.get(key)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.findings.errors.append(wrong(self.document, node, self.key_path(key), "a list"))
            return ()
        return node.items

    def some_items(self, key: str, message: str, cure: str) -> tuple[Node, ...]:
        """The members of a list that must be there and hold something: the error's texts."""
        found = self.items(key)
        if not found and (key not in self or isinstance(self.node.get(key), Items)):
            self.error(key, message, cure)
        return found

    def text(self, key: str) -> str | None:
        """A text, or a number as it is spelled: account ids need no quotes."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        if scalar.kind == "null" or not scalar.text:
            self.error(key, "nothing stands here", "write a text, or remove the key")
            return None
        return scalar.text

    def flag(self, key: str) -> bool | None:
        scalar = self._scalar(key)
        if scalar is None:
            return None
        if scalar.kind != "flag":
            self.error(key, f"{visible(scalar.text, 60)!r} is no flag", "write true or false")
            return None
        return scalar.text == "true"

    def count(self, key: str) -> int | None:
        """A whole number that is not negative."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        if scalar.kind != "number" or not _COUNT.fullmatch(scalar.text):
            self.error(key, f"{visible(scalar.text, 60)!r} is no count", "write 0, 1, 2 and so on")
            return None
        return int(scalar.text)

    def offset(self, key: str) -> timedelta | None:
        """A time after the start: ``HH:MM``, ``HH:MM:SS``, or a span such as ``5m``."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        found = _offset(scalar.text) if scalar.kind == "text" else None
        if found is None:
            # YAML reads 10:30 without quotes as the number 630.
            self.error(
                key,
                f"{visible(scalar.text, 60)!r} is no time after the start",
                'write "HH:MM" or "HH:MM:SS" in quotes, or a span such as 5m, of 400 days at most',
            )
        return found

    def instant(self, key: str) -> datetime | None:
        """A time in UTC, in whole seconds."""
        text = self.text(key)
        if text is None:
            return None
        try:
            instant = parse_instant(text).replace(microsecond=0)
        except (ValueError, OverflowError):
            instant = None
        # CloudTrail has no records before 2013; the end leaves room for the longest test.
        if instant is None or not 2000 <= instant.year < 2090:
            self.error(
                key, f"{visible(text, 60)!r} is no time of a record", "write 2025-01-01T00:00:00Z"
            )
            return None
        return instant

    def _scalar(self, key: str) -> Scalar | None:
        node = self.node.get(key)
        if node is None or isinstance(node, Scalar):
            return node
        self.findings.errors.append(
            wrong(self.document, node, self.key_path(key), "a single value")
        )
        return None

    def _keep(self, entry: Entry, key: str, message: str, cure: str) -> None:
        self.findings.errors.append(
            self.document.error(entry.key_mark, self.key_path(key), message, cure)
        )


def wrong(document: Document, node: Node, path: str, wanted: str) -> DefinitionError:
    """The error of something else than ``wanted`` at ``path``."""
    return document.error(
        node.mark, path, f"must be {wanted}, not {kind_of(node)}", f"write {wanted}"
    )


def _offset(text: str) -> timedelta | None:
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    elif found := _SPAN.fullmatch(text):
        offset = timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    else:
        return None
    return offset if offset <= LONGEST else None
