"""The engine: a stack over records, in the order of time. Pure: no file, no network, no clock."""

from trailwarden.monitor.engine import Monitor
from trailwarden.monitor.reader import DigestReader
from trailwarden.monitor.timing import Clock, Timing

__all__ = ["Clock", "DigestReader", "Monitor", "Timing"]
