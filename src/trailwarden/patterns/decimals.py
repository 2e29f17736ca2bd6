"""Numbers as they are spelled, compared exactly as decimals (rule 5.4) and in bounded time."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation

_NUMBER = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?)(?:[eE]([+-]?)[0-9]+)?")
# A context of our own, so that nobody's settings decide whether an exponent is refused.
_CONTEXT = Context(traps=[InvalidOperation])
_HUGE, _TINY = Decimal("1e999999999999999999"), Decimal("1e-1999999999999999997")


def is_number(text: str) -> bool:
    """True where ``text`` spells a number of the pattern language: ``1``, ``-2.50``, ``+1e-3``."""
    return _NUMBER.fullmatch(text) is not None


def decimal_of(spelling: str) -> Decimal:
    """The exact value of a number's spelling; it costs no more than its characters.

    An exponent beyond 18 digits is taken as the largest (the smallest) there is.
    """
    try:
        return Decimal(spelling, _CONTEXT)
    except InvalidOperation:
        found = _NUMBER.fullmatch(spelling)
        if found is None:
            raise ValueError(f"not a number: {spelling[:40]!r}") from None
        sign, mantissa, exponent_sign = found.groups()
        if not mantissa.strip("0."):
            return Decimal(0)
        size = _TINY if exponent_sign == "-" else _HUGE
        return size.copy_negate() if sign == "-" else size
