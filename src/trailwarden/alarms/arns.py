"""ARNs of alarms."""

from __future__ import annotations

from trailwarden.partitions import partition_of


def alarm_arn(region: str, account: str, name: str) -> str:
    """The ARN of the alarm ``name``."""
    return f"arn:{partition_of(region)}:cloudwatch:{region}:{account}:alarm:{name}"
