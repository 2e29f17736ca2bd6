"""Batch: a stack over an archive of CloudTrail logs."""

from trailwarden.scan.run import Progress, ScanOptions, scan

__all__ = ["Progress", "ScanOptions", "scan"]
