"""A month's volume out of a run over an archive, and the estimate that reports show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from trailwarden.monitor.live import topics_of
from trailwarden.monitor.outcome import AlarmOutcome, Outcome
from trailwarden.patterns import parse
from trailwarden.stack.costs import COMPRESSED, DAYS, Bill, Volume
from trailwarden.stack.model import MetricFilter, Stack

_DAY = 86_400  # seconds
# Kinds by eventCategory; a record without it is a management event (eventVersion before 1.07).
_CATEGORIES = {"data": "Data", "network": "NetworkActivity", "insight": "Insight"}
# What may have changed a resource: a call that writes, was not refused, and is no data event.
_CHANGES = (
    "{ ($.readOnly IS FALSE) && ($.errorCode NOT EXISTS) && "
    '(($.eventCategory NOT EXISTS) || ($.eventCategory = "Management")) }'
)


@dataclass(frozen=True, slots=True)
class CostView:
    """``days`` is what the archive covers; times ``scale`` it is a month. ``kinds`` are records."""

    outcome: Outcome
    days: float
    days_are_given: bool
    kinds: Mapping[str, int]
    volume: Volume
    bill: Bill
    with_free_tier: bool

    @property
    def scale(self) -> float:
        return DAYS / self.days


def counting(stack: Stack) -> Stack:
    """``stack`` with filters behind its own ones that count records by kind, and changes of
    resources; no alarm sees them.
    """
    kinds = (f'{{ $.eventCategory = "{category}" }}' for category in _CATEGORIES.values())
    patterns = (*kinds, _CHANGES)
    counters = tuple(
        MetricFilter(f"counter {number}", "", pattern, parse(pattern), ())
        for number, pattern in enumerate(patterns)
    )
    return replace(stack, metric_filters=(*stack.metric_filters, *counters))


def kinds_of(outcome: Outcome) -> dict[str, int]:
    """Records by kind, of a run of a stack that :func:`counting` gave."""
    counters = outcome.filters[-len(_CATEGORIES) - 1 : -1]
    counts = {kind: one.matches for kind, one in zip(_CATEGORIES, counters, strict=True)}
    return {"management": outcome.input.events - sum(counts.values()), **counts}


def span_of(outcome: Outcome) -> float:
    """Days from the first record to the last one; 0 where there is none."""
    first, last = outcome.input.first_event, outcome.input.last_event
    return (last - first).total_seconds() / _DAY if first and last else 0.0


def volume_of(outcome: Outcome, stack: Stack, days: float) -> Volume:
    """What a month like the archive's ``days`` brings."""
    scale, read = DAYS / days, outcome.input
    kinds = kinds_of(outcome)
    # A record that came twice was delivered by two trails: each copy is counted with its trail.
    once = read.events / (read.events + read.duplicates) if read.events else 1.0
    stored = read.bytes if read.bytes < read.bytes_read else read.bytes_read * COMPRESSED
    published, delivered = _messages(outcome.alarms, stack)
    return Volume(
        management=kinds["management"] * scale,
        data=kinds["data"] * scale,
        network=kinds["network"] * scale,
        changes=outcome.filters[-1].matches * scale,
        files=read.files * once * scale,
        read_bytes=read.bytes_read * once * scale,
        stored_bytes=stored * once * scale,
        published=published * scale,
        delivered={protocol: count * scale for protocol, count in delivered.items()},
    )


def _messages(alarms: Iterable[AlarmOutcome], stack: Stack) -> tuple[int, Counter[str]]:
    """Messages published, and delivered by protocol."""
    subscribers: dict[str, Counter[str]] = {topic.arn: Counter() for topic in stack.topics}
    for one in stack.subscriptions:
        if one.confirmed is not False:
            subscribers.setdefault(one.topic_arn, Counter())[one.protocol] += 1
    published, delivered = 0, Counter[str]()
    for alarm in alarms:
        for transition in alarm.transitions:
            for action in () if transition.initial else topics_of(alarm.alarm, transition.to_state):
                if action in subscribers or _is_topic(action):
                    published += 1
                    delivered.update(subscribers.get(action, {}))
    return published, delivered


def _is_topic(action: str) -> bool:
    """What is unknown until deployment is one: it nearly always is."""
    return ":sns:" in action or not action.startswith("arn:")
