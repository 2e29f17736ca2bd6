"""The proposals for one alarm, and who is not to be left out, on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trailwarden.report.terminal.page import Page, columns, styled
from trailwarden.report.tune_words import alarm_time, cost_told, habit_told, target_named
from trailwarden.report.wording import names, shortened, who, whos
from trailwarden.text import plural, visible
from trailwarden.tuning.model import AlarmTuning, Exclusion

_NAMES = 6
# Up to and with an operator and its blanks; operators inside quotes are text.
_TOKENS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|(?!&&|\|\|)[^"])+(?:(?:&&|\|\|)\s*)?|.', re.DOTALL)


def proposals(page: Page, one: AlarmTuning, most: int) -> None:
    """Exclusions, the best first, then the refusals."""
    for number, exclusion in enumerate(one.exclusions[:most], 1):
        _exclusion(page, number, exclusion, one)
    if not one.exclusions:
        page.blank()
        page.line(("No exclusion is proposed.", "dim"), indent=2)
    if one.refusals:
        page.blank()
        page.line("Not to be left out:", indent=2)
    for refusal in sorted(one.refusals, key=lambda r: -r.matches)[:most]:
        page.item(
            ("-", "dim"),
            (who(refusal.name, 60), "magenta"),
            f", {plural(refusal.matches, 'match', 'matches')}: {visible(refusal.reason, 200)}",
        )


def _exclusion(page: Page, number: int, one: Exclusion, before: AlarmTuning) -> None:
    page.blank()
    what = names(one.events, _NAMES) if one.events else "everything"
    page.line((f"{number}. Leave out {what} by ", "bold"), indent=2)
    page.line((target_named(one.target), "bold magenta"), indent=5)
    failed = f"{one.failures:,} of them failed" if one.failures else "none of them failed"
    less = f"{plural(before.fired, 'incident')} → {one.fired:,}"
    shorter = f"{alarm_time(before.seconds)} → {alarm_time(one.seconds)}"
    rows = (
        ("quiets", f"{less}, in ALARM {shorter}"),
        ("hides", f"{plural(one.silenced, 'match', 'matches')}, {failed}"),
        *_silenced(one),
        ("seen", habit_told(one.habit)),
        ("costs", cost_told(one) + (f": {names(one.lost, _NAMES)}" if one.lost else "")),
        ("filter", _where(one)),
    )
    table = columns("", "", "")
    table.show_header = False
    for label, text in rows:
        table.add_row(" ", styled(label, "dim"), styled(text))
    page.table(table)
    for line in folded(one.pattern, page.width - 5):
        page.line((line, "green"), indent=5)


def _silenced(one: Exclusion) -> list[tuple[str, str]]:
    """Who and what goes with it, where the title does not tell."""
    rows = []
    if one.target.kind == "address" or len(one.whos) > 1:
        rows.append(("who", whos([share.name for share in one.whos], _NAMES)))
    if not one.events:
        rows.append(("calls", names([share.name for share in one.calls], _NAMES)))
    return rows


def _where(one: Exclusion) -> str:
    name = shortened(one.filter, 60)
    if one.new_filter:
        return (
            f"keep {name} as it is, scanners look for its text; add a second filter with this "
            "pattern, a metric of its own and the alarm on that"
        )
    return f"in place of the pattern of {name}, whose text no scanner asks for"


def _tokens(pattern: str, width: int) -> Iterator[str]:
    """The pieces that stay whole; one that is longer than a line is broken before a quote."""
    for token in _TOKENS.findall(pattern):
        head, quote, tail = token.partition('"')
        if len(token) > width and head and quote:
            yield head
            yield quote + tail
        else:
            yield token


def folded(pattern: str, width: int) -> Iterator[str]:
    """A pattern in lines, harmless, broken where blanks change nothing: behind an operator."""
    line = ""
    for token in _tokens(pattern, width):
        shown = visible(token)
        if line and len(line) + len(shown.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += shown
    yield line.rstrip()
