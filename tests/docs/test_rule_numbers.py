"""Every rule that code, tests or documents cite by number has a line in docs/semantics.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEMANTICS = ROOT / "docs" / "semantics.md"
LINES = re.compile(
    r'^\| <a id="rule-[a-z0-9-]+"></a>([^ |]+|section \d+) \| .+ \| (documented|observed|chosen)',
    re.MULTILINE,
)
LETTERED = re.compile(r"\b([ACDEHMNRSTVW]-\d+a?)\b(?! to)|\b([ACDEHMNRSTVW])-(\d+) to \2-(\d+)\b")
NUMBERED = re.compile(r"\brules? ((?:\d\.\d(?: to |, | and )?)+)")
SECTIONS = re.compile(r"\(sections? (\d+)|\bsection (\d+) of the rules")
PLACES = [
    *ROOT.glob("src/trailwarden/**/*.py"),
    *ROOT.glob("src/speedups/*"),
    *ROOT.glob("tests/**/*.py"),
    *ROOT.glob("docs/**/*.md"),
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
]


def known() -> list[str]:
    return [match[1] for match in LINES.finditer(SEMANTICS.read_text())]


def cited(text: str) -> Iterator[str]:
    """The numbers that ``text`` cites: of ranges, both ends."""
    for one, letter, first, last in LETTERED.findall(text):
        yield from [one] if one else [f"{letter}-{first}", f"{letter}-{last}"]
    for several in NUMBERED.findall(text):
        yield from re.findall(r"\d\.\d", several)
    for first, second in SECTIONS.findall(text):
        yield f"section {first or second}"


def test_what_counts_as_a_citation() -> None:
    text = "(rules 5.3, 6.2; W-2a), E-10 to E-12, section 4 of the rules, (section 11), us-east-1"
    assert sorted(cited(text)) == [
        "5.3", "6.2", "E-10", "E-12", "W-2a", "section 11", "section 4",
    ]  # fmt: skip


def test_every_number_has_one_line() -> None:
    lines = known()
    assert len(lines) == len(set(lines)) > 100
    here = Path(__file__)
    missing = {
        f"{number} in {place.relative_to(ROOT)}"
        for place in PLACES
        if place.is_file() and place not in (SEMANTICS, here)
        for number in cited(place.read_text(errors="replace"))
        if number not in lines
    }
    assert not missing
