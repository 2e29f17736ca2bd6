"""Quantities of tuning in words."""

from __future__ import annotations

from trailwarden.report.wording import duration
from trailwarden.text import visible
from trailwarden.tuning.model import Exclusion, Habit
from trailwarden.tuning.target import Target

_SHORT = 1.0  # days: a rate over less than that is no rate
_KINDS = {"role": "role", "user": "user", "service": "service", "address": "source address"}


def percent(count: int, of: int) -> str:
    """``62%``; what is less than one percent is not shown as nothing, nor nearly all as all."""
    share = 100 * count / of if of else 0.0
    if 0 < share < 1:
        return "<1%"
    return ">99%" if share > 99 and count < of else f"{share:.0f}%"


def per_time(fired: int, days: float) -> str:
    """`` (0.3 a day)``; nothing over less than a day."""
    return f" ({fired / days:,.2g} a day)" if days >= _SHORT and fired else ""


def alarm_time(seconds: float) -> str:
    """``2 h 5 min``; ``0`` for none."""
    return duration(seconds) if seconds else "0"


def target_named(target: Target) -> str:
    """``role arn:…``, harmless."""
    return f"{_KINDS[target.kind]} {visible(target.value, 200)}"


def habit_told(habit: Habit) -> str:
    """``on 5 days, 2025-02-17 to 2025-03-05, mostly 10-16 h UTC``."""
    days = "on one day" if habit.days == 1 else f"on {habit.days:,} days"
    text = f"{days}, {habit.first:%Y-%m-%d} to {habit.last:%Y-%m-%d}"
    if habit.hours:
        start, end = habit.hours
        text += f", mostly {start:02}:00-{end:02}:00 UTC"
    return text + (
        "; regular" if habit.regular else "; not regular: look at it before you trust it"
    )


def cost_told(one: Exclusion) -> str:
    """How many of the benchmark's events would go unseen."""
    if not one.seen:
        return "no event of the benchmark: none that this caller makes is seen by the filter now"
    if not one.lost:
        return f"none of the {one.seen:,} events of the benchmark that are seen of this caller"
    return f"{len(one.lost):,} of the {one.seen:,} events of the benchmark seen of this caller"
