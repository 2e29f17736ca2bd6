"""Comments of a YAML template that speak to lint: ``# trailwarden: ignore TW303,TW311``.

The reader of templates drops comments, so that they are looked for once more here. Texts and block
scalars may hold what looks like one (a script in UserData): the parser says where these stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trailwarden.stack.source import read_file

_MARK = re.compile(r"(?:^|(?<=[ \t]))#[ \t]*trailwarden:")
_ORDER = re.compile(
    r"[ \t]*(ignore|ignore-file)[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*)(?:[ \t]+#.*)?[ \t]*"
)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what PyYAML counts as a line

Point = tuple[int, int]
"""Line and column, both from 0."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment that asks for findings to be left out.

    ``line`` and ``column`` count from 1 and are those of its ``#``. ``codes`` is empty where the
    comment cannot be understood. ``whole_file`` is True for ``ignore-file``.
    """

    line: int
    column: int
    codes: tuple[str, ...]
    whole_file: bool = False


def ignores_of_file(path: Path) -> list[Ignore]:
    """The comments in a template, in the order of its text.

    Pipes have none: they cannot be read a second time. Raises what
    :func:`~trailwarden.stack.source.read_file` does.
    """
    return ignores_of_text(read_file(path)) if path.is_file() else []


def ignores_of_text(text: str) -> list[Ignore]:
    """The comments in the text of a template, in its order; none where it is no YAML."""
    if "trailwarden:" not in text:
        return []
    return list(_ignores(text))


def _ignores(text: str) -> Iterator[Ignore]:
    spans = _scalars(text)
    begins = [begin for begin, _ in spans]
    for number, line in enumerate(_BREAK.split(text)):
        found = _MARK.search(line)
        while found is not None:
            before = bisect_right(begins, (number, found.start())) - 1
            if before < 0 or (number, found.start()) >= spans[before][1]:
                yield _ignore(number + 1, found.start() + 1, line[found.end() :])
                break  # the rest of the line belongs to this comment
            found = _MARK.search(line, found.end())


def _ignore(line: int, column: int, text: str) -> Ignore:
    order = _ORDER.fullmatch(text)
    if order is None:
        return Ignore(line, column, ())
    codes = tuple(dict.fromkeys(code.strip() for code in order[2].split(",")))
    return Ignore(line, column, codes, order[1] == "ignore-file")


def _scalars(text: str) -> list[tuple[Point, Point]]:
    """Where each text begins and ends, in order. A template that loads is YAML, or JSON."""
    import yaml  # noqa: PLC0415 - start-up of the command line does not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    spans: list[tuple[Point, Point]] = []
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
                begin, end = event.start_mark, event.end_mark
                spans.append(((begin.line, begin.column), (end.line, end.column)))
    except yaml.YAMLError:  # JSON with tabs, say: it has no comments, only texts
        return [((0, 0), (len(text) + 1, 0))]
    return spans
