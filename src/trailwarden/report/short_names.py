"""Names of one stack begin alike: shortening them so that each can be told from the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trailwarden.report.wording import shortened
from trailwarden.text import visible

_WORD_ENDS = re.compile(r"(?<=[-_/.: ])|(?<=[a-z0-9])(?=[A-Z])")
_MOST_NAMES, _MOST_WORDS = 200, 24  # that are looked at for what they share
_LEAST = 4  # characters that are worth leaving out


def short_names(names: Iterable[str], limit: int) -> dict[str, str]:
    """Each name, harmless, with what is shown for it: about ``limit`` characters where it is long.

    Of long names the words that most of them share are left out, and where that is not enough the
    middle. Different names stay different, if need be longer than ``limit``.
    """
    whole = {name: visible(name) for name in dict.fromkeys(names)}
    long = [shown for shown in whole.values() if len(shown) > limit]
    shared = _shared(long)
    short = {
        name: shown if len(shown) <= limit else _without(shown, shared, limit)
        for name, shown in whole.items()
    }
    for alike in _alike(short):
        apart = _apart([whole[name] for name in alike], limit)
        short.update(zip(alike, apart, strict=True))
    for alike in _alike(short):
        short.update((name, whole[name]) for name in alike)
    return short


def _shared(names: Sequence[str]) -> str:
    """The run of words whose absence would shorten these names most; empty where there is none."""
    if len(names) < 2:
        return ""
    counts = Counter(run for name in names[:_MOST_NAMES] for run in set(_runs(name)))
    candidates = [(len(run) * count, run) for run, count in counts.items() if count > 1]
    return max(candidates, default=(0, ""))[1]


def _runs(name: str) -> Iterator[str]:
    ends = [found.start() for found in _WORD_ENDS.finditer(name)][:_MOST_WORDS]
    starts = [0, *ends]
    for number, start in enumerate(starts):
        for end in starts[number + 1 :]:
            if end - start >= _LEAST:
                yield name[start:end]


def _without(name: str, shared: str, limit: int) -> str:
    before, found, after = name.partition(shared) if shared else (name, "", "")
    if not found:
        return shortened(name, limit)
    both, end = f"{before}…{after}", f"…{after}"
    return end if len(both) > limit >= len(end) and after else shortened(both, limit)


def _alike(short: dict[str, str]) -> list[list[str]]:
    """Names that are shown as one."""
    groups: dict[str, list[str]] = {}
    for name, shown in short.items():
        groups.setdefault(shown, []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _apart(names: Sequence[str], limit: int) -> list[str]:
    """What follows the place where these names, which are shown alike, begin to differ."""
    place = next(
        (at for at, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1),
        min(map(len, names)),
    )
    start = max(0, place - limit // 4)
    return [("…" if start else "") + visible(name[start:], limit - 1) for name in names]
