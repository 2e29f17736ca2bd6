"""The shape of a message when only the wanted fields are decoded.

Most of a record is never looked at, so a msgspec Struct that names just the wanted fields decodes
it several times faster than a dict. A wanted leaf may be anything; a node on the way to one may be
any JSON value, so that odd shapes never fail a file (a step through the wrong type finds nothing:
rule 5.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import UNSET

_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')
Path = tuple[str, ...]
Getter = Callable[[Any], Any]


class _Node:
    """A node of the trie of wanted paths. ``struct`` is set where it is decoded as a Struct."""

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.is_leaf = False
        self.struct: type[msgspec.Struct] | None = None


@lru_cache(maxsize=4096)  # the same few fields, in pattern after pattern
def can_name(key: str) -> bool:
    """True where msgspec can decode a member of that name into a field."""
    return _UNNAMEABLE.search(key) is None


class Layout:
    """A generated Struct for a set of paths, and readers for each of them."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._root = _Node()
        for path in paths:
            node = self._root
            for name in path:
                node = node.children.setdefault(name, _Node())
            node.is_leaf = True
        self.struct = self._define(self._root)

    def _define(self, node: _Node) -> type[msgspec.Struct]:
        fields: list[Any] = []
        rename: dict[str, str] = {}
        for position, (name, child) in enumerate(node.children.items()):
            field = f"f{position}"
            rename[field] = name
            kind: Any = Any
            if child.children and not child.is_leaf:
                child.struct = self._define(child)
                kind = child.struct | None | str | int | float | bool | list
            fields.append((field, kind, UNSET))
        # gc=False: records hold no cycles, and the collector would visit every one of them.
        node.struct = msgspec.defstruct("Fields", fields, rename=rename, gc=False)
        return node.struct

    def expression(self, path: Path, record: str) -> tuple[list[str], str, dict[str, Any]]:
        """Python source that reads ``path`` from the Struct named ``record``.

        Returns the lines to run first, the expression, and the names they need.
        """
        lines: list[str] = []
        names: dict[str, Any] = {"UNSET": UNSET}
        node, current, walked = self._root, record, ""
        for depth, name in enumerate(path):
            if node.struct is None:  # decoded whole, because the node itself is wanted too
                names["_member"] = _member
                current = f"_member({current}, {name!r})"
                continue
            position = list(node.children).index(name)
            walked += f"_{position}"
            read = f"{current}.f{position}"
            if depth:
                names[f"S{walked}"] = node.struct
                read = f"{read} if {current}.__class__ is S{walked} else UNSET"
            variable = f"v{walked}"
            lines.append(f"{variable} = {read}")
            current = variable
            node = node.children[name]
        return lines, current, names

    def getter(self, path: Path) -> Getter:
        """A function that reads ``path``; UNSET where nothing is found."""
        lines, expression, names = self.expression(path, "record")
        body = "".join(f"    {line}\n" for line in lines)
        source = f"def read(record):\n{body}    return {expression}\n"
        exec(source, names)  # noqa: S102 - built above from numbers and quoted keys only
        read: Getter = names["read"]
        return read


def _member(value: Any, name: str) -> Any:
    return value.get(name, UNSET) if type(value) is dict else UNSET
