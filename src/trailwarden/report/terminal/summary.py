"""What was scanned, and what came of it."""

from __future__ import annotations

from rich.table import Table

from trailwarden.monitor.outcome import InputSummary, Outcome
from trailwarden.report.findings import named, principals_across
from trailwarden.report.summary import summary_lines
from trailwarden.report.terminal.page import Page, styled
from trailwarden.report.wording import duration, names, size
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

MOST_SOURCES = 3
_WORD_STYLES = {"who": "bold magenta", "worked": "bold red", "refused": "yellow"}


def summary_section(page: Page, outcome: Outcome) -> None:
    """The head of the report."""
    stack, read = outcome.stack, outcome.input
    page.line(
        ("trailwarden", "bold"),
        (f" · {visible(stack.name, 60)} over {names(read.sources, MOST_SOURCES, 80)}", ""),
    )
    page.blank()
    told = summary_lines(outcome)
    if told:
        words = _grid()
        for label, text in told:
            words.add_row(label, styled(text, _WORD_STYLES.get(label, "")))
        page.table(words)
        page.blank()
    grid = _grid()
    for label, text, style in (
        ("read", _read(read), ""),
        ("span", _span(outcome), ""),
        ("asked", _asked(outcome), ""),
        ("took", _speed(outcome), ""),
        ("stack", _definitions(outcome), ""),
        ("result", _result(outcome), _result_style(outcome)),
        ("beware", _beware(read), "yellow"),
    ):
        if text:
            grid.add_row(label, styled(text, style))
    page.table(grid)
    if not read.events:
        page.blank()
        page.line(
            ("No events were read, so no alarm could fire: ", "yellow"),
            _why_none(outcome),
            indent=2,
        )


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=7)
    grid.add_column(overflow="fold")
    return grid


def _why_none(outcome: Outcome) -> str:
    read = outcome.input
    empty = read.skipped.get("empty", 0)
    if empty and not read.files and not read.problems:
        return "the file holds no records." if empty == 1 else "the files hold no records."
    return "check the archive's path" + (
        ", --since and --until." if outcome.since or outcome.until else "."
    )


def _read(read: InputSummary) -> str:
    text = f"{plural(read.events, 'event')} in {plural(read.files, 'file')}, {size(read.bytes)}"
    if read.bytes_read > read.bytes:
        text += f" ({size(read.bytes_read)} uncompressed)"
    if read.duplicates:
        text += f"; {plural(read.duplicates, 'duplicate')} left out"
    skipped = [f"{count:,} {visible(kind, 30)}" for kind, count in read.skipped.items()]
    if skipped:
        noun = "file" if sum(read.skipped.values()) == 1 else "files"
        text += f"; {names(skipped, 6)} {noun} left out"
    return text


def _span(outcome: Outcome) -> str:
    first, last = outcome.input.first_event, outcome.input.last_event
    if first is None or last is None:
        return ""
    text = f"{format_instant(first)} → {format_instant(last)}"
    text += f" ({duration((last - first).total_seconds())})"
    return f"{text}, by time of delivery" if outcome.clock == "delivery" else text


def _asked(outcome: Outcome) -> str:
    bounds = (("since", outcome.since), ("until", outcome.until))
    return ", ".join(f"{word} {format_instant(time)}" for word, time in bounds if time)


def _speed(outcome: Outcome) -> str:
    read, seconds = outcome.input, outcome.seconds
    if not read.events or seconds <= 0:
        return ""
    rate = read.events / seconds
    return f"{duration(seconds)}, {rate:,.0f} events/s, {size(int(read.bytes_read / seconds))}/s"


def _definitions(outcome: Outcome) -> str:
    stack = outcome.stack
    text = f"{plural(len(stack.metric_filters), 'metric filter')}, "
    text += plural(len(stack.alarms), "alarm")
    if stack.composite_alarms:
        text += f", {plural(len(stack.composite_alarms), 'composite alarm')}"
    return f"{text}, from {visible(stack.source, 120)}"


def _result_style(outcome: Outcome) -> str:
    if any(alarm.fired for alarm in outcome.alarms):
        return "bold red"
    return "bold green" if outcome.input.events else "bold"


def _beware(read: InputSummary) -> str:
    count = sum(problem.count for problem in read.problems)
    return f"{plural(count, 'input')} could not be used: see Problems" if count else ""


def _result(outcome: Outcome) -> str:
    fired = [alarm for alarm in outcome.alarms if alarm.fired]
    if not fired:
        return "no alarm fired"
    incidents = sum(alarm.fired for alarm in fired)
    principals = named(principals_across(outcome.alarms))
    return (
        f"{len(fired):,} of {plural(len(outcome.alarms), 'alarm')} fired: "
        f"{plural(incidents, 'incident')}, {plural(principals, 'principal')}"
    )
