"""Batch: a stack over an archive of CloudTrail logs."""

from trailwarden.scan.options import Progress, ScanOptions
from trailwarden.scan.run import scan

__all__ = ["Progress", "ScanOptions", "scan"]
