"""Names of alarms that are unique in the world."""

from __future__ import annotations

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


def alarm_arn(region: str, account: str, name: str) -> str:
    """The ARN of the alarm ``name``."""
    partitions = (value for prefix, value in _PARTITIONS.items() if region.startswith(prefix))
    return f"arn:{next(partitions, 'aws')}:cloudwatch:{region}:{account}:alarm:{name}"
