"""Tunings for tests of their reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.records import alarm, metric_filter, stack
from trailwarden.monitor.outcome import InputSummary
from trailwarden.problems import Problem
from trailwarden.tuning.model import (
    AlarmTuning,
    Exclusion,
    Habit,
    Refusal,
    Share,
    Threshold,
    ThresholdAdvice,
    Tuning,
)
from trailwarden.tuning.noise import DIMENSIONS
from trailwarden.tuning.target import Target

BEGIN = datetime(2024, 5, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(days=28)
PATTERN = '{ $.a = "x || y" && (($.sourceIPAddress NOT EXISTS) || ($.sourceIPAddress != "1")) }'


def example(*, text: str = "user/deploy (111122223333)", new_filter: bool = False) -> Tuning:
    """A tuning of one noisy alarm; ``text`` stands wherever a log may have written."""
    exclusion = Exclusion(
        filter="stops",
        target=Target("role", text),
        events=(text, "StopLogging"),
        pattern=PATTERN if text.isascii() and text.isprintable() else f'{{ $.a = "{text}" }}',
        silenced=1234,
        failures=7,
        fired=4,
        removed=28,
        seconds=1200.0,
        whos=(Share(text, 1234),),
        calls=(Share(text, 1200), Share("UpdateTrail", 34)),
        habit=Habit(BEGIN, END, 28, (2, 4), regular=True),
        lost=("StopLogging", "UpdateTrail"),
        seen=9,
        new_filter=new_filter,
    )
    one = AlarmTuning(
        alarm=alarm(),
        filters=("stops",),
        controls=("CloudTrail configuration changes",),
        fired=32,
        seconds=9600.0,
        matches=1300,
        shares={name: (Share(text, 1234), Share("", 62), Share("b", 4)) for name in DIMENSIONS},
        thresholds=ThresholdAdvice(
            (Threshold(1, 32, 9600), Threshold(2, 9, 2700), Threshold(3, 4, 0)), 3, ("StopLogging",)
        ),
        exclusions=(exclusion,),
        refusals=(Refusal(text, "stops", 62, f"behind it is user {text}"),),
    )
    return tuning_of([one], Problem(text, "truncated-gzip", text, "fetch it again"))


def tuning_of(alarms: Sequence[AlarmTuning], *problems: Problem) -> Tuning:
    """A tuning of a month."""
    read = InputSummary(
        sources=("logs",),
        files=10,
        events=5000,
        duplicates=3,
        bytes=1,
        bytes_read=1,
        first_event=BEGIN,
        last_event=END,
        silent_minutes=0,
        gaps=(),
        problems=problems,
        skipped={},
    )
    return Tuning(
        stack=stack([metric_filter()]),
        clock="event",
        input=read,
        days=28.0,
        alarms=tuple(alarms),
        quiet=("calm",),
    )
