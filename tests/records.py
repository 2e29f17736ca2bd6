"""Short forms of records and stacks for tests."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.patterns import parse
from trailwarden.stack.model import MetricFilter, MetricTransformation, Stack

START = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def record(
    name: str = "DescribeInstances",
    minute: float = 0,
    *,
    user: str = "alice",
    number: int | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """A record of ``minute`` after START. ``number`` makes its eventID; by default all differ."""
    identity = {
        "type": "IAMUser",
        "accountId": "111122223333",
        "arn": f"arn:aws:iam::111122223333:user/{user}",
        "userName": user,
        "principalId": "AIDAEXAMPLE",
    }
    event_id = uuid.uuid4() if number is None else uuid.UUID(int=number + 1)
    return {
        "eventVersion": "1.09",
        "userIdentity": identity,
        "eventTime": (START + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2.15",
        "eventID": str(event_id),
        "readOnly": True,
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
        **fields,
    }


def log_file(records: list[dict[str, Any]]) -> bytes:
    """The uncompressed content of one of CloudTrail's files."""
    return json.dumps({"Records": records}, separators=(",", ":")).encode()


def metric_filter(
    pattern: str = "{ $.eventName = StopLogging }",
    *,
    name: str = "stops",
    metric: str = "Stops",
    value: str = "1",
    default: float | None = None,
    dimensions: tuple[tuple[str, str], ...] = (),
) -> MetricFilter:
    """A metric filter that publishes ``Test/metric``."""
    transformation = MetricTransformation("Test", metric, value, default, dimensions)
    return MetricFilter(name, "trail", pattern, parse(pattern), (transformation,))


def alarm(name: str = "stopped", metric: str = "Stops", **fields: Any) -> MetricAlarm:
    """The usual alarm of the benchmark on ``Test/metric``: Sum >= 1 in five minutes."""
    settings: dict[str, Any] = {
        "statistic": "Sum",
        "period": 300,
        "threshold": 1.0,
        "treat_missing_data": "notBreaching",
    }
    return MetricAlarm(alarm_name=name, namespace="Test", metric_name=metric, **(settings | fields))


def stack(
    filters: list[MetricFilter] | None = None,
    alarms: list[MetricAlarm] | None = None,
    composites: list[CompositeAlarm] | None = None,
) -> Stack:
    """A stack of one filter and one alarm, unless told otherwise."""
    return Stack(
        name="test",
        source="test",
        metric_filters=tuple([metric_filter()] if filters is None else filters),
        alarms=tuple([alarm()] if alarms is None else alarms),
        composite_alarms=tuple(composites or ()),
    )
