"""Unit tests of stacks: events at times, and what filters and alarms must make of them."""

from trailwarden.scan.cases.model import CaseResult, Mismatch
from trailwarden.scan.cases.reader import read_cases
from trailwarden.scan.cases.running import run_cases

__all__ = ["CaseResult", "Mismatch", "read_cases", "run_cases"]
