"""Parsing JSON patterns: ``{ ($.eventName = "StopLogging") && $.errorCode NOT EXISTS }``.

Parentheses are kept on a stack of our own, so that their depth is never the interpreter's.
"""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.errors import PatternError
from trailwarden.patterns.hints import (
    cure_after_value,
    cure_for_character,
    cure_for_operator,
    cure_for_word,
)
from trailwarden.patterns.literals import take_value
from trailwarden.patterns.model import (
    And,
    Comparison,
    Condition,
    Constant,
    Is,
    JsonSyntax,
    Leaf,
    NotExists,
    Or,
    Selector,
)
from trailwarden.patterns.scanner import BLANKS, NOT_A_PATTERN, WORD, Scanner
from trailwarden.patterns.selectors import take_selector

_NEVER_IN_KEYS = "&|)}!,;"
_OPERATORS = "=, !=, <, <=, >, >=, IS or NOT EXISTS"


def parse_json(scanner: Scanner) -> JsonSyntax:
    """Parse the whole pattern; the scanner is at its opening brace. Raises PatternError."""
    return _JsonParser(scanner).parse()


class _Group:
    """What stands in one pair of parentheses so far: an or of ands."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.ands: list[list[Condition]] = [[]]

    def add(self, condition: Condition) -> None:
        self.ands[-1].append(condition)

    def close(self) -> Condition:
        return join(Or, [join(And, children) for children in self.ands])


class _JsonParser:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._groups: list[_Group] = []

    def parse(self) -> JsonSyntax:
        scanner = self._scanner
        self._groups.append(_Group(scanner.at))
        scanner.take("{")
        while True:
            self._operand()
            while True:
                scanner.skip_blanks()
                if scanner.take("&&"):
                    break
                if scanner.take("||"):
                    self._groups[-1].ands.append([])
                    break
                if len(self._groups) == 1 and scanner.take("}"):
                    return self._finish()
                if len(self._groups) == 1 or not scanner.take(")"):
                    raise self._error_after_condition()
                closed = self._groups.pop().close()
                self._groups[-1].add(closed)

    def _finish(self) -> JsonSyntax:
        self._scanner.skip_blanks()
        if self._scanner.peek():
            raise self._scanner.error(
                "the pattern ends with its closing brace: nothing can follow it",
                cure='a JSON pattern is one { … }; put text that looks like one in "…"',
            )
        return JsonSyntax(self._groups.pop().close())

    def _operand(self) -> None:
        scanner = self._scanner
        scanner.skip_blanks()
        while scanner.peek() == "(":
            self._groups.append(_Group(scanner.at))
            scanner.take("(")
            scanner.skip_blanks()
        if scanner.peek() != "$":
            raise self._error_at_condition()
        self._groups[-1].add(self._condition())

    def _condition(self) -> Leaf:
        scanner = self._scanner
        start = scanner.at
        selector = take_selector(scanner)
        scanner.skip_blanks()
        operator = scanner.take_operator()
        if operator is not None:
            return Comparison(selector, operator, take_value(scanner, operator))
        word = scanner.peek_word()
        if word == "IS":
            return self._constant(selector)
        if word == "NOT":
            return self._not_exists(selector)
        raise self._error_at_operator(start, word)

    def _constant(self, selector: Selector) -> Is:
        scanner = self._scanner
        scanner.take("IS")
        scanner.skip_blanks()
        word = scanner.peek_word()
        if word in Constant.__members__ and scanner.take(word):
            return Is(selector, Constant(word))
        cure = ""
        if word.upper() == "NOT":
            cure = "did you mean NOT EXISTS, or != with a value: IS NOT is not part of the language"
        elif word.upper() in Constant.__members__:
            cure = f"did you mean IS {word.upper()} (in upper case)"
        elif word:
            cure = "did you mean = with a value"
        raise scanner.error(
            "NULL, TRUE or FALSE must follow IS",
            aws_message=f"Invalid character(s) in term '{word}'" if word == "NOT" else None,
            cure=cure,
        )

    def _not_exists(self, selector: Selector) -> NotExists:
        scanner = self._scanner
        scanner.take("NOT")
        scanner.skip_blanks()
        if scanner.peek_word() == "EXISTS":
            scanner.take("EXISTS")
            return NotExists(selector)
        upper = scanner.peek_word().upper() == "EXISTS"
        cure = "did you mean NOT EXISTS (in upper case)" if upper else "did you mean NOT EXISTS"
        raise scanner.error("EXISTS must follow NOT", cure=cure)

    # --- errors ----------------------------------------------------------------------------
    def _error_at_condition(self) -> PatternError:
        """A condition must begin here, and does not."""
        scanner = self._scanner
        char, start = scanner.peek(), scanner.at
        message = "a condition must stand here: a selector such as $.eventName, or ("
        aws_message = None
        cure = cure_for_character(char)
        if char == "!":
            aws_message = f"Invalid character(s) in term '{scanner.text[start : start + 2]}'"
        elif char == '"':
            cure = "a selector is written $.key, without quotation marks"
            scanner.take(scanner.peek_quoted())
            scanner.skip_blanks()
            if scanner.peek() == ":":
                aws_message = "Invalid character(s) in term ':'"
                cure = 'this looks like an EventBridge pattern: write $.key = "value"'
        elif char and char in WORD:
            cure = cure_for_word(scanner.peek_word()) or f"did you mean $.{scanner.peek_bare()}"
        elif not char:
            cure = "close the pattern with }"
        elif char == "}" and self._scanner.text[:start].strip(BLANKS) == "{":
            cure = "write the empty pattern to match every event"
        return scanner.error(message, offset=start, aws_message=aws_message, cure=cure)

    def _error_at_operator(self, start: int, word: str) -> PatternError:
        """An operator must follow the selector that began at ``start``, and does not."""
        scanner = self._scanner
        char = scanner.peek()
        cure = cure_for_word(word) or cure_for_operator(char) or cure_for_character(char)
        selector = scanner.text[start : scanner.at]
        if selector.rstrip(BLANKS) == selector and char and char not in _NEVER_IN_KEYS:
            cure = "a key with other characters than letters, digits, _ and - is written $.['key']"
        elif char in ("", "}", ")", "&", "|"):
            cure = f"that it is there, as text or a number, is written {selector.strip()} = *"
        return scanner.error(
            f"an operator must follow the selector: {_OPERATORS}",
            aws_message=NOT_A_PATTERN if word == "EXISTS" else None,
            cure=cure,
        )

    def _error_after_condition(self) -> PatternError:
        scanner = self._scanner
        opened = self._groups[-1].offset if len(self._groups) > 1 else None
        expected = "&&, || or }" if opened is None else "&&, || or )"
        message = f"{expected} must stand here"
        if opened is not None:
            message += f"; the parenthesis at offset {opened} is not closed"
        return scanner.error(
            message,
            aws_message=NOT_A_PATTERN if scanner.peek_word() in ("AND", "OR") else None,
            cure=cure_after_value(scanner, ")&|}"),
        )


def join(kind: type[And | Or], children: Sequence[Condition]) -> Condition:
    """All of ``children`` (And) or any of them (Or), none of one kind directly in another."""
    flat: list[Condition] = []
    for child in children:
        flat += child.children if isinstance(child, kind) else (child,)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
