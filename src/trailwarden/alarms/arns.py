"""ARNs of alarms, and the partitions that they name."""

from __future__ import annotations

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def partition_of(region: str) -> str:
    """``aws``, ``aws-cn`` or ``aws-us-gov``."""
    partitions = (value for prefix, value in _PARTITIONS.items() if region.startswith(prefix))
    return next(partitions, "aws")


def alarm_arn(region: str, account: str, name: str) -> str:
    """The ARN of the alarm ``name``."""
    return f"arn:{partition_of(region)}:cloudwatch:{region}:{account}:alarm:{name}"
