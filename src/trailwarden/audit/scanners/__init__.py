"""What compliance scanners will say of a stack: predictions, made without running them.

Prowler and Powerpipe search the text of filters with regular expressions, Security Hub compares it
with a text; each then asks something else of the trail, the alarm and the topic.
"""

from __future__ import annotations

from trailwarden.audit.scanners.powerpipe import powerpipe
from trailwarden.audit.scanners.prowler import prowler
from trailwarden.audit.scanners.security_hub import security_hub
from trailwarden.audit.verdict import Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.model import Stack

__all__ = ["predict"]


def predict(control: Control, stack: Stack) -> tuple[Verdict, ...]:
    """The verdicts of Prowler, Powerpipe and Security Hub on the control, in this order."""
    return (prowler(control, stack), powerpipe(control, stack), security_hub(control, stack))
