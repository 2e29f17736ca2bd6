"""Values of a message's JSON by their selector: what is expected there, and what is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trailwarden.errors import PatternError
from trailwarden.patterns.model import AnyElement, AnyMember, Index, Key, Selector, Step
from trailwarden.patterns.selectors import parse_selector
from trailwarden.scan.cases.fields import Fields, wrong
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Node, Scalar
from trailwarden.stack.plain import plain


def selected(
    document: Document, findings: Findings, fields: Fields
) -> tuple[tuple[Selector, Node], ...]:
    """The values under ``json``, by selectors as in filter patterns; ``$.`` may be left out."""
    node = fields.node.get("json")
    if node is None:
        return ()
    if not isinstance(node, Entries):
        findings.errors.append(wrong(document, node, fields.key_path("json"), "an object"))
        return ()
    found: list[tuple[Selector, Node]] = []
    for key, entry in node.entries.items():
        try:
            selector = parse_selector(key if key.startswith("$") else f"$.{key}")
        except PatternError as error:
            place = fields.key_path("json")
            message = f"the path cannot be read: {error.message}"
            cure = "write Trigger.Threshold or Trailwarden.principals[0].principal, say"
            findings.errors.append(document.error(entry.key_mark, place, message, cure))
        else:
            found.append((selector, entry.value))
    return tuple(found)


def values_at(value: Any, steps: tuple[Step, ...]) -> Iterator[Any]:
    """What stands at ``steps`` below decoded JSON: under a wildcard several values may."""
    if not steps:
        yield value
        return
    for child in _children(value, steps[0]):
        yield from values_at(child, steps[1:])


def _children(value: Any, step: Step) -> Iterator[Any]:
    if isinstance(value, dict):
        if isinstance(step, Key) and step.name in value:
            yield value[step.name]
        elif isinstance(step, AnyElement | AnyMember):
            yield from value.values()
    elif isinstance(value, list):
        if isinstance(step, AnyElement):
            yield from value
        elif isinstance(step, Index) and step.position < len(value):
            yield value[step.position]


def fits(expected: Node, value: Any) -> bool:
    """Whether decoded JSON is what is expected. Texts may have stars at their ends.

    A number also fits a text of its spelling: an account's id needs no quotes.
    """
    if isinstance(value, str) and isinstance(expected, Scalar):
        return expected.kind in ("text", "number", "octal") and text_fits(expected.text, value)
    wanted = plain(expected)
    # 1 is no flag, though Python takes True for it.
    return isinstance(wanted, bool) is isinstance(value, bool) and wanted == value


def text_fits(pattern: str, text: str) -> bool:
    """A star at the beginning or the end of ``pattern`` stands for any text."""
    opens, closes = pattern.startswith("*"), pattern.endswith("*") and len(pattern) > 1
    core = pattern[opens : len(pattern) - closes]
    if opens and closes:
        return core in text
    if opens:
        return text.endswith(core)
    return text.startswith(core) if closes else text == core
