"""Events on one line: ``iam:CreatePolicy(user: alice, error: AccessDenied) at 00:02``.

What the line says becomes the keys of an event's object, so that both are read in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trailwarden.errors import DefinitionError
from trailwarden.stack.limits import MAX_DEPTH
from trailwarden.stack.nodes import Document, Entries, Entry, Items, Mark, Node, Scalar
from trailwarden.stack.yaml_scalars import plain_scalar
from trailwarden.text import visible

_LONGEST = 2000  # characters of a line
_LINE = re.compile(
    r"\s*(?:(?P<source>[a-z0-9][a-z0-9.-]*):)?(?P<event>\w+)\s*(?:\((?P<more>.*)\))?"
    r"(?:\s+at\s+(?P<at>\S+))?\s*",
    re.DOTALL,
)
# A word, alone (root) or with a value, which may stand in quotes; then a comma or the end.
_WORD = re.compile(
    r"""\s*(?P<key>(?:\$\.)?\w[\w.-]*)\s*(?:[:=]\s*(?P<value>"[^"]*"|'[^']*'|[^,"']*))?(?:,|$)"""
)
_CONSTANTS = ("true", "false", "null")
_CURE = 'write NAME, or SERVICE:NAME(user: alice, mfa: no) at "00:02", say'
Keys = dict[str, Entry]


def expanded(document: Document, node: Node, path: str) -> list[Node]:
    """The events that one entry stands for, each as an object (or what is no event at all).

    An entry is an object, or a line. Where an object's ``event`` is a line, or a list of lines,
    what they say is added to the object. Raises DefinitionError for a line that cannot be read.
    """
    if isinstance(node, Scalar):
        return [Entries(_keys(document, node, path), node.mark)] if node.text else [node]
    if not isinstance(node, Entries):
        return [node]
    if odd := next((key for key in node.entries if "(" in key), None):
        message = f"YAML takes the line {visible(odd, 60)!r}… for an object, for its colon"
        cure = "put the line in quotes, or write = instead of the colon"
        raise document.error(node.entries[odd].key_mark, path, message, cure)
    event, place = node.get("event"), f"{path}.event"
    if isinstance(event, Items):
        if not event.items:
            raise document.error(event.mark, place, "the list names no event", _CURE)
        return [
            _joined(document, node, line, f"{place}[{number}]")
            for number, line in enumerate(event.items)
        ]
    if isinstance(event, Scalar) and re.search(r"[(:]", event.text):
        return [_joined(document, node, event, place)]
    return [node]


def _joined(document: Document, node: Entries, line: Node, path: str) -> Entries:
    """The object with what a line says in the place of ``event``."""
    if not isinstance(line, Scalar):
        raise document.error(line.mark, path, "must be an event's name or line", _CURE)
    said = _keys(document, line, path)
    for key in said:
        if key in node.entries and key not in ("event", "fields"):
            raise document.error(
                line.mark, path, f"the line and the key {key} say it both", "keep one of them"
            )
    whole = {**node.entries, **said}
    given = node.entries.get("fields")
    if given is not None and "fields" in said:
        whole["fields"] = _with_fields(document, given, said["fields"], path)
    return Entries(whole, node.mark)


def _with_fields(document: Document, given: Entry, said: Entry, path: str) -> Entry:
    one, other = given.value, said.value
    if not isinstance(one, Entries) or not isinstance(other, Entries):
        return given  # no object: told where it is read
    both = one.entries.keys() & other.entries.keys()
    if both:
        raise document.error(
            other.mark, path, f"the line and fields say {min(both)} both", "keep one of them"
        )
    return Entry(given.key_mark, Entries({**one.entries, **other.entries}, one.mark))


def _keys(document: Document, line: Scalar, path: str) -> Keys:
    found = _LINE.fullmatch(line.text) if len(line.text) <= _LONGEST else None
    if found is None:
        raise _unreadable(document, line, path, line.text)
    mark = line.mark
    keys: Keys = {"event": _text(found["event"], mark)}
    if found["source"]:
        keys["source"] = _text(found["source"], mark)
    if found["at"]:
        keys["at"] = _text(found["at"].strip("\"'"), mark)
    deep: dict[str, Scalar] = {}  # members of the record, by their path
    for key, value in _members(document, line, path, found["more"] or ""):
        if key in keys or key.removeprefix("$.") in deep:
            raise document.error(mark, path, f"{key} is said twice", "keep one of them")
        if "." in key:  # a member of the record: $.errorCode, requestParameters.name
            deep[key.removeprefix("$.")] = value
        else:
            keys[key] = Entry(mark, value)
    if deep:
        keys["fields"] = Entry(mark, _nested(deep, mark, document, path))
    return keys


def _members(
    document: Document, line: Scalar, path: str, text: str
) -> Iterator[tuple[str, Scalar]]:
    """What stands in the parentheses. A word alone is a flag that is set."""
    place, mark = 0, line.mark
    while text[place:].strip():
        found = _WORD.match(text, place)
        if found is None:
            raise _unreadable(document, line, path, text[place:])
        place = found.end()
        if found["key"].count(".") >= MAX_DEPTH:
            message = f"members are nested more than {MAX_DEPTH} deep"
            raise document.error(mark, path, message, "nest them less")
        yield found["key"], _value(found["key"], found["value"], mark)


def _value(key: str, text: str | None, mark: Mark) -> Scalar:
    if text is None:
        return Scalar("true", mark, "flag")
    if text[:1] in ("'", '"'):
        return Scalar(text[1:-1], mark)
    value = plain_scalar(text.strip(), mark)
    # A member of a record is read as JSON has it: there No is a text.
    is_text = "." in key and value.kind in ("flag", "null", "octal")
    return Scalar(text.strip(), mark) if is_text and text.strip() not in _CONSTANTS else value


def _nested(values: Mapping[str, Scalar], mark: Mark, document: Document, path: str) -> Entries:
    """``{"a.b": 1}`` as ``{"a": {"b": 1}}``."""
    groups: dict[str, dict[str, Scalar]] = {}
    entries: Keys = {}
    for key, value in values.items():
        first, _, rest = key.partition(".")
        if rest:
            groups.setdefault(first, {})[rest] = value
        else:
            entries[first] = Entry(mark, value)
    for first, below in groups.items():
        if first in entries:
            message = f"{first} is a value and an object"
            raise document.error(mark, path, message, "keep one of them")
        entries[first] = Entry(mark, _nested(below, mark, document, path))
    return Entries(entries, mark)


def _text(text: str, mark: Mark) -> Entry:
    return Entry(mark, Scalar(text, mark))


def _unreadable(document: Document, line: Scalar, path: str, text: str) -> DefinitionError:
    shown = visible(text.strip(), 100)
    return document.error(line.mark, path, f"{shown!r} cannot be read as an event", _CURE)
