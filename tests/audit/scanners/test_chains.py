"""What scanners ask beyond the text of a filter, one condition after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.audit.scanners.whole import (
    GATEWAYS,
    KEYS,
    TOPIC,
    passes,
    subscribed,
    verdict,
    whole,
    with_text,
)
from trailwarden.audit.scanners import predict
from trailwarden.audit.verdict import SCANNERS
from trailwarden.errors import Location
from trailwarden.stack.controls import control
from trailwarden.stack.model import Note, Stack

ALL_PASS = (True, True, True)
SELECTORS = "IsMultiRegionTrail: true\n"


def test_a_whole_stack_passes_everywhere() -> None:
    verdicts = predict(GATEWAYS, whole())
    assert [one.scanner for one in verdicts] == list(SCANNERS)
    assert [one.check for one in verdicts] == [
        "cloudwatch_changes_to_network_gateways_alarm_configured",
        "log_metric_filter_network_gateway",
        "CloudWatch.12",
    ]
    for one in verdicts:
        assert one.passes is True
        assert one.filter_name == "watched"
        assert one.cure == ""
    assert verdicts[0].reason == "Prowler finds what it looks for, in the filter 'watched'"


def test_a_control_that_security_hub_has_not() -> None:
    found = verdict(whole(), "security-hub", control("organizations-changes"))
    assert (found.check, found.passes, found.filter_name) == ("", None, None)
    assert found.reason == "Security Hub has no control for AWS Organizations changes"


# --- the trail -----------------------------------------------------------------------------
def test_without_a_trail_nothing_can_be_told() -> None:
    stack = whole(without=("Trail",))
    assert passes(stack) == (None, None, None)
    assert verdict(stack, "prowler").reason == "the stack holds no trail"


def test_a_wrong_text_fails_without_a_trail_too() -> None:
    stack = replace(with_text("{ $.eventName = CreateCustomerGateway }"), trails=())
    found = verdict(stack, "security-hub")
    assert found.passes is False
    assert "trail" not in found.reason


def test_a_trail_that_feeds_another_log_group() -> None:
    stack = whole(changes={"Filter": ("LogGroupName: trail", "LogGroupName: other")})
    assert passes(stack) == (False, False, False)
    assert verdict(stack, "prowler").reason == (
        "no trail of the stack delivers to the log group 'other'"
    )


def test_a_trail_that_feeds_nobody_knows_what() -> None:
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:${Name}:*"
    stack = whole(changes={"Trail": ("!GetAtt Group.Arn", f"'{arn}'")})
    assert passes(stack) == (None, None, None)
    assert "does not tell" in verdict(stack, "prowler").reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("IsMultiRegionTrail: true", "IsMultiRegionTrail: false", "records one Region only"),
        ("IsLogging: true", "IsLogging: false", "is not logging"),
    ],
)
def test_prowler_does_not_ask_what_the_trail_does(old: str, new: str, reason: str) -> None:
    stack = whole(changes={"Trail": (old, new)})
    assert passes(stack) == (True, False, False)
    assert verdict(stack, "powerpipe").reason == f"the trail 'all' {reason}"


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ("EventSelectors: [{ReadWriteType: All}]", ALL_PASS),
        ("EventSelectors: [{DataResources: []}]", ALL_PASS),
        ("EventSelectors: [{ReadWriteType: WriteOnly}]", (True, False, False)),
        ("EventSelectors: [{ReadWriteType: WriteOnly}, {ReadWriteType: All}]", ALL_PASS),
        # Powerpipe looks at ReadWriteType alone.
        ("EventSelectors: [{IncludeManagementEvents: false}]", (True, True, False)),
        (
            "AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, "
            "Equals: [Management]}]}]",
            (True, False, True),
        ),
        (
            "AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, "
            "Equals: [Management]}, {Field: readOnly, Equals: ['false']}]}]",
            (True, False, False),
        ),
        (
            "AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, Equals: [Data]}]}]",
            (True, False, False),
        ),
    ],
)
def test_event_selectors(selectors: str, expected: tuple[bool, ...]) -> None:
    assert passes(whole(changes={"Trail": (SELECTORS, f"{SELECTORS}  {selectors}\n")})) == expected


@pytest.mark.parametrize(
    "selectors",
    [
        "EventSelectors: [{ExcludeManagementEventSources: [kms.amazonaws.com]}]",
        "AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, Equals: [Management]}, "
        "{Field: eventSource, NotEquals: [kms.amazonaws.com]}]}]",
    ],
)
def test_events_of_kms_left_out(selectors: str) -> None:
    changes = {"Trail": (SELECTORS, f"{SELECTORS}  {selectors}\n")}
    found = verdict(whole(KEYS, changes), "security-hub", KEYS)
    assert found.passes is False
    assert found.reason == "the trail 'all' excludes the management events of KMS"
    assert verdict(whole(changes=changes), "security-hub").passes is True


def test_the_best_of_several_trails_counts() -> None:
    stack = whole()
    small = replace(stack.trails[0], trail_name="small", is_multi_region_trail=False)
    assert passes(replace(stack, trails=(small, *stack.trails))) == ALL_PASS
    # Two halves do not make a whole.
    silent = replace(stack.trails[0], trail_name="silent", is_logging=False)
    assert passes(replace(stack, trails=(small, silent))) == (True, False, False)


def test_a_log_group_without_a_name_is_the_same_for_both() -> None:
    changes = {
        "Group": ("Properties: {LogGroupName: trail}", ""),
        "Filter": ("LogGroupName: trail", "LogGroupName: !Ref Group"),
    }
    assert passes(whole(changes=changes)) == ALL_PASS


# --- the alarm -----------------------------------------------------------------------------
def test_an_alarm_on_another_metric() -> None:
    stack = whole(changes={"Alarm": ("MetricName: Events", "MetricName: Event")})
    assert passes(stack) == (False, False, False)
    assert verdict(stack, "prowler").reason == "no alarm reads the metric 'Events'"
    assert verdict(stack, "security-hub").reason == "no alarm reads the metric 'Sec/Events'"


def test_only_security_hub_looks_at_the_namespace() -> None:
    stack = whole(changes={"Alarm": ("Namespace: Sec", "Namespace: Security")})
    assert passes(stack) == (True, True, False)


def test_prowler_does_not_ask_who_is_told() -> None:
    stack = whole(changes={"Alarm": ("AlarmActions: [!Ref Topic]", "OKActions: [!Ref Topic]")})
    assert passes(stack) == (True, False, False)
    assert verdict(stack, "powerpipe").reason == "the alarm 'events' has no AlarmActions"


def test_one_alarm_that_tells_somebody_is_enough() -> None:
    stack = whole()
    silent = replace(stack.alarms[0], alarm_name="silent", alarm_actions=())
    assert passes(replace(stack, alarms=(silent, *stack.alarms))) == ALL_PASS


# --- the subscription ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("confirmed", "expected", "reason"),
    [
        (True, True, "in the filter 'watched'"),
        (None, None, "a subscription of the topic 'alarms' has to be confirmed"),
        (False, False, "no subscription of the topic 'alarms' is confirmed"),
    ],
)
def test_subscriptions_by_mail(confirmed: bool | None, expected: bool | None, reason: str) -> None:
    stack = subscribed(whole(), confirmed=confirmed)
    assert passes(stack) == (True, expected, expected)
    assert reason in verdict(stack, "powerpipe").reason


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [("https", None), ("email-json", None), ("lambda", True), ("sqs", True), ("firehose", True)],
)
def test_some_protocols_need_no_confirmation(protocol: str, expected: bool | None) -> None:
    stack = subscribed(whole(), confirmed=None)
    other = replace(stack.subscriptions[0], protocol=protocol)
    assert passes(replace(stack, subscriptions=(other,))) == (True, expected, expected)


def test_one_confirmed_subscription_is_enough() -> None:
    stack = whole()
    pending = subscribed(stack, confirmed=None).subscriptions
    assert passes(replace(stack, subscriptions=(*pending, *stack.subscriptions))) == ALL_PASS


def test_a_subscription_to_another_topic_does_not_count() -> None:
    stack = whole()
    other = replace(stack.subscriptions[0], topic_arn=TOPIC)
    assert passes(replace(stack, subscriptions=(other,))) == (True, None, None)


def test_to_a_topic_somebody_may_be_subscribed_by_hand() -> None:
    stack = whole(without=("Subscription",))
    assert passes(stack) == (True, None, None)
    assert verdict(stack, "powerpipe").reason == "the stack subscribes nobody to the topic 'alarms'"


def test_in_an_account_it_is_known_that_nobody_is_subscribed() -> None:
    stack = whole(without=("Subscription",))
    note = Note("topic-without-subscriber", "nobody", Location(stack.topics[0].arn))
    assert passes(replace(stack, notes=(note,))) == (True, False, False)
    elsewhere = Note("topic-without-subscriber", "nobody", Location(TOPIC))
    assert passes(replace(stack, notes=(elsewhere,))) == (True, None, None)


def test_a_topic_of_another_stack() -> None:
    stack = whole(changes={"Alarm": ("!Ref Topic", TOPIC)})
    assert passes(stack) == (True, None, None)
    assert verdict(stack, "security-hub").reason == (
        "the stack does not hold the topic 'alarms', so that its subscriptions are not known"
    )


def test_an_action_that_is_no_topic() -> None:
    function = "arn:aws:lambda:eu-west-1:111122223333:function:repair"
    assert passes(whole(changes={"Alarm": ("!Ref Topic", function)})) == (True, False, False)


# --- which filter --------------------------------------------------------------------------
def test_the_filter_that_passes_is_named_before_one_that_does_not() -> None:
    stack = whole()
    [own] = stack.metric_filters
    broken = replace(own, filter_name="broken", filter_pattern="{ $.a = 1 }")
    found = verdict(replace(stack, metric_filters=(broken, own)), "prowler")
    assert (found.passes, found.filter_name) == (True, "watched")


def test_a_filter_about_something_else_is_not_named() -> None:
    found = verdict(with_text("{ $.eventName = ConsoleLogin }"), "prowler")
    assert (found.passes, found.filter_name) == (False, None)
    assert found.reason == "no metric filter of the stack comes near what Prowler looks for"
    assert "changes to network gateways" in found.cure


def test_all_that_cannot_be_told_is_named() -> None:
    found = verdict(subscribed(whole(without=("Trail",)), confirmed=None), "powerpipe")
    assert found.passes is None
    assert found.reason.startswith("the stack holds no trail; a subscription of the topic")


def test_a_stack_without_filters() -> None:
    assert passes(Stack("empty", "t.yaml")) == (False, False, False)


def test_what_an_account_hides_is_not_said_to_be_missing() -> None:
    hidden = tuple(
        Note("access-denied", f"{permission} is not allowed in eu-west-1: …")
        for permission in ("logs:DescribeMetricFilters", "cloudwatch:DescribeAlarms")
    )
    assert passes(Stack("aws", "account 1", notes=hidden)) == (None, None, None)
    stack = replace(whole(without=("Alarm",)), notes=hidden)
    assert passes(stack) == (None, None, None)


def test_names_from_the_stack_are_harmless() -> None:
    stack = whole(changes={"Alarm": ("MetricName: Events", "MetricName: Event")})
    [own] = stack.metric_filters
    metric = replace(own.metric_transformations[0], metric_name="a\x1b[2Jb")
    evil = replace(own, filter_name="x\u202ey", metric_transformations=(metric,))
    for found in predict(GATEWAYS, replace(stack, metric_filters=(evil,))):
        assert found.reason.isprintable()
        assert "a\\x1b[2Jb" in found.reason
        assert found.filter_name == "x\u202ey"
