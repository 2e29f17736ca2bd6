"""What a template's text says, before anything is worked out: nodes that know where they stand.

Both formats, YAML and JSON, are read into the same nodes; short forms such as ``!Ref`` become the
long ones. What the intrinsic functions leave behind is nodes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from trailwarden.errors import DefinitionError, Location

ScalarKind = Literal["text", "number", "octal", "flag", "null"]


class Mark(NamedTuple):
    """Where a node begins; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as it is spelled; ``octal`` is a number with a leading zero.

    ``unknown`` says on what it depends that stays unknown until deployment: names of parameters,
    or attributes of resources. The text then holds a token for each, such as ``${Alerts.TopicArn}``
    and two texts are equal if they are sure to be equal when deployed. ``default_of`` is the
    parameter whose default this is, where none of its values was given.
    """

    text: str
    mark: Mark
    kind: ScalarKind = "text"
    unknown: tuple[str, ...] = ()
    default_of: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Entries:
    """An object. Keys are unique and in the order of the text."""

    entries: Mapping[str, Entry]
    mark: Mark

    def get(self, key: str) -> Node | None:
        found = self.entries.get(key)
        return None if found is None else found.value


class Entry(NamedTuple):
    """``key_mark`` is where the key stands."""

    key_mark: Mark
    value: Node


Node = Scalar | Items | Entries

_NAMES = {Scalar: "a single value", Items: "a list", Entries: "an object"}


def kind_of(node: Node) -> str:
    """``a list``, for messages."""
    return _NAMES[type(node)]


def spelled(node: Node) -> str:
    """The node in one line: for tokens of what is unknown, and for comparisons."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return f"[{','.join(map(spelled, node.items))}]"
    return f"{{{','.join(f'{key}:{spelled(e.value)}' for key, e in node.entries.items())}}}"


def text_size(node: Node) -> int:
    """Characters of all texts in the node. Texts are shared, so that it may be far from small."""
    if isinstance(node, Scalar):
        return len(node.text)
    return sum(map(text_size, _children(node)))


def unknown_in(node: Node) -> tuple[str, ...]:
    """On what unknown things the node depends, each once."""
    if isinstance(node, Scalar):
        return node.unknown
    names = (name for child in _children(node) for name in unknown_in(child))
    return tuple(dict.fromkeys(names))


def _children(node: Items | Entries) -> Iterable[Node]:
    if isinstance(node, Items):
        return node.items
    return (entry.value for entry in node.entries.values())


class Duplicate(NamedTuple):
    """A key that an object has twice: the later value counts."""

    path: str
    mark: Mark
    first: Mark


@dataclass(frozen=True, slots=True)
class Document:
    """A template's text as nodes. ``source`` is the file's path or another name of it.

    ``place`` is where the whole template stands in that file, for one that is a text inside it:
    marks, which count from the beginning of that text, are then no places in the file. Keys begin
    with ``prefix`` then.
    """

    source: str
    root: Node
    has_aliases: bool = False
    duplicates: tuple[Duplicate, ...] = ()
    place: Mark | None = None
    prefix: str = ""

    def location(self, mark: Mark | None, key: str | None = None) -> Location:
        line, column = self.place or mark or (None, None)
        return Location(self.source, line, column, f"{self.prefix}{key or ''}" or None)

    def error(self, mark: Mark, key: str, message: str, cure: str = "") -> DefinitionError:
        return DefinitionError(message, location=self.location(mark, key), cure=cure)
