from __future__ import annotations

import pytest

from tests.stack.templates import ALARM, FILTER, error_of, load_resources, load_text
from trailwarden.alarms.properties import COMPOSITE_ALARM_PROPERTIES, METRIC_ALARM_PROPERTIES
from trailwarden.errors import DefinitionError, DefinitionErrors, PatternError
from trailwarden.patterns import parse
from trailwarden.stack.model import (
    LogGroup,
    MetricFilter,
    MetricTransformation,
    Subscription,
    Topic,
    TopicPolicy,
    Trail,
)
from trailwarden.stack.shapes import SHAPES

POLICY = """\
Resources:
  A:
    Type: AWS::SNS::TopicPolicy
    Properties: {Topics: [t], PolicyDocument: %s}
"""
TOPIC_ARN = "arn:aws:sns:us-east-1:${AWS::AccountId}:alerts"


def test_the_alarm_properties_are_those_that_the_alarms_room_knows() -> None:
    assert set(SHAPES["AWS::CloudWatch::Alarm"].members) == METRIC_ALARM_PROPERTIES
    assert set(SHAPES["AWS::CloudWatch::CompositeAlarm"].members) == COMPOSITE_ALARM_PROPERTIES


def test_a_metric_filter() -> None:
    text = """\
Type: AWS::Logs::MetricFilter
Properties:
  FilterName: named
  FilterPattern: '{ $.eventName = StopLogging }'
  LogGroupName: trail
  MetricTransformations:
    - MetricName: Stops
      MetricNamespace: Sec
      MetricValue: $.size
      Unit: Bytes
      Dimensions: [{Key: Who, Value: $.userIdentity.arn}]
"""
    stack = load_resources({"A": text, "B": FILTER.replace("}]", ", DefaultValue: 0}]")})
    pattern = "{ $.eventName = StopLogging }"
    assert stack.metric_filters == (
        MetricFilter(
            "named",
            "trail",
            pattern,
            parse(pattern),
            (
                MetricTransformation(
                    "Sec", "Stops", "$.size", None, (("Who", "$.userIdentity.arn"),), "Bytes"
                ),
            ),
        ),
        MetricFilter(
            "B", "trail", pattern, parse(pattern), (MetricTransformation("Sec", "Stops", "1", 0.0),)
        ),
    )
    assert str(stack.locations["MetricFilter", "named"]) == "t.yaml:3:3 (Resources.A)"


def test_names_that_are_unknown_before_deployment_meet() -> None:
    head = "Parameters: {Ns: {Type: String}, Group: {Type: String}}\n"
    text = FILTER.replace("Sec", "!Ref Ns").replace("trail", "!Ref Group")
    stack = load_resources({"F": text, "A": ALARM.replace("Sec", "!Ref Ns")}, head)
    [metric_filter] = stack.metric_filters
    assert metric_filter.log_group_name == "${Group}"
    assert metric_filter.metric_transformations[0].metric_namespace == "${Ns}"
    assert stack.alarms[0].namespace == "${Ns}"
    assert stack.notes == ()


def test_trails_log_groups_and_topics() -> None:
    stack = load_text(
        """\
        Resources:
          Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: logs}}
          Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: '90', KmsKeyId: k}}
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              S3BucketName: !Ref Bucket
              S3KeyPrefix: p
              IsLogging: 'true'
              IsMultiRegionTrail: true
              CloudWatchLogsLogGroupArn: !GetAtt Group.Arn
              KMSKeyId: k
              EventSelectors: [{ReadWriteType: WriteOnly}]
          Alerts:
            Type: AWS::SNS::Topic
            Properties:
              TopicName: alerts
              KmsMasterKeyId: alias/aws/sns
              Subscription: [{Endpoint: a@example.org, Protocol: email}]
          Policy:
            Type: AWS::SNS::TopicPolicy
            Properties: {Topics: [!Ref Alerts], PolicyDocument: {Version: 2012-10-17}}
          TextPolicy:
            Type: AWS::SNS::TopicPolicy
            Properties: {Topics: [!Ref Alerts], PolicyDocument: '{"Version": "2012-10-17"}'}
          Sub:
            Type: AWS::SNS::Subscription
            Properties:
              TopicArn: !GetAtt Alerts.TopicArn
              Protocol: https
              Endpoint: https://example.org
              FilterPolicy: {NewStateValue: [ALARM]}
              FilterPolicyScope: MessageBody
              RawMessageDelivery: yes
        """
    )
    assert stack.log_groups == (LogGroup("${Group}", 90, "k"),)
    assert stack.trails == (
        Trail(
            trail_name="${Trail}",
            s3_bucket_name="logs",
            s3_key_prefix="p",
            cloud_watch_logs_log_group_arn="${Group.Arn}",
            kms_key_id="k",
            is_multi_region_trail=True,
            event_selectors=({"ReadWriteType": "WriteOnly"},),
        ),
    )
    assert stack.topics == (Topic("alerts", TOPIC_ARN, None, "alias/aws/sns"),)
    assert stack.topic_policies == (TopicPolicy((TOPIC_ARN,), {"Version": "2012-10-17"}),) * 2
    assert stack.subscriptions == (
        Subscription(TOPIC_ARN, "email", "a@example.org"),
        Subscription(
            TOPIC_ARN,
            "https",
            "https://example.org",
            {"NewStateValue": ["ALARM"]},
            "MessageBody",
            True,
        ),
    )


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ("Type: AWS::IAM::Role", "nothing of it is run; lint judges it"),
        ("Type: AWS::EC2::Instance", "not part of the monitoring chain"),
        (
            "Type: AWS::CloudFormation::Stack",
            "nested stacks are not loaded: give the nested template itself",
        ),
        (
            "Type: AWS::Serverless::Function",
            "the AWS::Serverless transform is not run: give the processed template",
        ),
        ("Type: My::Own::Thing::MODULE", "modules are not expanded: give the processed template"),
        ("Type: Custom::Thing", "custom resources are not run"),
        (
            FILTER + "  FieldSelectionCriteria: '@aws.region = \"x\"'",
            "field selection criteria are not evaluated",
        ),
        (
            FILTER + "  EmitSystemFieldDimensions: ['@aws.account']",
            "its dimensions are known only inside CloudWatch Logs",
        ),
        (FILTER + "  ApplyOnTransformedLogs: true", "log transformers are not run"),
        (
            ALARM + "  Fn::Transform: {Name: AWS::Include}",
            "it is made by Fn::Transform, which is not run",
        ),
        (
            ALARM.replace("topic", "!Transform {Name: M}"),
            "it is made by Fn::Transform, which is not run",
        ),
        (
            ALARM.replace("MetricName: Stops", "Metrics: [{Id: m, Expression: a+b}]"),
            "Metrics: the alarm watches a metric math expression, "
            "which cannot be evaluated offline",
        ),
        (
            ALARM.replace("Threshold: 1", "ThresholdMetricId: ad"),
            "ThresholdMetricId: the alarm compares with an anomaly detection band, "
            "which cannot be evaluated offline",
        ),
    ],
)
def test_what_is_not_run_is_listed_with_its_reason(resource: str, reason: str) -> None:
    stack = load_resources({"Thing": resource})
    assert stack.alarms == stack.metric_filters == ()
    [not_run] = stack.not_run
    assert not_run.name == "Thing"
    assert not_run.type in resource
    assert not_run.reason == reason
    assert str(not_run.location) == "t.yaml:3:3 (Resources.Thing)"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("AWS::Log::MetricFilter", "AWS::Logs::MetricFilter"),
        ("AWS::Cloudwatch::Alarm", "AWS::CloudWatch::Alarm"),
        ("AWS::CloudWatch::CompositeAlarms", "AWS::CloudWatch::CompositeAlarm"),
    ],
)
def test_a_slip_in_a_type_is_no_other_resource(slip: str, meant: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        load_resources({"Thing": f"Type: {slip}"})
    assert str(raised.value) == (
        f"t.yaml:4:11 (Resources.Thing.Type): there is no resource type {slip!r}\n"
        f"  cure: did you mean {meant!r}?"
    )


@pytest.mark.parametrize(
    "other",
    ["AWS::SNS::TopicInlinePolicy", "AWS::CloudWatch::AlarmMuteRule", "AWS::Logs::LogStream"],
)
def test_other_types_of_aws_are_no_slips(other: str) -> None:
    [not_run] = load_resources({"Thing": f"Type: {other}"}).not_run
    assert not_run.type == other


def test_transforms_of_the_template_are_listed() -> None:
    stack = load_text(
        """\
        Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31, {Name: MyMacro}]
        Resources:
          Fn::Transform: {Name: AWS::Include}
        """
    )
    assert [(item.name, item.type) for item in stack.not_run] == [
        ("AWS::Serverless-2016-10-31", "Transform"),
        ("MyMacro", "Transform"),
        ("Fn::Transform", "Fn::Transform"),
    ]


ERRORS = [
    (
        "Peroid",
        "Period: 300",
        "Peroid: 300",
        "11:7",
        ".Peroid",
        "there is no property 'Peroid' here",
        "did you mean 'Period'?",
    ),
    (
        "text for number",
        "Period: 300",
        "Period: 5m",
        "11:15",
        ".Period",
        "Period: must be an integer, not '5m'",
        "write an integer",
    ),
    (
        "refused value",
        "Period: 300",
        "Period: 45",
        "11:15",
        ".Period",
        "Period: must be 10, 20, 30 or a multiple of 60",
        "",
    ),
    (
        "list for value",
        "Period: 300",
        "Period: [300]",
        "11:15",
        ".Period",
        "must be an integer, not a list",
        "",
    ),
    (
        "value for list",
        "[topic]",
        "topic",
        "6:21",
        ".AlarmActions",
        "must be a list, not a single value",
        "",
    ),
    (
        "null",
        "Statistic: Sum",
        "Statistic:",
        "12:17",
        ".Statistic",
        "nothing stands here, and CloudFormation takes no null values",
        "give a value, '' for an empty text, or remove the key",
    ),
    (
        "unknown choice",
        "Statistic: Sum",
        "Statistic: sum",
        "12:18",
        ".Statistic",
        "Statistic: ",
        "choose one of",
    ),
    (
        "missing",
        "Period: 300",
        "DatapointsToAlarm: 1",
        "3:3",
        ".Period",
        "Period: is required",
        "give the length of a period in seconds, such as 300",
    ),
    (
        "missing with opaque",
        "AlarmActions: [topic]",
        "Dimensions: [{Name: a}]",
        "6:20",
        ".Dimensions[0].Value",
        "Value is required",
        "add it",
    ),
    (
        "huge number",
        "Threshold: 1",
        f"Threshold: {'9' * 5000}",
        "13:18",
        ".Threshold",
        "Threshold: must be a number",
        "write a number",
    ),
    (
        "item",
        "[topic]",
        "[topic, [x]]",
        "6:29",
        ".AlarmActions[1]",
        "must be a string, not a list",
        "",
    ),
    (
        "null item",
        "[topic]",
        "[topic, ~]",
        "6:29",
        ".AlarmActions[1]",
        "nothing stands here, and CloudFormation takes no null values",
        "",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "key", "message", "cure"),
    [case[1:] for case in ERRORS],
    ids=[case[0] for case in ERRORS],
)
def test_a_property_that_is_wrong(
    old: str, new: str, place: str, key: str, message: str, cure: str
) -> None:
    head = "AWSTemplateFormatVersion: 2010-09-09"
    with pytest.raises(DefinitionError) as caught:
        load_resources({"Root": ALARM.replace(old, new), "F": FILTER}, head)
    assert str(caught.value.location) == f"t.yaml:{place} (Resources.Root.Properties{key})"
    assert caught.value.message.startswith(message)
    assert cure in caught.value.cure


FILTER_ERRORS = [
    ("StopLogging }", "== }", "6:22", "FilterPattern", PatternError),
    ("Stops,", "a:b,", "8:44", "MetricTransformations[0].MetricName", DefinitionError),
    ("Value: 1", "Value: one", "8:86", "MetricTransformations[0].MetricValue", DefinitionError),
    (
        "Value: 1",
        "Value: 1, Unit: Stones",
        "8:95",
        "MetricTransformations[0].Unit",
        DefinitionError,
    ),
    ("Value: 1", "Value: 1, Size: 2", "8:89", "MetricTransformations[0].Size", DefinitionError),
    (
        "[{",
        "[{MetricName: a, MetricNamespace: b, MetricValue: '1'}, {",
        "8:30",
        "MetricTransformations",
        DefinitionError,
    ),
    ("  LogGroupName: trail\n", "", "3:3", "LogGroupName", DefinitionError),
]


@pytest.mark.parametrize(("old", "new", "place", "key", "kind"), FILTER_ERRORS)
def test_a_filter_that_would_be_refused(
    old: str, new: str, place: str, key: str, kind: type[DefinitionError]
) -> None:
    head = "AWSTemplateFormatVersion: 2010-09-09"
    with pytest.raises(kind) as caught:
        load_resources({"F": FILTER.replace(old, new)}, head)
    assert str(caught.value.location) == f"t.yaml:{place} (Resources.F.Properties.{key})"


def test_all_errors_of_a_template_are_shown_in_order() -> None:
    resources = {
        "A": ALARM.replace("Period: 300", "Period: 5").replace("Statistic", "Statistik"),
        "B": FILTER.replace("StopLogging", "=="),
        "C": "Properties: {}",
        "D": FILTER,
        "E": ALARM.replace("Threshold: 1", "Threshold: x\n  Peroid: 2"),
    }
    with pytest.raises(DefinitionErrors) as caught:
        load_resources(resources)
    places = [str(error.location) for error in caught.value.errors]
    assert [place.partition("Resources.")[2] for place in places] == [
        "A.Properties.Period)",
        "A.Properties.Statistik)",
        "B.Properties.FilterPattern)",
        "C)",
        "E.Properties.Threshold)",
        "E.Properties.Peroid)",
    ]
    assert caught.value.message == "6 errors in the definitions"
    assert str(caught.value).count("cure: ") == 6


def test_many_errors_are_shown_in_part() -> None:
    resources = {f"A{n}": ALARM.replace("Period: 300", "Period: 5") for n in range(60)}
    resources["F"] = FILTER
    with pytest.raises(DefinitionErrors) as caught:
        load_resources(resources)
    assert len(caught.value.errors) == 60
    assert str(caught.value).endswith("… and 10 more")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("[]", "t.yaml:1:1", "a template must be an object, not a list"),
        ("Description: x", "t.yaml:1:1", "the template has no Resources"),
        ("Resources: []", "t.yaml:1:12 (Resources)", "must be an object, not a list"),
        ("Resources:", "t.yaml:1:11 (Resources)", "nothing stands here"),
        (
            "Resource: {}\nResources: {}",
            "t.yaml:1:1 (Resource)",
            "'Resource' is not a section of a template",
        ),
        ("Resources: {A: x}", "t.yaml:1:16 (Resources.A)", "must be an object"),
        ("Resources: {A: {Type: [x]}}", "t.yaml:1:23 (Resources.A.Type)", "must be a string"),
        (
            "Resources: {A: {Type: AWS::SNS::Topic, Propertys: {}}}",
            "t.yaml:1:40 (Resources.A.Propertys)",
            "a resource has no attribute 'Propertys'",
        ),
        (
            "Resources: {A: {Type: AWS::SNS::Topic, Properties: x}}",
            "t.yaml:1:52 (Resources.A.Properties)",
            "must be an object",
        ),
        (
            "Resources: {A: {Type: AWS::SNS::Topic, Properties: }}",
            "t.yaml:1:52 (Resources.A.Properties)",
            "nothing stands here",
        ),
        (
            "Resources: {A: {Type: AWS::SNS::Topic, Condition: C}}",
            "t.yaml:1:51 (Resources.A.Condition)",
            "there is no condition 'C'",
        ),
        (
            "Resources: {A: {Type: AWS::SNS::Topic, Condition: [C]}}",
            "t.yaml:1:51 (Resources.A.Condition)",
            "must be the name of a condition",
        ),
        (
            POLICY % "'{x'",
            "t.yaml:4:47 (Resources.A.Properties.PolicyDocument)",
            "PolicyDocument: the JSON cannot be read",
        ),
        (
            POLICY % "x",
            "t.yaml:4:47 (Resources.A.Properties.PolicyDocument)",
            "PolicyDocument: the JSON cannot be read",
        ),
        (
            POLICY % "'[]'",
            "t.yaml:4:47 (Resources.A.Properties.PolicyDocument)",
            "PolicyDocument must be an object",
        ),
    ],
)
def test_a_template_that_is_wrong(text: str, place: str, message: str) -> None:
    error = error_of(text)
    assert str(error.location) == place
    assert error.message.startswith(message)
    assert error.cure


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (FILTER + "  FilterName: n", FILTER + "  FilterName: n", "metric filter"),
        (ALARM + "  AlarmName: n", ALARM + "  AlarmName: n", "alarm"),
        (
            ALARM + "  AlarmName: n",
            "Type: AWS::CloudWatch::CompositeAlarm\nProperties: {AlarmName: n, AlarmRule: 'TRUE'}",
            "alarm",
        ),
    ],
)
def test_a_name_that_is_used_twice(first: str, second: str, kind: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_resources({"A": first, "B": second})
    assert caught.value.message == f"another {kind} has the name 'n': t.yaml:3:3 (Resources.A)"
    assert caught.value.location is not None
    assert (caught.value.location.key or "").startswith("Resources.B.Properties.")


def test_one_name_in_two_log_groups_is_no_conflict() -> None:
    text = FILTER + "  FilterName: n"
    stack = load_resources({"A": text, "B": text.replace("trail", "other")})
    assert [metric_filter.filter_name for metric_filter in stack.metric_filters] == ["n", "n"]
