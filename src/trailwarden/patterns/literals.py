"""Parsing the values that selectors, fields and terms are compared with."""

from __future__ import annotations

import re

from trailwarden.errors import PatternError
from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.hints import cure_for_character, cure_for_operator
from trailwarden.patterns.model import Number, Operator, Regex, Text, Value
from trailwarden.patterns.regexes import ALLOWED, RegexSyntaxError, check
from trailwarden.patterns.scanner import NOT_A_PATTERN, Scanner

_OTHER_TOKEN = re.compile(r"[=)}\],]|&&|\|\|")


def take_value(scanner: Scanner, operator: Operator) -> Value:
    """The value after ``operator``."""
    scanner.skip_blanks()
    char = scanner.peek()
    if operator not in (Operator.EQUAL, Operator.NOT_EQUAL):
        return _take_number(scanner, operator)
    if char == '"':
        return Text(take_quoted(scanner))
    if char == "%":
        return take_regex(scanner)
    bare = scanner.peek_bare()
    if bare == "null":
        raise scanner.error(
            "null is not a value",
            aws_message=NOT_A_PATTERN,
            cure='did you mean IS NULL; the text is written "null"',
        )
    if not bare:
        raise scanner.error(
            'a value must stand here: "text", text, a number or %regex%',
            aws_message=_answer_without_value(scanner),
            cure=cure_for_operator(operator + char) or cure_for_character(char),
        )
    scanner.take(bare)
    return Number(bare) if is_number(bare) else Text(bare)


def _take_number(scanner: Scanner, operator: Operator) -> Number:
    bare = scanner.peek_bare()
    if is_number(bare):
        scanner.take(bare)
        return Number(bare)
    char, quoted = scanner.peek(), scanner.peek_quoted()
    refused = f"Invalid character(s) in term '{quoted}'"
    raise scanner.error(
        f"a number must follow {operator}",
        aws_message=refused if quoted else _answer_without_value(scanner),
        cure=cure_for_operator(operator + char)
        or cure_for_character(char)
        or "only numbers have an order; text can be compared with = and !=",
    )


def _answer_without_value(scanner: Scanner) -> str | None:
    """The service's answer where the value is missing: another token stands in its place."""
    return NOT_A_PATTERN if _OTHER_TOKEN.match(scanner.text, scanner.at, scanner.end) else None


def take_quoted(scanner: Scanner) -> str:
    r"""The text between quotation marks; ``\"`` and ``\\`` are its only escapes."""
    start, text = scanner.at, scanner.text
    parts: list[str] = []
    scanner.take('"')
    while not scanner.take('"'):
        if scanner.take("\\") and scanner.peek() not in ('"', "\\", ""):
            raise scanner.error(
                '" or \\ must follow the backslash', cure="a backslash itself is written \\\\"
            )
        if not scanner.peek():
            raise scanner.error(
                f'the quotation mark at offset {start} is never closed: " must stand here',
                aws_message=f"Invalid character(s) in term '{text[start : scanner.end]}'",
            )
        parts.append(scanner.peek())
        scanner.at += 1
    return "".join(parts)


def take_regex(scanner: Scanner) -> Regex:
    """``%regex%``, checked."""
    scanner.count_regex()
    start = scanner.at
    scanner.take("%")
    while scanner.peek() in ALLOWED:
        scanner.at += 1
    if scanner.peek() != "%":
        raise _regex_error(scanner, start)
    source = scanner.text[start + 1 : scanner.at]
    if not source:
        raise scanner.error("a regular expression cannot be empty")
    try:
        check(source)
    except RegexSyntaxError as error:
        raise scanner.error(
            error.message,
            offset=start + 1 + error.offset,
            aws_message="Failed to compile regular expression.",
            cure=error.cure,
        ) from None
    scanner.take("%")
    return Regex(source)


def _regex_error(scanner: Scanner, start: int) -> PatternError:
    """The character here cannot stand in the regular expression that began at ``start``."""
    char = scanner.peek()
    if not char:
        return scanner.error(
            f"the regular expression at offset {start} is never closed: % must stand here"
        )
    cure = f"write \\x{ord(char):02x} for the character itself"
    if char in "()":
        cure = f"there are no groups: {cure}"
    elif ord(char) > 0x7F:
        cure = "only ASCII can be used; a dot stands for any one character"
    return scanner.lexical_error(start, f"{char!r} cannot stand in a regular expression", cure)
