"""What was probably meant: the right form for what other languages write."""

from __future__ import annotations

from trailwarden.patterns.scanner import BLANKS, WORD, Scanner

_WORDS = {
    "AND": "did you mean &&",
    "OR": "did you mean ||",
    "NOT": "did you mean !=, IS FALSE or NOT EXISTS",
    "IS": "did you mean IS NULL, IS TRUE or IS FALSE (in upper case)",
    "EXISTS": "did you mean NOT EXISTS; that a text or a number is there is written = *",
    "NULL": "did you mean IS NULL",
    "TRUE": "did you mean IS TRUE",
    "FALSE": "did you mean IS FALSE",
    "LIKE": 'did you mean = "*text*"',
    "CONTAINS": 'did you mean = "*text*"',
    "MATCHES": "did you mean = %regex%",
    "IN": "write one = for each value and join them with ||",
    "BETWEEN": "write >= and <= and join them with &&",
}
_TYPOGRAPHIC = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
_OPERATORS = {
    "==": "did you mean =",
    "=>": "did you mean >=",
    "=<": "did you mean <=",
    "=~": "did you mean = %regex%",
    "=!": "did you mean !=",
    "!==": "did you mean !=",
    "<>": "did you mean !=",
    ">=": "did you mean >=, without a blank",  # a blank stands between, or it would be one token
    "<=": "did you mean <=, without a blank",
    "&": "did you mean &&",
    "|": "did you mean ||",
    ":": "did you mean =",
    "~": "did you mean = %regex%",
}
_CHARACTERS = {
    "!": "did you mean !=; there is no negation of a whole condition",
    "$": "the value must be a literal: a selector can only stand on the left",
    "'": 'did you mean the double quotation mark "',
    "`": 'did you mean the double quotation mark "',
    "\N{NO-BREAK SPACE}": "this is a no-break space: type an ordinary one",
    **dict.fromkeys(_TYPOGRAPHIC, 'this is a typographic quotation mark: type "'),
}


def cure_for_word(word: str) -> str:
    """What ``word`` was meant to be, or an empty text."""
    return _WORDS.get(word.upper(), "")


def cure_for_operator(operator: str) -> str:
    """Which operator was meant, or an empty text."""
    return _OPERATORS.get(operator, "")


def cure_for_character(character: str) -> str:
    """What ``character`` was meant to be, wherever it stands, or an empty text."""
    return _CHARACTERS.get(character, "")


def cure_after_value(scanner: Scanner, structure: str) -> str:
    """What was meant where a condition should have ended; ``structure`` may follow a value."""
    char, word = scanner.peek(), scanner.peek_word()
    if char == ")":
        return "this parenthesis was never opened"
    if not char:
        return f"close the pattern with {structure[-1]}"
    if char in "$,;":
        return "join conditions with && or ||"
    meant = cure_for_word(word) or cure_for_operator(char) or cure_for_character(char)
    before = scanner.text[scanner.at - 1]
    if before not in BLANKS and before not in ')"%]' and char not in structure:
        return f"text with {char!r} needs quotation marks"
    if meant:
        return meant
    return "text with blanks needs quotation marks" if char in WORD else ""
