"""How long after its last record a stack comes to rest."""

from __future__ import annotations

from trailwarden.alarms import range_minutes
from trailwarden.stack.model import Stack

_DAY, _HOUR = 24 * 60, 60  # minutes


def settling_minutes(stack: Stack) -> int:
    """Minutes after the last record after which no alarm of ``stack`` changes its state any more.

    All that an evaluation sees is then as empty as it will stay, and suppressors have been waited
    for.
    """
    longest = 0
    for alarm in stack.alarms:
        widest = range_minutes(alarm)
        stride = _HOUR if widest > _DAY else -(-alarm.period // 60)  # rule E-2
        longest = max(longest, widest + stride)
    waits = [
        (alarm.actions_suppressor_wait_period or 0)
        + (alarm.actions_suppressor_extension_period or 0)
        for alarm in stack.composite_alarms
    ]
    return longest + -(-max(waits, default=0) // 60) + 2
