"""The properties of the resources that are run, and their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The type of a single value. ``KNOWN`` is a text that must be known before deployment."""

    TEXT = "a string"
    KNOWN = "a known string"
    INTEGER = "an integer"
    NUMBER = "a number"
    FLAG = "true or false"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class ListOf:
    item: PropertyType


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these members, of which some are required.

    ``assumed`` are those that decide nothing about an alarm, with what is taken for one that is
    unknown until deployment: None to take it for absent.
    """

    members: Mapping[str, PropertyType]
    required: tuple[str, ...] = ()
    assumed: Mapping[str, bool | None] = field(default_factory=dict)


PropertyType = Kind | ListOf | Shape
_TEXTS = ListOf(Kind.TEXT)
_OBJECTS = ListOf(Kind.JSON)

_ALARM: Mapping[str, PropertyType] = {
    "ActionConfiguration": Kind.JSON,
    "ActionsEnabled": Kind.FLAG,
    "AlarmActions": _TEXTS,
    "AlarmDescription": Kind.TEXT,
    "AlarmName": Kind.TEXT,
    "InsufficientDataActions": _TEXTS,
    "OKActions": _TEXTS,
    "Tags": Kind.JSON,
}

SHAPES: Mapping[str, Shape] = {
    "AWS::Logs::MetricFilter": Shape(
        {
            "ApplyOnTransformedLogs": Kind.FLAG,
            "EmitSystemFieldDimensions": ListOf(Kind.KNOWN),
            "FieldSelectionCriteria": Kind.KNOWN,
            "FilterName": Kind.TEXT,
            "FilterPattern": Kind.KNOWN,
            "LogGroupName": Kind.TEXT,
            "MetricTransformations": ListOf(
                Shape(
                    {
                        "DefaultValue": Kind.NUMBER,
                        "Dimensions": ListOf(
                            Shape({"Key": Kind.KNOWN, "Value": Kind.KNOWN}, ("Key", "Value"))
                        ),
                        "MetricName": Kind.TEXT,
                        "MetricNamespace": Kind.TEXT,
                        "MetricValue": Kind.KNOWN,
                        "Unit": Kind.KNOWN,
                    },
                    ("MetricName", "MetricNamespace", "MetricValue"),
                )
            ),
        },
        ("FilterPattern", "LogGroupName", "MetricTransformations"),
    ),
    "AWS::Logs::LogGroup": Shape(
        {
            "BearerTokenAuthenticationEnabled": Kind.JSON,
            "DataProtectionPolicy": Kind.JSON,
            "DeletionProtectionEnabled": Kind.JSON,
            "FieldIndexPolicies": Kind.JSON,
            "KmsKeyId": Kind.TEXT,
            "LogGroupClass": Kind.TEXT,
            "LogGroupName": Kind.TEXT,
            "ResourcePolicyDocument": Kind.JSON,
            "RetentionInDays": Kind.INTEGER,
            "Tags": Kind.JSON,
        },
        assumed={"RetentionInDays": None},
    ),
    "AWS::CloudWatch::Alarm": Shape(
        {
            **_ALARM,
            "ComparisonOperator": Kind.KNOWN,
            "DatapointsToAlarm": Kind.INTEGER,
            "Dimensions": ListOf(Shape({"Name": Kind.TEXT, "Value": Kind.TEXT}, ("Name", "Value"))),
            "EvaluateLowSampleCountPercentile": Kind.KNOWN,
            "EvaluationCriteria": Kind.JSON,
            "EvaluationInterval": Kind.INTEGER,
            "EvaluationPeriods": Kind.INTEGER,
            "EvaluationWindow": Shape(
                {"SlidingWindow": Kind.JSON, "WallClockWindow": Shape({"Timezone": Kind.KNOWN})}
            ),
            "ExtendedStatistic": Kind.KNOWN,
            "MetricName": Kind.TEXT,
            "Metrics": Kind.JSON,
            "Namespace": Kind.TEXT,
            "Period": Kind.INTEGER,
            "Statistic": Kind.KNOWN,
            "Threshold": Kind.NUMBER,
            "ThresholdMetricId": Kind.TEXT,
            "TreatMissingData": Kind.KNOWN,
            "Unit": Kind.KNOWN,
            "WarmUpConfiguration": Shape(
                {
                    "OnlyStartEvaluatingAfterWarmUpPeriodEnds": Kind.FLAG,
                    "WarmUpPeriodDurationInMinutes": Kind.INTEGER,
                }
            ),
        },
        assumed={"ActionsEnabled": True, "WarmUpConfiguration": None},
    ),
    "AWS::CloudWatch::CompositeAlarm": Shape(
        {
            **_ALARM,
            "ActionsSuppressor": Kind.TEXT,
            "ActionsSuppressorExtensionPeriod": Kind.INTEGER,
            "ActionsSuppressorWaitPeriod": Kind.INTEGER,
            "AlarmRule": Kind.TEXT,
        },
        assumed={"ActionsEnabled": True},
    ),
    "AWS::SNS::Topic": Shape(
        {
            "ArchivePolicy": Kind.JSON,
            "ContentBasedDeduplication": Kind.JSON,
            "DataProtectionPolicy": Kind.JSON,
            "DeliveryStatusLogging": Kind.JSON,
            "DisplayName": Kind.TEXT,
            "FifoThroughputScope": Kind.TEXT,
            "FifoTopic": Kind.JSON,
            "KmsMasterKeyId": Kind.TEXT,
            "MaximumMessageSize": Kind.JSON,
            "SignatureVersion": Kind.TEXT,
            "Subscription": ListOf(
                Shape({"Endpoint": Kind.TEXT, "Protocol": Kind.TEXT}, ("Endpoint", "Protocol"))
            ),
            "Tags": Kind.JSON,
            "TopicName": Kind.TEXT,
            "TracingConfig": Kind.TEXT,
        },
        assumed={"Subscription": None},
    ),
    "AWS::SNS::TopicPolicy": Shape(
        {"PolicyDocument": Kind.JSON, "Topics": _TEXTS}, ("PolicyDocument", "Topics")
    ),
    "AWS::SNS::Subscription": Shape(
        {
            "DeliveryPolicy": Kind.JSON,
            "Endpoint": Kind.TEXT,
            "FilterPolicy": Kind.JSON,
            "FilterPolicyScope": Kind.TEXT,
            "Protocol": Kind.TEXT,
            "RawMessageDelivery": Kind.FLAG,
            "RedrivePolicy": Kind.JSON,
            "Region": Kind.TEXT,
            "ReplayPolicy": Kind.JSON,
            "SubscriptionRoleArn": Kind.TEXT,
            "TopicArn": Kind.TEXT,
        },
        ("Protocol", "TopicArn"),
        {"RawMessageDelivery": None},
    ),
    "AWS::CloudTrail::Trail": Shape(
        {
            "AdvancedEventSelectors": _OBJECTS,
            "AggregationConfigurations": Kind.JSON,
            "CloudWatchLogsLogGroupArn": Kind.TEXT,
            "CloudWatchLogsRoleArn": Kind.TEXT,
            "EnableLogFileValidation": Kind.FLAG,
            "EventSelectors": _OBJECTS,
            "IncludeGlobalServiceEvents": Kind.FLAG,
            "InsightSelectors": _OBJECTS,
            "IsLogging": Kind.FLAG,
            "IsMultiRegionTrail": Kind.FLAG,
            "IsOrganizationTrail": Kind.FLAG,
            "KMSKeyId": Kind.TEXT,
            "S3BucketName": Kind.TEXT,
            "S3KeyPrefix": Kind.TEXT,
            "SnsTopicName": Kind.TEXT,
            "Tags": Kind.JSON,
            "TrailName": Kind.TEXT,
        },
        ("IsLogging", "S3BucketName"),
        {
            "AdvancedEventSelectors": None,
            "EnableLogFileValidation": True,
            "EventSelectors": None,
            "IncludeGlobalServiceEvents": True,
            "InsightSelectors": None,
            "IsLogging": True,
            "IsMultiRegionTrail": True,
            "IsOrganizationTrail": None,
        },
    ),
}
