"""Every rule that code, tests or documents cite by number has a line in docs/semantics.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trailwarden.stack.lint import RULES
from trailwarden.stack.lint.pages import pages, why_of
from trailwarden.stack.lint.rule_numbers import with_links, without_numbers

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


def test_links_of_the_pages_lead_to_lines() -> None:
    """Every number on a page of a rule of lint is a link to its line, and none is left plain."""
    anchors = set(re.findall(r'<a id="([^"]+)">', SEMANTICS.read_text()))
    links = 0
    for name, text in pages().items():
        found = re.findall(r"\]\(\.\./semantics\.md#([^)]*)\)", text)
        assert set(found) <= anchors, name
        links += len(found)
        plain = re.sub(r"\[[^\]]*\]\(\.\./semantics\.md#[^)]*\)|`[^`]*`", "", text)
        assert list(cited(plain)) == [], name
        assert re.search(r"\b(?:rules?|section) \d|\btraps? \d", plain) is None, name
    assert links > 20


def test_the_terminal_shows_no_numbers() -> None:
    for code, rule in RULES.items():
        shown = without_numbers(why_of(rule))
        assert list(cited(shown)) == [], code
        assert re.search(r"\b(?:rules?|section) \d|\(\s*\)| \.", shown) is None, code


@pytest.mark.parametrize(
    ("text", "linked", "plain"),
    [
        ("a (E-10, W-2a) b", "a ([E-10](p#rule-e-10), [W-2a](p#rule-w-2a)) b", "a b"),
        ("x (also so, C-8).", "x (also so, [C-8](p#rule-c-8)).", "x (also so)."),
        ("x (M-1: alike)", "x ([M-1](p#rule-m-1): alike)", "x (alike)"),
        ("x (rule 5.3): y", "x ([rule 5.3](p#rule-5-3)): y", "x: y"),
        ("x (section 1)", "x ([section 1](p#rule-section-1))", "x"),
        ("C-1 to C-10", "[C-1](p#rule-c-1) to [C-10](p#rule-c-10)", "C-1 to C-10"),
        ("in `E-10`, eu-west-1", "in `E-10`, eu-west-1", "in `E-10`, eu-west-1"),
    ],
)
def test_numbers_as_links_and_left_out(text: str, linked: str, plain: str) -> None:
    assert with_links(text, "p") == linked
    assert without_numbers(text) == plain


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
