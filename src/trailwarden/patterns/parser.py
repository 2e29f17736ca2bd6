"""Text → syntax tree: which of the three languages it is, and its parser (section 1)."""

from __future__ import annotations

import re

from trailwarden.errors import PatternError
from trailwarden.patterns.jsonparser import parse_json
from trailwarden.patterns.model import EverythingSyntax, Syntax
from trailwarden.patterns.scanner import Scanner
from trailwarden.patterns.spaceparser import parse_space
from trailwarden.patterns.termsparser import parse_terms

MAX_LENGTH = 1024  # characters
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_syntax(text: str) -> Syntax:
    """The syntax tree of a pattern. Raises :class:`~trailwarden.errors.PatternError`."""
    if len(text) > MAX_LENGTH:
        raise PatternError(
            f"the pattern is longer than {MAX_LENGTH:,} characters",
            pattern=text,
            offset=MAX_LENGTH,
            aws_message="1 validation error detected: Value at 'filterPattern' failed to satisfy "
            f"constraint: Member must have length less than or equal to {MAX_LENGTH}",
            cure="leave blanks out, use wildcards, or split it into several filters",
        )
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise PatternError(
            "half of a surrogate pair is not a character", pattern=text, offset=surrogate.start()
        )
    scanner = Scanner(text)
    start = scanner.peek()
    if not start:
        return EverythingSyntax()
    if start == "{":
        return parse_json(scanner)
    return parse_space(scanner) if start == "[" else parse_terms(scanner)
