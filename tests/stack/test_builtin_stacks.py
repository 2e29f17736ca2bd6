"""The built-in stacks as they load: complete, quiet, and accepted by the scanners of the field."""

from __future__ import annotations

import json
import re

import pytest

from tests.shared_data import FOLDER, TEMPLATES
from trailwarden.patterns import parse
from trailwarden.stack import builtin, load

CONTROLS = {  # control -> its number in section 4 of the versions 1.3.0 to 5.0.0
    "unauthorized-api-calls": 1,
    "console-signin-without-mfa": 2,
    "root-usage": 3,
    "iam-policy-changes": 4,
    "cloudtrail-config-changes": 5,
    "console-auth-failures": 6,
    "cmk-disable-or-delete": 7,
    "s3-bucket-policy-changes": 8,
    "config-changes": 9,
    "security-group-changes": 10,
    "nacl-changes": 11,
    "network-gateway-changes": 12,
    "route-table-changes": 13,
    "vpc-changes": 14,
    "organizations-changes": 15,
}
REFERENCE = FOLDER.parent / "reference" / "cis-controls.json"
ORIGINAL = TEMPLATES / "original-cloudtrail.yaml"


def by_control(stack, kind="metric_filters", name="filter_name"):
    keys = [*CONTROLS, "monitoring-tampering"]
    found = {getattr(one, name): one for one in getattr(stack, kind)}
    return {key: one for key in keys for label, one in found.items() if label.endswith(f"-{key}")}


def reference():
    if not REFERENCE.exists():
        pytest.skip(f"no {REFERENCE}")
    return json.loads(REFERENCE.read_text("utf-8"))["controls"]


@pytest.fixture(scope="module", params=builtin.NAMES)
def stack(request):
    return load(request.param)


def test_nothing_is_remarked_and_everything_runs(stack):
    assert stack.notes == ()
    assert stack.not_run == ()


def test_every_control_has_a_filter_and_an_alarm_on_its_metric(stack):
    filters = by_control(stack)
    alarms = by_control(stack, "alarms", "alarm_name")
    extra = [] if stack.name.endswith("1.2.0") else ["organizations-changes"]
    wanted = [key for key in CONTROLS if key != "organizations-changes"] + extra
    assert [key for key in filters if key in CONTROLS] == wanted
    assert list(alarms) == list(filters)
    assert len(filters) == len(stack.metric_filters) == len(stack.alarms)
    for key, metric_filter in filters.items():
        (metric,) = metric_filter.metric_transformations
        alarm = alarms[key]
        assert (alarm.namespace, alarm.metric_name) == (metric.metric_namespace, metric.metric_name)
        assert metric.metric_value == "1"


def test_alarms_count_events_and_tell_the_topic_once(stack):
    (topic,) = stack.topics
    for alarm in stack.alarms:
        assert (alarm.statistic, alarm.period, alarm.evaluation_periods) == ("Sum", 300, 1)
        assert alarm.comparison_operator == "GreaterThanOrEqualToThreshold"
        assert alarm.treat_missing_data == "notBreaching"
        assert alarm.actions_enabled
        assert alarm.alarm_actions == (topic.arn,)
        assert alarm.ok_actions == alarm.insufficient_data_actions == ()


def test_patterns_fit(stack):
    for metric_filter in stack.metric_filters:
        assert len(metric_filter.filter_pattern) <= 1024


def test_the_strict_stack_has_the_threshold_of_the_benchmark():
    stack = load("cis-1.2.0")
    assert {alarm.threshold for alarm in stack.alarms} == {1.0}


def test_only_refusals_and_failed_sign_ins_need_a_burst_by_default():
    stack = load("cis")
    thresholds = {key: a.threshold for key, a in by_control(stack, "alarms", "alarm_name").items()}
    assert {key: value for key, value in thresholds.items() if value != 1} == {
        "unauthorized-api-calls": 10.0,
        "console-auth-failures": 3.0,
    }


def test_thresholds_are_parameters():
    stack = load("cis", {"SecurityGroupChangesThreshold": "25"})
    alarm = by_control(stack, "alarms", "alarm_name")["security-group-changes"]
    assert alarm.threshold == 25.0


def test_a_threshold_parameter_shows_in_the_description():
    stack = load("cis", {"UnauthorizedApiCallsThreshold": "40"})
    alarm = by_control(stack, "alarms", "alarm_name")["unauthorized-api-calls"]
    assert "refused 40 or more calls" in (alarm.alarm_description or "")


def test_alarms_come_back_to_ok_quickly_in_the_hardened_stack():
    for metric_filter in load("cis").metric_filters:
        assert metric_filter.metric_transformations[0].default_value == 0.0


def test_the_log_group_is_a_parameter():
    stack = load("cis", {"LogGroupName": "aws-controltower/CloudTrailLogs"})
    assert {one.log_group_name for one in stack.metric_filters} == {
        "aws-controltower/CloudTrailLogs"
    }


def test_a_subscription_is_there_only_with_an_endpoint(stack):
    assert stack.subscriptions == ()
    (subscription,) = load(stack.name, {"SubscriptionEndpoint": "soc@example.com"}).subscriptions
    assert (subscription.protocol, subscription.endpoint) == ("email", "soc@example.com")
    assert subscription.topic_arn == stack.topics[0].arn


def test_the_topic_is_encrypted_only_with_a_key_of_ones_own():
    key = "arn:aws:kms:eu-west-1:111122223333:key/1"
    assert load("cis").topics[0].kms_master_key_id is None
    assert load("cis", {"TopicKmsKeyArn": key}).topics[0].kms_master_key_id == key


def test_descriptions_name_the_control_in_every_version(stack):
    for key, alarm in by_control(stack, "alarms", "alarm_name").items():
        text = alarm.alarm_description or ""
        number = CONTROLS.get(key)
        if number is None:
            assert "not in the benchmark" in text
            continue
        if number < 15:
            assert f"3.{number} (1.2.0)" in text
            assert "Security Hub CloudWatch." in text
        if "1.2.0" not in stack.name:
            assert f"4.{number} (1.3.0 to 5.0.0), 5.{number} (6.0.0 and 7.0.0)" in text


def test_the_names_of_versions_and_of_security_hub_are_those_of_the_catalogue():
    descriptions = {
        key: alarm.alarm_description or ""
        for key, alarm in by_control(load("cis"), "alarms", "alarm_name").items()
    }
    for control in reference():
        ids = control["ids"]
        for version in ("cis-1.2.0", "cis-1.3.0", "cis-6.0.0", "security-hub"):
            if ids[version]:
                assert re.search(rf"\b{re.escape(ids[version])}\b", descriptions[control["key"]])


def test_hardened_patterns_mean_what_the_catalogue_wants():
    filters = by_control(load("cis"))
    for control in reference():
        wanted = parse(control["hardened_pattern"])
        assert str(filters[control["key"]].pattern) == str(wanted)


def test_strict_patterns_are_the_benchmark_character_by_character():
    filters = by_control(load("cis-1.2.0"))
    for control in reference():
        texts = [p["pattern"] for p in control["cis_pattern"] if "1.2.0" in p["versions"]]
        if texts:
            assert filters[control["key"]].filter_pattern in texts


def test_strict_patterns_are_those_of_the_original_template():
    if not ORIGINAL.exists():
        pytest.skip(f"no {ORIGINAL}")
    original = load(str(ORIGINAL), {"LogBacketName": "b", "SnsTopicName": "t", "SnsTopicARN": "a"})
    own = [one.filter_pattern for one in load("cis-1.2.0").metric_filters]
    assert own == [one.filter_pattern for one in original.metric_filters]


@pytest.mark.parametrize("scanner", ["prowler", "powerpipe"])
def test_scanners_accept_the_hardened_patterns(scanner):
    filters = by_control(load("cis"))
    for control in reference():
        wanted = control["scanners"][scanner]["regex"]
        pattern = filters[control["key"]].filter_pattern
        assert re.search(wanted, pattern, re.DOTALL), control["key"]


def tampering(source, name, parameters=None, issuer=None):
    identity = {"type": "AssumedRole"} if issuer else {"type": "IAMUser"}
    if issuer:
        identity["sessionContext"] = {"sessionIssuer": {"arn": issuer}}
    return {
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "userIdentity": identity,
        "requestParameters": parameters,
    }


ROLE = "arn:aws:iam::111122223333:role/"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (tampering("logs", "DeleteMetricFilter"), True),
        (tampering("logs", "DeleteLogGroup", issuer=f"{ROLE}deployer"), True),
        (tampering("logs", "PutRetentionPolicy", {"retentionInDays": 1}), True),
        (tampering("logs", "PutRetentionPolicy", {"retentionInDays": 365}), False),
        (tampering("monitoring", "DeleteAlarms"), True),
        (tampering("monitoring", "DisableAlarmActions"), True),
        (tampering("monitoring", "PutMetricAlarm", {"alarmName": "cis-root-usage"}), True),
        (tampering("monitoring", "PutMetricAlarm", {"alarmName": "cpu"}), False),
        (
            tampering(
                "monitoring",
                "DeleteAlarms",
                issuer=f"{ROLE}aws-service-role/autoscaling.amazonaws.com/AWSServiceRole",
            ),
            False,
        ),
        (tampering("sns", "Unsubscribe"), True),
        (tampering("sns", "SetSubscriptionAttributes"), True),
        (tampering("sns", "Publish"), False),
        (tampering("elasticache", "DeleteAlarms"), False),
    ],
    ids=lambda value: value["eventName"] if isinstance(value, dict) else str(value),
)
def test_tampering_with_the_monitoring_is_seen(event, expected):
    assert by_control(load("cis"))["monitoring-tampering"].pattern.matches(event) is expected
