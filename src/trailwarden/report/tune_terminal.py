"""``tune --output terminal``: for each alarm its noise, and what each cure does and costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from trailwarden.report.terminal.page import Page, columns, styled
from trailwarden.report.tune_overview import overview
from trailwarden.report.tune_proposals import proposals
from trailwarden.report.tune_words import alarm_time, per_time, percent
from trailwarden.report.wording import condition, duration, names, number, shortened, who
from trailwarden.text import plural, visible
from trailwarden.times import format_instant
from trailwarden.tuning.model import AlarmTuning, Share, ThresholdAdvice, Tuning

_MOST_PROBLEMS = 3
_LINE = 3  # shares of a kind that share a line
_SCANNERS = (
    "Security Hub takes the benchmark's literal texts only: keep a filter with that text for it, "
    "and leave callers out of the filter that detects. All figures were counted on this archive."
)
_DIMENSIONS = ("event", "source", "service", "agent", "error")
_DAY = 86_400  # seconds
_SHORT = 7  # days: less than that says little about habits


def render_terminal(tuning: Tuning, most: int, stream: IO[str]) -> None:
    """Write ``tuning`` as text, coloured where ``stream`` is a terminal that wants colour."""
    page = Page(stream)
    _head(page, tuning)
    overview(page, tuning)
    for one in tuning.alarms:
        _alarm(page, one, tuning.days, most)
    if any(one.exclusions for one in tuning.alarms):
        page.blank()
        page.line((_SCANNERS, "dim"))
    _problems(page, tuning)
    page.close()


def _head(page: Page, tuning: Tuning) -> None:
    read = tuning.input
    page.line(
        ("trailwarden", "bold"),
        f" · noise of {visible(tuning.stack.name, 60)} over {names(read.sources, 3, 80)}",
    )
    page.line(f"{plural(read.events, 'event')} in {plural(read.files, 'file')}", indent=2)
    if read.first_event and read.last_event:
        span = f"{format_instant(read.first_event)} → {format_instant(read.last_event)}"
        page.line(f"{span} ({duration(tuning.days * _DAY)})", indent=2)
    fired = sum(one.fired for one in tuning.alarms)
    count = len(tuning.alarms)
    page.line(f"{plural(count, 'alarm')} looked at: {plural(fired, 'incident')}", indent=2)
    if remark := _remark(tuning):
        page.line((remark, "yellow"), indent=2)
    if tuning.left_out:
        others = plural(tuning.left_out, "alarm")
        text = f"{others} more fired, none more often: name them by --alarm"
        page.line((text, "yellow"), indent=2)
    if tuning.quiet:
        page.line((f"not looked at: {names(tuning.quiet, 20, 44)}", "dim"), indent=2)


def _remark(tuning: Tuning) -> str:
    """Why there is nothing to see, or why to doubt it; empty where neither holds."""
    if not tuning.input.events:
        return "No events were read: check the archive's path, --since and --until."
    if not tuning.alarms and not tuning.stack.alarms:
        return "The stack has no metric alarms."
    if not tuning.alarms:
        return "No alarm fired, so there is no noise. Name one by --alarm to look at its matches."
    is_short = tuning.days < _SHORT
    return "Less than a week: too short to tell noise from an attack." if is_short else ""


def _alarm(page: Page, one: AlarmTuning, days: float, most: int) -> None:
    what = [f"{plural(one.fired, 'incident')}{per_time(one.fired, days)}"]
    what += [f"{alarm_time(one.seconds)} in ALARM"] if one.seconds else []
    what += [plural(one.matches, "match", "matches")]
    page.title(shortened(one.alarm.alarm_name, 60), ", ".join(what))
    page.line((condition(one.alarm, 200), "dim"), indent=2)
    if one.matches:
        page.blank()
        _principals(page, one, most)
        _others(page, one)
    _thresholds(page, one.thresholds)
    proposals(page, one, most)


def _principals(page: Page, one: AlarmTuning, most: int) -> None:
    shares = one.shares["principal"]
    table = columns("SHARE", "MATCHES", "PRINCIPAL", right=("SHARE", "MATCHES"), whole=True)
    for share in shares[:most]:
        name = styled(who(share.name, max(20, page.width - 24)), "magenta")
        table.add_row(percent(share.count, one.matches), f"{share.count:,}", name)
    page.table(table)
    if len(shares) > most:
        page.line((f"{len(shares) - most:,} more: --top N", "dim"), indent=2)


def _others(page: Page, one: AlarmTuning) -> None:
    """The other shares, a line for each kind that is there at all."""
    table = columns("BY", "")
    for name in _DIMENSIONS:
        shares = one.shares[name]
        if any(share.name for share in shares):
            table.add_row(styled(name, "dim"), _listed(shares, one.matches))
    page.blank()
    table.show_header = False
    page.table(table)


def _listed(shares: Sequence[Share], of: int) -> str:
    parts = [
        f"{percent(share.count, of)} {visible(share.name, 48) or 'none'}"
        for share in shares[:_LINE]
    ]
    left = len(shares) - _LINE
    return " · ".join(parts) + (f" · {left:,} more" if left > 0 else "")


def _thresholds(page: Page, advice: ThresholdAdvice) -> None:
    page.blank()
    if not advice.rows:
        page.line((f"threshold: {visible(advice.remark, 200)}", "dim"), indent=2)
        return
    right = ("THRESHOLD", "INCIDENTS", "IN ALARM")
    table = columns(*right, "", right=right)
    for place, row in enumerate(advice.rows):
        is_found = row.threshold == advice.weekly
        remark = "as it is" if place == 0 else "not advised" if advice.not_advised else ""
        if is_found:
            remark = "at most one a week" if row.fired else "at most one a week: none at all here"
        style = "green" if is_found else "dim"
        length = alarm_time(row.seconds)
        table.add_row(number(row.threshold), f"{row.fired:,}", length, styled(remark, style))
    page.table(table)
    if advice.not_advised:
        text = (
            f"A higher threshold is not advised: one event is an incident ({advice.not_advised})."
        )
        page.line((text, "yellow"), indent=2)
    if advice.lost:
        text = f"With {number(advice.weekly or 0)}, one event alone no longer fires: "
        page.line((text + names(advice.lost, 4), "yellow"), indent=2)


def _problems(page: Page, tuning: Tuning) -> None:
    problems = tuning.input.problems
    if not problems:
        return
    count = sum(problem.count for problem in problems)
    page.title("Problems", f"{plural(count, 'input')} could not be used; the rest was counted")
    for problem in problems[:_MOST_PROBLEMS]:
        page.line(
            f"{shortened(problem.source, 70)}: {visible(problem.message, 160)} ({problem.code})",
            indent=2,
        )
    if len(problems) > _MOST_PROBLEMS:
        page.line((f"{len(problems) - _MOST_PROBLEMS:,} more: see scan", "dim"), indent=2)
