"""Making strings from logs harmless: every one of them is written by somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

_NEAR = 0.72  # of 1: nope is near none, and nosuch not near foreach
_SHORT, _NEAR_OF_SHORT = 4, 0.66
_MOST_COMPARED = 1000  # names: comparing with more takes long


def visible(text: str, limit: int | None = None) -> str:
    """One line without control, direction or zero-width characters; cut at ``limit`` characters.

    Such characters are written as escapes (``\\x1b``, ``\\u202e``), so that nothing is hidden.
    """
    # Most text is plain ASCII, and the quick look is much quicker than the search.
    is_plain = text.isascii() and text.isprintable()
    shown = text if is_plain else _CONTROL.sub(lambda found: _escape(found[0]), text)
    if limit is not None and len(shown) > limit:
        return shown[: max(0, limit - 1)] + "…"
    return shown


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def plural(count: int, noun: str, plural_form: str | None = None) -> str:
    """``1 file``, ``2,345 files``."""
    return f"{count:,} {noun if count == 1 else (plural_form or noun + 's')}"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The one of ``known`` that somebody who wrote ``name`` meant, if any is near enough."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    by_letters = {one.lower(): one for one in islice(known, _MOST_COMPARED)}
    cutoff = _NEAR if len(name) > _SHORT else _NEAR_OF_SHORT  # one slip weighs more in a short name
    close = get_close_matches(name[:100].lower(), by_letters, n=1, cutoff=cutoff)
    return [by_letters[one] for one in close]


def some_of(names: Sequence[str], most: int, show: Callable[[str], str] = str) -> str:
    """``A, B, C and 2,345 more``: the first ``most`` of the names, each as ``show`` gives it."""
    shown = ", ".join(map(show, names[:most]))
    left_out = len(names) - most
    return f"{shown} and {left_out:,} more" if left_out > 0 else shown
