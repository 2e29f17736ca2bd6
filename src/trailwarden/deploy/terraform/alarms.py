"""Metric filters, alarms, topics."""

from __future__ import annotations

from typing import Any

from trailwarden.deploy.template import Resource
from trailwarden.deploy.terraform.blocks import Blocks
from trailwarden.deploy.terraform.names import snake

_TOPIC = {
    "TopicName": "name",
    "DisplayName": "display_name",
    "KmsMasterKeyId": "kms_master_key_id",
}


def metric_filter(name: str, origin: Resource, to: Blocks) -> None:
    given: Any = origin.properties
    (metric,) = given["MetricTransformations"]
    arguments = {
        "name": to.value(given["FilterName"]),
        "log_group_name": to.value(given["LogGroupName"]),
        "pattern": to.value(given["FilterPattern"]),
        "metric_transformation": {
            "namespace": to.value(metric["MetricNamespace"]),
            "name": metric["MetricName"],
            "value": metric["MetricValue"],
            "default_value": metric["DefaultValue"],
        },
    }
    to.add(name, origin, arguments)


def as_it_is(name: str, origin: Resource, to: Blocks) -> None:
    """What has the same properties in Terraform: alarms and subscriptions."""
    to.add(name, origin, {snake(key): to.value(v) for key, v in origin.properties.items()})


def topic(name: str, origin: Resource, to: Blocks) -> None:
    given = origin.properties
    to.add(name, origin, {new: to.value(given[old]) for old, new in _TOPIC.items()})


def topic_policy(name: str, origin: Resource, to: Blocks) -> None:
    given: Any = origin.properties
    (topic_arn,) = given["Topics"]
    arguments = {
        "arn": to.value(topic_arn),
        "policy": to.policy(name, origin, given["PolicyDocument"]),
    }
    to.add(name, origin, arguments)
