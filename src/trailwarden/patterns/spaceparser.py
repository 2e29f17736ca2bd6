"""Parsing space-delimited patterns: ``[ip, ..., status = 404 || status = 410, bytes > 1000]``."""

from __future__ import annotations

from trailwarden.errors import PatternError
from trailwarden.patterns.hints import (
    cure_after_value,
    cure_for_character,
    cure_for_operator,
    cure_for_word,
)
from trailwarden.patterns.literals import take_value
from trailwarden.patterns.model import Dots, Field, FieldTest, SpaceSyntax
from trailwarden.patterns.scanner import NOT_A_PATTERN, Scanner

_OPERATOR_STARTS = ("=", "!", "<", ">")
_NO_PARENTHESES = "there are no parentheses here: && binds tighter than ||"


def parse_space(scanner: Scanner) -> SpaceSyntax:
    """Parse the whole pattern; the scanner is at its opening bracket. Raises PatternError."""
    return _SpaceParser(scanner).parse()


class _SpaceParser:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._names: set[str] = set()

    def parse(self) -> SpaceSyntax:
        scanner = self._scanner
        scanner.take("[")
        scanner.skip_blanks()
        fields: list[Field | Dots] = []
        if not scanner.take("]"):
            fields.append(self._field())
            while not self._closes(fields[-1]):
                fields.append(self._field())
        scanner.skip_blanks()
        if scanner.peek():
            raise scanner.error(
                "the pattern ends with its closing bracket: nothing can follow it",
                cure='to look for text in brackets, write "[…]" in quotation marks',
            )
        return SpaceSyntax(tuple(fields))

    def _closes(self, field: Field | Dots) -> bool:
        scanner = self._scanner
        scanner.skip_blanks()
        if scanner.take("]"):
            return True
        if not scanner.take(","):
            raise self._error_after_field(field)
        return False

    def _field(self) -> Field | Dots:
        scanner = self._scanner
        scanner.skip_blanks()
        start = scanner.at
        if scanner.take("..."):
            self._use_name("...", start)
            return Dots()
        name = scanner.take_key()
        if not name:
            if scanner.peek() not in (",", "]"):
                raise self._error_at_field()
            return Field(None)
        self._use_name(name, start)
        scanner.skip_blanks()
        if scanner.peek() not in _OPERATOR_STARTS:
            return Field(name)
        return Field(name, self._tests(name))

    def _tests(self, name: str) -> tuple[tuple[FieldTest, ...], ...]:
        """An or of ands of tests; the scanner is behind the field's name."""
        scanner = self._scanner
        ors: list[tuple[FieldTest, ...]] = []
        ands: list[FieldTest] = []
        while True:
            ands.append(self._test())
            scanner.skip_blanks()
            if scanner.take("||"):
                ors.append(tuple(ands))
                ands = []
            elif not scanner.take("&&"):
                return (*ors, tuple(ands))
            self._repeat(name)

    def _test(self) -> FieldTest:
        scanner = self._scanner
        scanner.skip_blanks()
        operator = scanner.take_operator()
        if operator is None:
            raise scanner.error(
                "an operator must stand here: =, !=, <, <=, > or >=",
                cure=cure_for_word(scanner.peek_word()) or cure_for_operator(scanner.peek()),
            )
        return FieldTest(operator, take_value(scanner, operator))

    def _repeat(self, name: str) -> None:
        """Every further test repeats the field's own name (rule 6.3)."""
        scanner = self._scanner
        scanner.skip_blanks()
        start = scanner.at
        if scanner.take_key() != name:
            cure = "a condition can only test its own field: test the other one in its own place"
            if scanner.text[start : start + 1] == "(":
                cure = _NO_PARENTHESES
            raise scanner.error(f"the field's name {name} must stand here", offset=start, cure=cure)

    def _use_name(self, name: str, start: int) -> None:
        if name in self._names:
            raise self._scanner.error(
                f"{name} can stand in a pattern only once",
                offset=start,
                aws_message=f"Duplicate field '{name}'",
                cure="leave a place empty, or name it otherwise",
            )
        self._names.add(name)

    # --- errors ----------------------------------------------------------------------------
    def _error_at_field(self) -> PatternError:
        scanner = self._scanner
        char = scanner.peek()
        cure = cure_for_character(char)
        if char in _OPERATOR_STARTS:
            cure = "write the field's name before the operator"
        elif char == "$":
            cure = "in brackets a field is named without $"
        elif char == ".":
            cure = "did you mean ..."
        elif char == "(":
            cure = _NO_PARENTHESES
        elif not char:
            cure = "close the pattern with ]"
        return scanner.error("a field's name, ..., a comma or ] must stand here", cure=cure)

    def _error_after_field(self, field: Field | Dots) -> PatternError:
        scanner = self._scanner
        if isinstance(field, Dots):
            return scanner.error(
                ", or ] must follow ...", cure="the dots have no name and no conditions"
            )
        word = scanner.peek_word()
        aws_message = NOT_A_PATTERN if word in ("AND", "OR") else None
        if field.tests:
            cure = cure_after_value(scanner, ",&|]")
            return scanner.error(
                "&&, ||, a comma or ] must stand here", aws_message=aws_message, cure=cure
            )
        cure = cure_for_word(word) or (
            "separate fields with commas" if scanner.peek() else "close the pattern with ]"
        )
        return scanner.error(
            "an operator, a comma or ] must stand here", aws_message=aws_message, cure=cure
        )
