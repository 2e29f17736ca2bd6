"""What SNS and EventBridge get when an alarm changes its state (rules N-1 to N-14, V-1, S-5)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trailwarden.alarms import CompositeAlarm, MetricAlarm, StateChange
from trailwarden.errors import UsageError
from trailwarden.notify import (
    Notice,
    mail_text,
    message_of,
    published_message,
    region_name,
    state_change_event,
    string_to_sign,
    subject_of,
)

TIME = datetime(2025, 5, 2, 10, 6, 32, 119_000, tzinfo=UTC)
TOPIC = "arn:aws:sns:us-east-1:111122223333:alerts"
ALARM = MetricAlarm(
    alarm_name="root use",
    namespace="CISBenchmark",
    metric_name="RootUse",
    dimensions=(("n", "v"),),
    statistic="Sum",
    period=300,
    evaluation_periods=1,
    datapoints_to_alarm=1,
    threshold=1.0,
    treat_missing_data="notBreaching",
    alarm_actions=(TOPIC,),
)
CHANGE = StateChange(TIME, "OK", "ALARM", "Threshold Crossed: …", '{"version":"1.0"}', TIME, TIME)
NOTICE = Notice(
    ALARM,
    CHANGE,
    region="us-east-1",
    account="111122223333",
    configured=datetime(2025, 5, 1, 8, 0, 0, 123_000, tzinfo=UTC),
)
CHILD = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:child"
COMPOSITE = Notice(
    CompositeAlarm(alarm_name="both", alarm_rule="ALARM(child)", alarm_description="Two things"),
    replace(
        CHANGE,
        reason=f"{CHILD} transitioned to ALARM at Friday 02 May, 2025 10:06:32 UTC",
        reason_data='{"triggeringAlarms":[{"arn":"' + CHILD + '","state":{"value":"ALARM",'
        '"timestamp":"2025-05-02T10:06:32.119+0000"}}]}',
    ),
    region="us-east-1",
    account="111122223333",
)


# --- 10.1 ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("region", "name"),
    [
        ("us-east-1", "US East (N. Virginia)"),
        ("us-west-2", "US West (Oregon)"),
        ("ca-central-1", "Canada (Central)"),
        ("eu-central-1", "EU (Frankfurt)"),
        ("eu-south-1", "EU (Milan)"),
        ("ap-southeast-2", "Asia Pacific (Sydney)"),
        ("us-gov-west-1", "AWS GovCloud (US-West)"),
        ("mars-north-1", "mars-north-1"),
    ],
)
def test_region_names(region: str, name: str) -> None:
    assert region_name(region) == name


def test_the_region_table_agrees_with_botocore() -> None:
    """Rule N-3: its descriptions, with EU for Europe."""
    session = pytest.importorskip("botocore.session").get_session()
    endpoints = session.get_data("endpoints")
    known = {
        region: re.sub(r"\bEurope\b", "EU", data["description"])
        for partition in endpoints["partitions"]
        for region, data in partition["regions"].items()
    }
    assert {region: region_name(region) for region in known} == known


@pytest.mark.parametrize("state", ["OK", "ALARM", "INSUFFICIENT_DATA"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "eusc-de-east-1"])
def test_a_long_subject_is_cut_inside_the_name(state: str, region: str) -> None:
    """Rule N-1."""
    room = 100 - len(subject_of("", state, region))
    fits = subject_of("n" * room, state, region)
    assert len(fits) == 100
    assert "..." not in fits
    cut = subject_of("n" * (room + 1), state, region)
    assert len(cut) == 100
    assert cut == f'{state}: "{"n" * (room - 3)}..." in {region_name(region)}'


# --- 10.2 ------------------------------------------------------------------------------------
def test_the_message_word_for_word() -> None:
    assert message_of(NOTICE) == (
        '{"AlarmName":"root use","AlarmDescription":null,"AWSAccountId":"111122223333",'
        '"AlarmConfigurationUpdatedTimestamp":"2025-05-01T08:00:00.123+0000",'
        '"NewStateValue":"ALARM","NewStateReason":"Threshold Crossed: …",'
        '"StateChangeTime":"2025-05-02T10:06:32.119+0000","Region":"US East (N. Virginia)",'
        '"AlarmArn":"arn:aws:cloudwatch:us-east-1:111122223333:alarm:root use",'
        f'"OldStateValue":"OK","OKActions":[],"AlarmActions":["{TOPIC}"],'
        '"InsufficientDataActions":[],"Trigger":{"MetricName":"RootUse",'
        '"Namespace":"CISBenchmark","StatisticType":"Statistic","Statistic":"SUM","Unit":null,'
        '"Dimensions":[{"value":"v","name":"n"}],"Period":300,"EvaluationPeriods":1,'
        '"DatapointsToAlarm":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold",'
        '"Threshold":1.0,"TreatMissingData":"notBreaching",'
        '"EvaluateLowSampleCountPercentile":""},"ActionExecutedAfterMuteWindow":false}'
    )


@pytest.mark.parametrize(
    ("statistic", "spelled"),
    [
        ("SampleCount", "SAMPLE_COUNT"),
        ("Average", "AVERAGE"),
        ("Minimum", "MINIMUM"),
        ("Maximum", "MAXIMUM"),
    ],
)
def test_statistics_are_spelled_in_capitals(statistic: str, spelled: str) -> None:
    """Rule N-10."""
    alarm = replace(ALARM, statistic=statistic, datapoints_to_alarm=None, treat_missing_data=None)
    trigger = json.loads(message_of(replace(NOTICE, alarm=alarm, configured=None)))["Trigger"]
    assert trigger["Statistic"] == spelled
    assert trigger["TreatMissingData"] == "missing"  # rule N-11
    assert "DatapointsToAlarm" not in trigger


def test_extended_statistics() -> None:
    alarm = replace(
        ALARM,
        statistic=None,
        extended_statistic="p99",
        evaluate_low_sample_count_percentile="ignore",
    )
    trigger = json.loads(message_of(replace(NOTICE, alarm=alarm)))["Trigger"]
    assert (trigger["StatisticType"], trigger["Statistic"]) == ("ExtendedStatistic", "p99")
    assert trigger["EvaluateLowSampleCountPercentile"] == "ignore"


def test_the_message_of_a_composite_alarm() -> None:
    """Rule N-14."""
    message = json.loads(message_of(COMPOSITE))
    assert list(message) == [
        *("AlarmName", "AlarmDescription", "AWSAccountId", "NewStateValue", "NewStateReason"),
        *("StateChangeTime", "Region", "AlarmArn", "OKActions", "AlarmActions"),
        *("InsufficientDataActions", "OldStateValue", "AlarmRule", "TriggeringChildren"),
    ]
    assert message["AlarmRule"] == "ALARM(child)"
    assert message["TriggeringChildren"] == [
        {"Arn": CHILD, "State": {"Value": "ALARM", "Timestamp": "2025-05-02T10:06:32.119+0000"}}
    ]


def test_the_message_per_protocol() -> None:
    """H-3."""
    published = json.loads(published_message(NOTICE))
    assert published == {
        "default": message_of(NOTICE),
        "sms": 'ALARM: "root use" in US East (N. Virginia)',
        "email": mail_text(NOTICE),
    }


# --- 10.3 ------------------------------------------------------------------------------------
def test_the_mail_word_for_word() -> None:
    assert mail_text(NOTICE) == (
        'You are receiving this email because your Amazon CloudWatch Alarm "root use" in the '
        "US East (N. Virginia) region has entered the ALARM state, because "
        '"Threshold Crossed: …" at "Friday 02 May, 2025 10:06:32 UTC".\n'
        "\n"
        "View this alarm in the AWS Management Console:\n"
        "https://us-east-1.console.aws.amazon.com/cloudwatch/deeplink.js?region=us-east-1"
        "#alarmsV2:alarm/root%20use\n"
        "\n"
        "Alarm Details:\n"
        "- Name:                       root use\n"
        "- Description:                \n"
        "- State Change:               OK -> ALARM\n"
        "- Reason for State Change:    Threshold Crossed: …\n"
        "- Timestamp:                  Friday 02 May, 2025 10:06:32 UTC\n"
        "- AWS Account:                111122223333\n"
        "- Alarm Arn:                  "
        "arn:aws:cloudwatch:us-east-1:111122223333:alarm:root use\n"
        "\n"
        "Threshold:\n"
        "- The alarm is in the ALARM state when the metric is GreaterThanOrEqualToThreshold 1.0 "
        "for at least 1 of the last 1 period(s) of 300 seconds.\n"
        "\n"
        "Monitored Metric:\n"
        "- MetricNamespace:                     CISBenchmark\n"
        "- MetricName:                          RootUse\n"
        "- Dimensions:                          [n = v]\n"
        "- Period:                              300 seconds\n"
        "- Statistic:                           Sum\n"
        "- Unit:                                not specified\n"
        "- TreatMissingData:                    notBreaching\n"
        "\n\n"
        "State Change Actions:\n"
        "- OK: \n"
        f"- ALARM: [{TOPIC}]\n"
        "- INSUFFICIENT_DATA: \n"
    )


def test_the_mail_of_a_composite_alarm() -> None:
    mail = mail_text(COMPOSITE)
    assert (
        "region has transitioned to ALARM state on Friday 02 May, 2025 10:06:32 UTC, because "
        f'"{COMPOSITE.change.reason}".\n'
    ) in mail
    assert "- Description:                Two things\n" in mail
    assert "- Alarm Rule:                 ALARM(child)\n" in mail
    assert f"Triggering children (max. 10):\n- {CHILD}: ALARM at " in mail
    assert "Monitored Metric" not in mail


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
    ],
)
def test_consoles_of_other_partitions(region: str, host: str) -> None:
    assert host in mail_text(replace(NOTICE, region=region))


# --- 11 --------------------------------------------------------------------------------------
def test_the_event_of_a_metric_alarm() -> None:
    event = json.loads(state_change_event(NOTICE))
    arn = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:root use"
    (metric,) = event["detail"]["configuration"]["metrics"]
    assert metric.pop("id") not in ("", event["id"])
    assert metric == {
        "metricStat": {
            "metric": {"namespace": "CISBenchmark", "name": "RootUse", "dimensions": {"n": "v"}},
            "period": 300,
            "stat": "Sum",
        },
        "returnData": True,
    }
    assert event.pop("id") == json.loads(state_change_event(NOTICE))["id"]
    assert event == {
        "version": "0",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "111122223333",
        "time": "2025-05-02T10:06:32Z",
        "region": "us-east-1",
        "resources": [arn],
        "detail": {
            "alarmName": "root use",
            "state": {
                "value": "ALARM",
                "reason": "Threshold Crossed: …",
                "reasonData": '{"version":"1.0"}',
                "timestamp": "2025-05-02T10:06:32.119+0000",
            },
            "previousState": {"value": "OK"},
            "configuration": {"metrics": [metric]},
        },
    }


def test_another_change_is_another_event() -> None:
    later = replace(CHANGE, time=TIME.replace(minute=7))
    ids = {
        json.loads(state_change_event(notice))["id"]
        for notice in (NOTICE, replace(NOTICE, change=later), replace(NOTICE, region="eu-west-1"))
    }
    assert len(ids) == 3


def test_the_previous_state_and_the_unit_where_they_are_known() -> None:
    alarm = replace(ALARM, unit="Count", alarm_description="d")
    previous = replace(CHANGE, to_state="OK", reason="before")
    event = json.loads(state_change_event(replace(NOTICE, alarm=alarm, previous=previous)))
    assert event["detail"]["previousState"]["reason"] == "before"
    configuration = event["detail"]["configuration"]
    assert configuration["description"] == "d"
    assert configuration["metrics"][0]["metricStat"]["unit"] == "Count"


def test_the_event_of_a_composite_alarm() -> None:
    """Rule V-2."""
    alarm = CompositeAlarm("both", "TRUE", actions_suppressor="q", actions_suppressor_wait_period=0)
    event = json.loads(state_change_event(replace(COMPOSITE, alarm=alarm)))
    assert event["detail"]["configuration"] == {
        "alarmRule": "TRUE",
        "actionsSuppressor": "q",
        "actionsSuppressorWaitPeriod": 0,
    }


# --- 13 --------------------------------------------------------------------------------------
def test_only_the_signed_keys_are_signed() -> None:
    message = {"Type": "Notification", "Message": "m", "TopicArn": "t", "Signature": "s"}
    assert string_to_sign(message) == "Message\nm\nTopicArn\nt\nType\nNotification\n"
    confirmation = {"Type": "UnsubscribeConfirmation", "Token": "k", "Subject": "not signed"}
    assert string_to_sign(confirmation) == "Token\nk\nType\nUnsubscribeConfirmation\n"


def test_a_subject_that_is_null_is_not_signed() -> None:
    message = {"Type": "Notification", "Message": "m", "Subject": None}
    assert string_to_sign(message) == "Message\nm\nType\nNotification\n"
    assert "Subject\n\n" in string_to_sign({**message, "Subject": ""})


@pytest.mark.parametrize("message", [{}, {"Type": "Letter"}])
def test_other_messages_are_not_signed(message: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="not an SNS message"):
        string_to_sign(message)
