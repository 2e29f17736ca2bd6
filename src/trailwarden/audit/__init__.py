"""Judging a stack by the benchmark: by meaning, and by what scanners will say of its text.

::

    found = audit(load("security.yaml"))
    for control in found.controls:
        print(control.control.title, control.status)
"""

from trailwarden.audit.model import Audit, ControlAudit, Count, Escape, Finding
from trailwarden.audit.run import audit

__all__ = ["Audit", "ControlAudit", "Count", "Escape", "Finding", "audit"]
