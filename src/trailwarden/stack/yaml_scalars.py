"""What an unquoted YAML scalar means to CloudFormation, which reads YAML 1.1 without timestamps."""

from __future__ import annotations

import re

from trailwarden.stack.nodes import Mark, Scalar

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {
    spelling: value
    for value, words in (("true", "yes true on"), ("false", "no false off"))
    for word in words.split()
    for spelling in (word, word.capitalize(), word.upper())
}
_PLAIN_NUMBER = re.compile(
    r"[-+]?(?:0|[1-9][0-9]*|(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)", re.ASCII
)
_OCTAL = re.compile(r"[-+]?0[0-7]{1,99}", re.ASCII)
# Numbers with another base, separators or sexagesimal parts: short, as they are converted.
_ODD_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?:0x(?P<hex>[0-9a-fA-F_]{1,99})|0b(?P<bin>[01_]{1,99})"
    r"|(?P<dec>[1-9][0-9_]{0,99}(?:\.[0-9]{0,99})?)|(?P<sixty>[1-9][0-9_]{0,99}(?::[0-5]?[0-9]){1,20}))",
    re.ASCII,
)


def plain_scalar(text: str, mark: Mark) -> Scalar:
    """The meaning of ``text`` without quotes.

    A number keeps its spelling, so that an account id does not lose its leading zeros, unless it is
    written in a way that only YAML knows (``0x3C``, ``1_000``, ``1:30``).
    """
    if text in _NULL:
        return Scalar(text, mark, "null")
    if text in _FLAGS:
        return Scalar(_FLAGS[text], mark, "flag")
    if text[0] not in "-+.0123456789":
        return Scalar(text, mark)
    if _PLAIN_NUMBER.fullmatch(text):
        return Scalar(text, mark, "number")
    if _OCTAL.fullmatch(text):
        return Scalar(text, mark, "octal")
    return _odd_number(text, mark)


def _odd_number(text: str, mark: Mark) -> Scalar:
    found = _ODD_NUMBER.fullmatch(text)
    if found is None:
        return Scalar(text, mark)
    digits = (found[found.lastgroup or 0] or "").replace("_", "")
    if not digits:
        return Scalar(text, mark)
    if found.lastgroup == "sixty":
        value = 0
        for part in digits.split(":"):
            value = value * 60 + int(part)
        digits = str(value)
    elif found.lastgroup in ("hex", "bin"):
        digits = str(int(digits, 16 if found.lastgroup == "hex" else 2))
    return Scalar(found["sign"].replace("+", "") + digits, mark, "number")
