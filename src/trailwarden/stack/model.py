"""A stack: the definitions that AWS users already write, as frozen data.

Field names are the CloudFormation properties in snake_case. A value that stays unknown until
deployment (a topic's ARN, say) is an opaque text such as ``${Alerts.TopicArn}``; see
:mod:`trailwarden.stack.intrinsics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import Location
from trailwarden.patterns import FilterPattern


@dataclass(frozen=True, slots=True)
class Trail:
    """``AWS::CloudTrail::Trail``."""

    trail_name: str
    s3_bucket_name: str | None = None
    s3_key_prefix: str | None = None
    cloud_watch_logs_log_group_arn: str | None = None
    cloud_watch_logs_role_arn: str | None = None
    sns_topic_name: str | None = None
    kms_key_id: str | None = None
    is_logging: bool = True
    is_multi_region_trail: bool = False
    is_organization_trail: bool = False
    include_global_service_events: bool = True
    enable_log_file_validation: bool = False
    event_selectors: tuple[Mapping[str, Any], ...] = ()
    advanced_event_selectors: tuple[Mapping[str, Any], ...] = ()
    insight_selectors: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class LogGroup:
    """``AWS::Logs::LogGroup``. ``retention_in_days`` is None where events never expire."""

    log_group_name: str
    retention_in_days: int | None = None
    kms_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class MetricTransformation:
    """What one match adds to which metric. ``dimensions`` are (name, selector) pairs."""

    metric_namespace: str
    metric_name: str
    metric_value: str
    default_value: float | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class MetricFilter:
    """``AWS::Logs::MetricFilter``. ``pattern`` is the parsed ``filter_pattern``."""

    filter_name: str
    log_group_name: str
    filter_pattern: str
    pattern: FilterPattern
    metric_transformations: tuple[MetricTransformation, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """``AWS::SNS::Topic``. ``arn`` is what alarm actions name (possibly opaque)."""

    topic_name: str
    arn: str
    display_name: str | None = None
    kms_master_key_id: str | None = None


@dataclass(frozen=True, slots=True)
class TopicPolicy:
    """``AWS::SNS::TopicPolicy``. ``topics`` are ARNs."""

    topics: tuple[str, ...]
    policy_document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    """``AWS::SNS::Subscription``; ``confirmed`` is None where a template cannot tell."""

    topic_arn: str
    protocol: str
    endpoint: str | None = None
    filter_policy: Mapping[str, Any] | None = None
    filter_policy_scope: str = "MessageAttributes"
    raw_message_delivery: bool = False
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What becomes of a resource when its stack is deleted, or when an update replaces it.

    Both are CloudFormation's words (``Retain``), None where the template says nothing.
    """

    deletion_policy: str | None = None
    update_replace_policy: str | None = None


@dataclass(frozen=True, slots=True)
class Companion:
    """A resource that is not run and that the monitoring stands on: a bucket, a role, a key.

    ``name`` is what ``Ref`` gives, ``properties`` are plain JSON by their names in CloudFormation;
    what stays unknown until deployment is an opaque text in both.
    """

    logical_id: str
    type: str
    name: str
    properties: Mapping[str, Any]
    location: Location
    lifetime: Lifetime = Lifetime()

    @property
    def deletion_policy(self) -> str | None:
        return self.lifetime.deletion_policy

    @property
    def update_replace_policy(self) -> str | None:
        return self.lifetime.update_replace_policy


@dataclass(frozen=True, slots=True)
class NotRun:
    """Something the source holds that Trailwarden does not run, and why."""

    name: str
    type: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a definition that loads but may not do what its author meant."""

    code: str
    message: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that was read from one source, in the order of the source.

    ``locations`` says where a definition stands; its keys are ``(kind, name)`` pairs such as
    ``("MetricFilter", "RootUse")`` or ``("Alarm", "root-use")``. ``lifetimes`` has the same keys,
    for the log groups, topics and trails of a template. ``companions`` are not run; lint and audits
    look at them.
    """

    name: str
    source: str
    trails: tuple[Trail, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    metric_filters: tuple[MetricFilter, ...] = ()
    alarms: tuple[MetricAlarm, ...] = ()
    composite_alarms: tuple[CompositeAlarm, ...] = ()
    topics: tuple[Topic, ...] = ()
    topic_policies: tuple[TopicPolicy, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    notes: tuple[Note, ...] = ()
    region: str | None = None
    account: str | None = None
    locations: Mapping[tuple[str, str], Location] = field(default_factory=dict)
    companions: tuple[Companion, ...] = ()
    lifetimes: Mapping[tuple[str, str], Lifetime] = field(default_factory=dict)

    @property
    def all_alarms(self) -> tuple[MetricAlarm | CompositeAlarm, ...]:
        """The alarms of both kinds."""
        return (*self.alarms, *self.composite_alarms)
