"""A few texts and numbers that stand for all there are, as far as some conditions can tell.

Two values are alike where the same of the conditions hold for them. Of each kind there is at least
one among the samples, so that what holds for all samples holds for all texts and numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain, combinations, pairwise

from trailwarden.patterns.decimals import decimal_of, is_number
from trailwarden.patterns.model import Comparison, Leaf, Regex, Text
from trailwarden.patterns.numbertext import NumberText

_GAP = "\x01"  # a character of no literal
_MAX_INNER = 5  # literals with a star at both ends: each subset of them gives samples
_MAX_SAMPLES = 3000
_MAX_EXPONENT = 400  # decimal places; what is larger is not computed with


def samples(leaves: Iterable[Leaf]) -> list[str] | None:
    """Samples for conditions on one selector, or None where none can be promised to do.

    Numbers are :class:`~trailwarden.patterns.numbertext.NumberText`, texts plain str.
    """
    texts: set[str] = set()
    numbers: set[str] = set()
    for leaf in leaves:
        if not isinstance(leaf, Comparison):
            continue
        if isinstance(leaf.value, Regex):
            return None
        if isinstance(leaf.value, Text):
            texts.add(leaf.value.text)
        else:
            numbers.add(leaf.value.spelling)
    if numbers and any(text.startswith("*") or text.endswith("*") for text in texts):
        return None  # which numbers are spelled to fit a wildcard is another question
    strings = _strings(texts)
    made = _numbers(numbers, texts)
    return None if strings is None or made is None else [*strings, *sorted(numbers), *made]


def _strings(texts: Iterable[str]) -> list[str] | None:
    """Strings for every way to satisfy text literals: exactly, at the start, the end, anywhere.

    A string that is none of the literals satisfies the same as its longest start, all its inner
    texts and its longest end do with gaps between them.
    """
    exact, starts, ends, inner = {""}, {""}, {""}, set[str]()
    for text in texts:
        opens, closes = text.startswith("*"), text.endswith("*") and text != "*"
        core = text[opens : len(text) - closes]
        exact.add(core)
        if opens and closes:
            inner.add(core)
        elif opens:
            ends.add(core)
        elif closes:
            starts.add(core)
    if len(inner) > _MAX_INNER or any(_GAP in text for text in exact):
        return None
    if len(starts) * len(ends) * 2 ** len(inner) > _MAX_SAMPLES:
        return None
    subsets = chain.from_iterable(combinations(sorted(inner), n) for n in range(len(inner) + 1))
    made = [
        _GAP.join((start, *subset, end))
        for subset in subsets
        for start in sorted(starts)
        for end in sorted(ends)
    ]
    return [*sorted(exact), *made]


def _numbers(numbers: Iterable[str], texts: Iterable[str]) -> list[NumberText] | None:
    """Numbers below, between, at and above the literals; those at them in two spellings."""
    spellings = sorted({*numbers, *(text for text in texts if is_number(text))})
    known = sorted({decimal_of(text) for text in spellings})
    if not known:
        return []
    if any(abs(number.adjusted()) > _MAX_EXPONENT for number in known):
        return None
    low, high = known[0], known[-1]
    between = [(left + right) / 2 for left, right in pairwise(known)]
    made = [low - max(abs(low), Decimal(1)), *between, high + max(abs(high), Decimal(1))]
    if len({*made, *known}) != len(made) + len(known):
        return None  # too close to each other for the arithmetic
    # A number that equals a literal without having its spelling satisfies other conditions.
    other = [f"{text}e000" for text in spellings if "e" not in text.lower()]
    return [NumberText(text) for text in (*map(str, made), *spellings, *other)]
