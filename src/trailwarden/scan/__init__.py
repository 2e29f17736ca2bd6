"""Batch: a stack over an archive of CloudTrail logs."""

from trailwarden.monitor.matches import Match
from trailwarden.scan.matches import MatchLog
from trailwarden.scan.options import Progress, ScanOptions
from trailwarden.scan.run import scan

__all__ = ["Match", "MatchLog", "Progress", "ScanOptions", "scan"]
