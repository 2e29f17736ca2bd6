"""Unit tests of stacks: events at times, and what filters and alarms must make of them."""

from trailwarden.scan.cases.coverage import FilterCoverage, StackCoverage
from trailwarden.scan.cases.model import CaseFile, CaseResult, Compose, Composed, Mismatch
from trailwarden.scan.cases.reader import read_cases
from trailwarden.scan.cases.running import run_cases

__all__ = [
    "CaseFile",
    "CaseResult",
    "Compose",
    "Composed",
    "FilterCoverage",
    "Mismatch",
    "StackCoverage",
    "read_cases",
    "run_cases",
]
