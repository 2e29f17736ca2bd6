"""What could not be read, and what the archive does not hold."""

from __future__ import annotations

from datetime import timedelta

from trailwarden.monitor.outcome import Gap, Outcome
from trailwarden.problems import Problem
from trailwarden.report.findings import ProblemGroup, grouped
from trailwarden.report.terminal.page import Page
from trailwarden.report.wording import duration, repeated
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

MOST_GROUPS = 8
MOST_PLACES = 3
MOST_GAPS = 3


def problems_section(page: Page, outcome: Outcome) -> None:
    """Problems with their cures, grouped, then gaps."""
    problems = outcome.input.problems
    if problems:
        count = sum(problem.count for problem in problems)
        page.title(
            "Problems",
            f"{plural(count, 'input')} could not be used; the results stand for the rest",
        )
        groups = grouped(problems)
        for group in groups[:MOST_GROUPS]:
            _group(page, group)
        if len(groups) > MOST_GROUPS or any(len(g.problems) > MOST_PLACES for g in groups):
            kinds = plural(len(groups) - MOST_GROUPS, "more kind")
            left = f"{kinds} of problem; " if len(groups) > MOST_GROUPS else ""
            page.line((f"{left}all of them: --output json", "dim"), indent=2)
    if outcome.input.gaps:
        _gaps(page, outcome)


def _group(page: Page, group: ProblemGroup) -> None:
    first = group.problems[0]
    page.item(
        ("●", "yellow"),
        (visible(group.code, 60), "bold"),
        f"{repeated(group.count)}  ",
        visible(first.message, 300),
    )
    for problem in group.problems[:MOST_PLACES]:
        page.line((_place(problem), "dim"), indent=4)
    if len(group.problems) > MOST_PLACES:
        left = f"… and {plural(len(group.problems) - MOST_PLACES, 'more place')}"
        page.line((left, "dim"), indent=4)
    if group.cure:
        page.line(("cure: ", "green"), visible(group.cure, 300), indent=4)


def _place(problem: Problem) -> str:
    return visible(str(problem.location), 200) + repeated(problem.count)


def _gaps(page: Page, outcome: Outcome) -> None:
    gaps = outcome.input.gaps
    total = sum((gap.end - gap.start for gap in gaps), timedelta())
    page.title("Gaps", "over an hour without a record: silence, or missing files")
    longest = sorted(gaps, key=lambda gap: (gap.start - gap.end, gap.start))[:MOST_GAPS]
    for gap in sorted(longest, key=lambda gap: gap.start):
        page.line(_gap(gap), indent=2)
    if len(gaps) > MOST_GAPS:
        text = f"the longest of {len(gaps):,} gaps, together {duration(total.total_seconds())}"
        page.line((text, "dim"), indent=2)


def _gap(gap: Gap) -> str:
    length = duration((gap.end - gap.start).total_seconds())
    return f"{format_instant(gap.start)} → {format_instant(gap.end)}  {length}"
