"""``Fn::ForEach`` of the transform AWS::LanguageExtensions: one fragment for many values.

Loops are expanded as text: ``${Identifier}`` and ``&{Identifier}`` in keys and texts, and a Ref to
the identifier, become the value (for ``&{}``, its letters and digits only).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from trailwarden.stack.calls import Call
from trailwarden.stack.nodes import Entries, Entry, Items, Node, Scalar, unknown_in

if TYPE_CHECKING:
    from trailwarden.stack.intrinsics import Resolver

PREFIX = "Fn::ForEach::"
_NO_WORD = re.compile(r"[^0-9A-Za-z]")


def expand(resolver: Resolver, entries: Mapping[str, Entry], path: str) -> dict[str, Entry]:
    """``entries`` with every loop replaced by what it makes.

    Raises :class:`~trailwarden.errors.DefinitionError` for a loop that cannot be expanded: one
    whose collection is unknown, say, or that makes one key twice.
    """
    expanded: dict[str, Entry] = {}
    for key, entry in entries.items():
        made = {key: entry}
        if key.startswith(PREFIX):
            call = Call(resolver, key, entry.value, f"{path}.{key}".removeprefix("."))
            with resolver.nested(entry.key_mark, call.path):
                made = _made(call)
        for name, found in made.items():
            if name in expanded:
                raise resolver.document.error(
                    entry.key_mark,
                    f"{path}.{name}".removeprefix("."),
                    f"the key {name!r} is given twice",
                    "let the loop's key hold the identifier",
                )
            expanded[name] = found
    return expanded


def _made(call: Call) -> dict[str, Entry]:
    if not call.resolver.template.has_language_extensions:
        raise call.error(
            "loops need the transform AWS::LanguageExtensions",
            "add Transform: AWS::LanguageExtensions to the template",
        )
    identifier, collection, fragment = call.arguments(3)
    if not isinstance(identifier, Scalar) or not isinstance(fragment, Entries):
        raise call.error("takes an identifier, a collection and an object", "correct its list")
    values = call.items(collection)
    if values is None:
        names = unknown_in(call.resolve(collection))
        raise call.must_be_known("the collection must be known", names, collection)
    made: dict[str, Entry] = {}
    for value in values:
        text = call.known(value)
        copy = _Copy(call, identifier.text, text).entries(fragment.entries)
        for name, entry in expand(call.resolver, copy, call.path).items():
            if name in made:
                raise call.error(
                    f"the key {name!r} is made twice", "let the key hold the identifier"
                )
            made[name] = entry
    return made


class _Copy:
    """Copies a fragment for one value of the collection."""

    def __init__(self, call: Call, identifier: str, value: str) -> None:
        self._call = call
        self._identifier = identifier
        self._value = value
        self._spellings = {
            f"${{{identifier}}}": value,
            f"&{{{identifier}}}": _NO_WORD.sub("", value),
        }

    def entries(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        made = {
            self._text(key): Entry(entry.key_mark, self._node(entry.value))
            for key, entry in entries.items()
        }
        if len(made) < len(entries):
            raise self._call.error(
                f"two keys become the same for {self._value[:100]!r}", "rename one of them"
            )
        return made

    def _node(self, node: Node) -> Node:
        self._call.resolver.count_node(node.mark, self._call.path)
        if isinstance(node, Scalar):
            return Scalar(self._text(node.text), node.mark, node.kind, node.unknown)
        if isinstance(node, Items):
            return Items(tuple(map(self._node, node.items)), node.mark)
        reference = node.get("Ref")
        if isinstance(reference, Scalar) and reference.text == self._identifier:
            return Scalar(self._value, node.mark)
        return Entries(self.entries(node.entries), node.mark)

    def _text(self, text: str) -> str:
        if "{" not in text:
            return text
        for spelling, value in self._spellings.items():
            self._call.count_text(len(value) * text.count(spelling))
            text = text.replace(spelling, value)
        return text
