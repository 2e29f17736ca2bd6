"""Batch: a stack over an archive of CloudTrail logs."""

from trailwarden.monitor.matches import Match, MatchedRecord
from trailwarden.monitor.outcome import (
    AlarmOutcome,
    Datapoint,
    Event,
    EventNameCount,
    FilterOutcome,
    Gap,
    InputSummary,
    Outcome,
    PrincipalCount,
    Transition,
)
from trailwarden.problems import Problem
from trailwarden.scan.matches import MatchLog
from trailwarden.scan.options import Archives, Progress, ScanOptions
from trailwarden.scan.run import scan

__all__ = [
    "AlarmOutcome",
    "Archives",
    "Datapoint",
    "Event",
    "EventNameCount",
    "FilterOutcome",
    "Gap",
    "InputSummary",
    "Match",
    "MatchLog",
    "MatchedRecord",
    "Outcome",
    "PrincipalCount",
    "Problem",
    "Progress",
    "ScanOptions",
    "Transition",
    "scan",
]
