"""``tune --output json``: one object, ASCII only, as docs/tune.md describes."""

from __future__ import annotations

from typing import IO

from trailwarden import __version__
from trailwarden.json_text import finite, write
from trailwarden.monitor.outcome_json import instant
from trailwarden.report.stack_json import plain
from trailwarden.times import format_instant
from trailwarden.tuning.model import AlarmTuning, Exclusion, Habit, Tuning

SCHEMA = "trailwarden.tune/1"


def render_json(tuning: Tuning, most: int, stream: IO[str]) -> None:
    """Write the object, and a newline."""
    stack, read = tuning.stack, tuning.input
    report: dict[str, object] = {
        "schema": SCHEMA,
        "version": __version__,
        "stack": {"name": stack.name, "source": stack.source},
        "clock": tuning.clock,
        "since": instant(tuning.since),
        "until": instant(tuning.until),
        "input": {
            "sources": list(read.sources),
            "files": read.files,
            "events": read.events,
            "duplicates": read.duplicates,
            "first_event": instant(read.first_event),
            "last_event": instant(read.last_event),
            "problems": plain(read.problems),
        },
        "days": finite(tuning.days),
        "alarms": (_alarm(one, tuning.days, most) for one in tuning.alarms),
        "quiet": list(tuning.quiet),
        "left_out": tuning.left_out,
    }
    write(stream, report)
    stream.write("\n")


def _alarm(one: AlarmTuning, days: float, most: int) -> dict[str, object]:
    return {
        "name": one.alarm.alarm_name,
        "filters": list(one.filters),
        "controls": list(one.controls),
        "fired": one.fired,
        "fired_per_day": finite(one.fired / days) if days else None,
        "seconds": finite(one.seconds),
        "matches": one.matches,
        "shares": {
            name: {"different": len(shares), "top": plain(shares[:most])}
            for name, shares in one.shares.items()
        },
        "thresholds": plain(one.thresholds),
        "exclusions": [_exclusion(exclusion, most) for exclusion in one.exclusions],
        "refusals": plain(one.refusals),
    }


def _exclusion(one: Exclusion, most: int) -> dict[str, object]:
    return {
        "filter": one.filter,
        "target": {"kind": one.target.kind, "value": one.target.value},
        "events": list(one.events),
        "pattern": one.pattern,
        "new_filter": one.new_filter,
        "silenced": one.silenced,
        "failures": one.failures,
        "fired": one.fired,
        "removed": one.removed,
        "seconds": finite(one.seconds),
        "principals": plain(one.whos[:most]),
        "calls": plain(one.calls[:most]),
        "habit": _habit(one.habit),
        "lost": list(one.lost),
        "seen": one.seen,
        "score": finite(one.score),
    }


def _habit(habit: Habit) -> dict[str, object]:
    return {
        "first": format_instant(habit.first),
        "last": format_instant(habit.last),
        "days": habit.days,
        "hours": list(habit.hours) if habit.hours else None,
        "regular": habit.regular,
    }
