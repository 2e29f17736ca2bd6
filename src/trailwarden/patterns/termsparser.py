"""Parsing patterns of terms: ``ERROR -"health check"``, ``?timeout ?refused``, ``%regex%``."""

from __future__ import annotations

from trailwarden.errors import PatternError
from trailwarden.patterns.hints import cure_for_character
from trailwarden.patterns.literals import take_quoted, take_regex
from trailwarden.patterns.model import Mode, Regex, Term, TermsSyntax, Text
from trailwarden.patterns.scanner import BLANKS, WORD, Scanner


def parse_terms(scanner: Scanner) -> TermsSyntax:
    """Parse the whole pattern; the scanner is at its first term. Raises PatternError."""
    terms: list[Term] = []
    while scanner.at < scanner.end:
        terms.append(_term(scanner))
        if scanner.peek() and scanner.peek() not in BLANKS:
            raise _error_in_term(scanner)
        scanner.skip_blanks()
    return TermsSyntax(tuple(terms))


def _term(scanner: Scanner) -> Term:
    char = scanner.peek()
    mode = Mode(char) if char in ("?", "-") else Mode.REQUIRED
    scanner.take(mode.value)
    return Term(mode, _value(scanner))


def _value(scanner: Scanner) -> Text | Regex:
    start, char = scanner.at, scanner.peek()
    if char == "%":
        return take_regex(scanner)
    if char == '"':
        text = take_quoted(scanner)
        if not text:
            scanner.at = start + 1
            raise scanner.lexical_error(start, "a term cannot be empty")
        return Text(text)
    if not char or char not in WORD:
        raise _error_at_term(scanner)
    return Text(scanner.take_key())


def _error_at_term(scanner: Scanner) -> PatternError:
    """A term must begin here, and does not."""
    char = scanner.peek()
    message = 'a term must stand here: a word, "a phrase" or %regex%'
    if not char or char in BLANKS:
        return scanner.error(message, cure="the term follows its ? or - without a blank")
    if char == "$":
        return scanner.error(message, cure="did you mean a JSON pattern: { $.key = value }")
    return _error_in_term(scanner, message)


def _error_in_term(scanner: Scanner, message: str = "") -> PatternError:
    """The character here can stand in a phrase only."""
    char, before = scanner.peek(), scanner.text[scanner.at - 1 : scanner.at]
    if before and before in '"%' and not message:
        return scanner.error("a blank must separate the terms")
    cure = f"put text with {char!r} in quotation marks"
    if char == "*":
        cure = "a term matches anywhere in the message, so leave the star out"
    elif cure_for_character(char).endswith('"'):
        cure = cure_for_character(char)
    return scanner.lexical_error(
        scanner.at, message or f"{char!r} cannot stand in an unquoted term", cure=cure
    )
