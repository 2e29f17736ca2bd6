"""Syntax tree → text that parses to an equal tree.

Texts are quoted unless every known parser reads them bare; a whole And inside an Or is put in
parentheses for the reader. Where that would be too long for the service, blanks and everything
else that is not needed are left out.
"""

from __future__ import annotations

import re

from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.model import (
    And,
    AnyElement,
    AnyMember,
    Comparison,
    Condition,
    Dots,
    Field,
    FieldTest,
    Index,
    Is,
    JsonSyntax,
    Leaf,
    Number,
    Or,
    Regex,
    Selector,
    SpaceSyntax,
    Step,
    Syntax,
    TermsSyntax,
    Text,
    Value,
)
from trailwarden.patterns.parser import MAX_LENGTH

_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE = re.compile(r"[A-Za-z0-9_.+*-]+")
_SAFE_BARE = re.compile(r"[A-Za-z0-9_.*]+")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_SAFE_WORD = re.compile(r"[A-Za-z0-9_]+")
# Legal as texts, but too like keywords; and the service is known to stumble over bare SPACE.
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "IS", "EXISTS", "NULL", "TRUE", "FALSE", "SPACE"})


def print_syntax(syntax: Syntax) -> str:
    """The pattern that ``syntax`` was, or could have been, parsed from."""
    text = _Printer(compact=False).whole(syntax)
    return text if len(text) <= MAX_LENGTH else _Printer(compact=True).whole(syntax)


class _Printer:
    """Prints for readers, or as briefly as the grammar allows."""

    def __init__(self, *, compact: bool) -> None:
        self._compact = compact
        self._blank = "" if compact else " "
        self._bare, self._word = (_BARE, _WORD) if compact else (_SAFE_BARE, _SAFE_WORD)

    def whole(self, syntax: Syntax) -> str:
        if isinstance(syntax, JsonSyntax):
            return f"{{{self._blank}{self._condition(syntax.root)}{self._blank}}}"
        if isinstance(syntax, SpaceSyntax):
            return f"[{f',{self._blank}'.join(map(self._field, syntax.fields))}]"
        if isinstance(syntax, TermsSyntax):
            return " ".join(term.mode + self._term(term.value) for term in syntax.terms)
        return ""

    def _join(self, operator: str, parts: list[str]) -> str:
        return f"{self._blank}{operator}{self._blank}".join(parts)

    # --- JSON patterns -----------------------------------------------------------------------
    def _condition(self, node: Condition) -> str:
        if isinstance(node, And):
            return self._join("&&", [self._grouped(child, Or) for child in node.children])
        if isinstance(node, Or):
            grouped = () if self._compact else And
            return self._join("||", [self._grouped(child, grouped) for child in node.children])
        return self._leaf(node)

    def _grouped(self, node: Condition, kinds: type[And | Or] | tuple[()]) -> str:
        text = self._condition(node)
        return f"({text})" if isinstance(node, kinds) else text

    def _leaf(self, leaf: Leaf) -> str:
        selector = _selector(leaf.selector)
        if isinstance(leaf, Comparison):
            return self._test(selector, leaf)
        words = f"IS {leaf.constant}" if isinstance(leaf, Is) else "NOT EXISTS"
        blank = " " if _KEY.fullmatch(selector[-1]) else self._blank
        return f"{selector}{blank}{words}"

    # --- space-delimited patterns ------------------------------------------------------------
    def _field(self, field: Field | Dots) -> str:
        if isinstance(field, Dots):
            return "..."
        name = field.name or ""
        ors = [self._join("&&", [self._test(name, test) for test in ands]) for ands in field.tests]
        return self._join("||", ors) if ors else name

    # --- values ------------------------------------------------------------------------------
    def _test(self, subject: str, test: Comparison | FieldTest) -> str:
        return f"{subject}{self._blank}{test.operator}{self._blank}{self._value(test.value)}"

    def _value(self, value: Value) -> str:
        if isinstance(value, Number):
            return value.spelling
        if isinstance(value, Regex):
            return f"%{value.source}%"
        return value.text if self._is_bare(value.text) else _quoted(value.text)

    def _is_bare(self, text: str) -> bool:
        if not self._bare.fullmatch(text) or is_number(text) or text == "null":
            return False
        return self._compact or text.upper() not in _KEYWORDS

    def _term(self, value: Text | Regex) -> str:
        if isinstance(value, Regex):
            return f"%{value.source}%"
        return value.text if self._word.fullmatch(value.text) else _quoted(value.text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _selector(selector: Selector) -> str:
    """``$.a.['b c'][0]``."""
    return "$" + "".join(map(_step, selector.steps))


def _step(step: Step) -> str:
    if isinstance(step, Index):
        return f"[{step.position}]"
    if isinstance(step, AnyElement):
        return "[*]"
    if isinstance(step, AnyMember):
        return ".*"
    return f".{step.name}" if _KEY.fullmatch(step.name) else f".['{step.name}']"
