"""The top of the page: the verdict in words, and what was scanned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trailwarden import __version__
from trailwarden.monitor.outcome import InputSummary, Outcome
from trailwarden.monitor.tally import OTHERS
from trailwarden.report.findings import silent_matches
from trailwarden.report.html_markup import minute, path, text
from trailwarden.report.summary import summary_lines
from trailwarden.report.wording import duration, names, size
from trailwarden.text import plural, visible

_CLOCKS = {"event": "their event time", "delivery": "the delivery of their files"}
_MOST_SOURCES = 3
_MOST_SEEN = 0.8  # of the matches: who is behind so many is worth a sentence


def title(outcome: Outcome) -> str:
    """The text of <title>."""
    return f"{_verdict(outcome)} - {text(outcome.stack.name, 80)} - Trailwarden"


def head(outcome: Outcome) -> str:
    """The verdict and what was scanned."""
    facts = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd>"
        + (f'<dd class="muted">{detail}</dd>' if detail else "")
        + "</div>"
        for name, value, detail in _facts(outcome)
    )
    return (
        f"<h1>{_verdict(outcome)}</h1>\n"
        f'<p class="lead">{" ".join(_lead(outcome))}</p>\n'
        f"{_words(outcome)}"
        f'<dl class="facts">{facts}</dl>'
    )


def _words(outcome: Outcome) -> str:
    lines = summary_lines(outcome)
    if len(lines) < 2:  # the lead says it
        return ""
    rows = "".join(
        f"<div><dt>{label.capitalize()}</dt><dd>{text(words, 1000)}</dd></div>"
        for label, words in lines
    )
    return f'<dl class="words">{rows}</dl>\n'


def foot(outcome: Outcome) -> str:
    """What made the page."""
    took = f" Scanned in {duration(outcome.seconds)}." if outcome.seconds else ""
    return f"Trailwarden {__version__}.{took} All times are UTC. This page loads nothing."


def _verdict(outcome: Outcome) -> str:
    if not outcome.alarms:
        return "This stack has no alarms"
    if not outcome.input.events:
        return "There were no records to judge"
    fired, all_alarms = sum(one.fired > 0 for one in outcome.alarms), len(outcome.alarms)
    if not fired:
        return f"None of {plural(all_alarms, 'alarm')} fired"
    return f"{fired} of {plural(all_alarms, 'alarm')} fired"


def _lead(outcome: Outcome) -> Iterable[str]:
    """The sentences under the verdict, as HTML."""
    matches = sum(one.matches for one in outcome.filters)
    incidents = sum(one.fired for one in outcome.alarms)
    if not outcome.input.events:
        yield "Is it the right place, and the right time?"
    if incidents:
        yield f"{plural(incidents, 'incident')} in all."
    if matches:
        yield _who(outcome, matches)
    elif outcome.filters and outcome.input.events:
        yield "No record matched any metric filter."
    silent = silent_matches(outcome)
    if silent:
        listed = names([one.filter.filter.filter_name for one in silent], 3)
        yield f"Matched without an alarm: {text(listed)}."
    problems = sum(problem.count for problem in outcome.input.problems)
    if problems:
        yield f'<a href="#problems">{plural(problems, "input")} could not be used</a>.'


def _who(outcome: Outcome, matches: int) -> str:
    counts = Counter[str]()
    for one in outcome.filters:
        for principal in one.principals:
            counts[principal.principal] += principal.count
    del counts[OTHERS]  # nobody in particular
    total = plural(matches, "match", "matches")
    reached = 0
    for number, (_, count) in enumerate(counts.most_common(), 1):
        reached += count
        if reached < matches * _MOST_SEEN:
            continue
        who = f"{plural(number, 'principal')} {'is' if number == 1 else 'are'} behind"
        if reached >= matches:
            return f"{who} {'the' if matches == 1 else 'all'} {total}."
        return f"{who} {reached * 100 // matches}&nbsp;% of the {total}."
    return f"{total} by many principals."


def _facts(outcome: Outcome) -> Iterable[tuple[str, str, str]]:
    """(name, value, detail), as HTML."""
    read, stack = outcome.input, outcome.stack
    yield "Scanned", _sources(read.sources), _bounds(outcome)
    if read.first_event and read.last_event:
        span = f"{minute(read.first_event)} to {minute(read.last_event)}"
        length = duration((read.last_event - read.first_event).total_seconds())
        yield "Span (UTC)", span, f"{length}{_silence(read)}"
    duplicates = f"{plural(read.duplicates, 'duplicate')} left out, " if read.duplicates else ""
    clock = _CLOCKS.get(outcome.clock, text(outcome.clock))
    yield "Records", f"{read.events:,}", f"{duplicates}counted at {clock}"
    unpacked = f"{size(read.bytes)}, {size(read.bytes_read)} unpacked{_skipped(read)}"
    yield "Files", f"{read.files:,}", unpacked
    detail = f"{plural(len(outcome.filters), 'filter')}, {plural(len(outcome.alarms), 'alarm')}"
    place = "" if stack.source == stack.name else f"<br>{path(stack.source)}"
    yield "Stack", text(stack.name, 80), detail + place


def _sources(sources: Sequence[str]) -> str:
    shown = "<br>".join(path(source) for source in sources[:_MOST_SOURCES])
    left = len(sources) - _MOST_SOURCES
    return f"{shown}<br>and {left:,} more" if left > 0 else shown


def _bounds(outcome: Outcome) -> str:
    since = f"since {minute(outcome.since)}" if outcome.since else ""
    until = f"until {minute(outcome.until)}" if outcome.until else ""
    return " ".join(filter(None, (since, until)))


def _skipped(read: InputSummary) -> str:
    if not read.skipped:
        return ""
    kinds = [f"{number:,} {visible(kind, 40)}" for kind, number in read.skipped.items()]
    return f"; left out: {text(names(kinds, 4))}"


def _silence(read: InputSummary) -> str:
    if not read.silent_minutes:
        return ""
    gaps = f", {plural(len(read.gaps), 'gap')} over an hour" if read.gaps else ""
    return f", {duration(read.silent_minutes * 60)} of it without records{gaps}"
