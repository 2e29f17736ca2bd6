"""The subject of a notification, which is also its text message (10.1)."""

from __future__ import annotations

from trailwarden.notify.regions import region_name

_LONGEST = 100


def subject_of(alarm_name: str, state: str, region: str) -> str:
    """``ALARM: "root-use" in US East (N. Virginia)``, at most 100 characters long (rule N-1)."""
    before, after = f'{state}: "', f'" in {region_name(region)}'
    room = _LONGEST - len(before) - len(after)
    if len(alarm_name) > room:
        alarm_name = alarm_name[: max(0, room - 3)] + "..."
    return before + alarm_name + after
