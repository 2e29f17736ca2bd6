"""A generator of realistic CloudTrail archives, with a break-in if wanted.

Everything follows from a :class:`Plan`: equal plans give equal records and files on every machine.
Only how a file is compressed may change, with the version of the ``deflate`` package.
"""

from __future__ import annotations

from trailwarden.simulate.archive import Summary, write_archive
from trailwarden.simulate.plan import Plan
from trailwarden.simulate.scribe import Event
from trailwarden.simulate.script import Step
from trailwarden.simulate.timeline import events

__all__ = ["Event", "Plan", "Step", "Summary", "events", "write_archive"]
