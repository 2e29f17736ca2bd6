"""What tests have exercised: for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING

from trailwarden.text import plural, visible

if TYPE_CHECKING:
    from trailwarden.scan.cases import FilterCoverage, StackCoverage

_MOST = 20  # lines of one filter, names of alarms
_WIDEST = 48  # characters of the column of names
_LIMIT = 300  # characters of one text
_Value = dict[str, object]


def coverage_lines(coverage: StackCoverage) -> Iterator[str]:
    """A summary, then what is missing: per filter its clauses, and the alarms."""
    alarms = len(coverage.alarms)
    summary = (
        f"coverage of {_shown(coverage.stack.name)}: "
        f"covered {coverage.covered:,} of {plural(coverage.clauses, 'clause')} "
        f"({floor(coverage.percent)} %)"
    )
    if coverage.redundant:
        summary += f", {coverage.redundant:,} left out as redundant"
    yield f"{summary}; {alarms - len(coverage.never_fired):,} of {plural(alarms, 'alarm')}"
    yield from _filters([one for one in coverage.filters if one.covered < len(one.counted)])
    missing = coverage.never_fired
    if missing:
        yield "  alarms never in ALARM"
        yield from _bounded([f"    {_shown(name)}" for name in missing])


def _filters(filters: Sequence[FilterCoverage]) -> Iterator[str]:
    """A row for each filter that is not covered, and below it what its clauses lack."""
    rows = [(_shown(one.name), f"{one.covered:,} of {len(one.counted):,}") for one in filters]
    width = min(_WIDEST, max((len(name) for name, _ in rows), default=0))
    count_width = max((len(count) for _, count in rows), default=0)
    for one, (name, count) in zip(filters, rows, strict=True):
        place = f"{_shown(one.location.source)}:{one.location.line}" if one.location else ""
        is_reached = any(clause.decided_true for clause in one.counted)
        # Of a filter that nothing reaches all clauses would be listed.
        remark = "" if is_reached else "no test reaches it"
        yield f"  {name:{width}}  {count:>{count_width}}  {place}  {remark}".rstrip()
        if is_reached:
            yield from _gaps(one)


def _gaps(one: FilterCoverage) -> Iterator[str]:
    gaps = [(", ".join(clause.gaps), clause.text) for clause in one.counted if clause.gaps]
    width = max(len(gap) for gap, _ in gaps)
    yield from _bounded([f"    {gap:{width}}  {_shown(text)}" for gap, text in gaps])


def _bounded(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"    … and {len(lines) - _MOST:,} more"


def coverage_value(coverage: StackCoverage) -> _Value:
    return {
        "stack": coverage.stack.name,
        "clauses": coverage.clauses,
        "covered": coverage.covered,
        "redundant": coverage.redundant,
        "percent": round(coverage.percent, 2),
        "filters": [_filter_value(one) for one in coverage.filters],
        "alarms_never_fired": list(coverage.never_fired),
    }


def _filter_value(one: FilterCoverage) -> _Value:
    return {
        "name": one.name,
        "line": one.location.line if one.location else None,
        "clauses": [
            {
                "text": clause.text,
                "covered": clause.is_covered,
                "gaps": list(clause.gaps),
                "redundant": clause.redundant or None,
            }
            for clause in one.clauses
        ],
    }


def _shown(text: str) -> str:
    return visible(text, _LIMIT)
