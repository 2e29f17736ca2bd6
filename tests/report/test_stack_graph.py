"""How definitions hang together: as in a run, and every loose end is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.parts import TOPIC, metric_alarm, metric_filter
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.monitor.metrics import Metrics
from trailwarden.report.stack_graph import Graph, Kind, graph_of
from trailwarden.report.stack_loose import loose_ends
from trailwarden.report.stack_tree import MAX_DEPTH, lines_of
from trailwarden.stack.model import (
    LogGroup,
    MetricFilter,
    MetricTransformation,
    Stack,
    Subscription,
    Topic,
    Trail,
)

PATTERN = '{ $.eventName = "*" }'
GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:cloudtrail:*"


def whole_stack() -> Stack:
    """A stack without a loose end."""
    return Stack(
        name="whole",
        source="whole.yaml",
        trails=(Trail("main", cloud_watch_logs_log_group_arn=GROUP_ARN),),
        log_groups=(LogGroup("cloudtrail"),),
        metric_filters=(metric_filter("root-use", PATTERN),),
        alarms=(metric_alarm("root-alarm", "root-use"),),
        topics=(Topic("alerts", TOPIC),),
        subscriptions=(Subscription(TOPIC, "email", "sec@example.com"),),
    )


def codes(stack: Stack) -> list[str]:
    return [end.code for end in loose_ends(stack, graph_of(stack))]


def steps(graph: Graph) -> list[tuple[str, str, str]]:
    return [(graph.nodes[e.source].name, e.label, graph.nodes[e.target].name) for e in graph.edges]


def reached(graph: Graph, start: int, kind: Kind) -> set[str]:
    """The names of the nodes of one kind that can be reached from ``start``."""
    found, waiting = set(), [start]
    while waiting:
        node = waiting.pop()
        found.add(node)
        waiting += [e.target for e in graph.edges if e.source == node and e.target not in found]
    return {graph.nodes[one].name for one in found if graph.nodes[one].kind == kind}


def test_a_whole_stack_is_one_chain_without_loose_ends() -> None:
    stack = whole_stack()
    assert steps(graph_of(stack)) == [
        ("main", "", "cloudtrail"),
        ("cloudtrail", "", "root-use"),
        ("root-use", "", "SecurityMetrics/root-use"),
        ("SecurityMetrics/root-use", "", "root-alarm"),
        ("root-alarm", "ALARM", "alerts"),
        ("alerts", "", "email sec@example.com"),
    ]
    assert codes(stack) == []
    assert all(node.is_defined for node in graph_of(stack).nodes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"trails": (Trail("main"),)}, ["trail-without-log-group"]),
        (
            {"trails": (replace(whole_stack().trails[0], is_logging=False),)},
            ["trail-not-logging"],
        ),
        (
            {"log_groups": (LogGroup("cloudtrail"), LogGroup("idle"))},
            ["log-group-without-filter"],
        ),
        ({"subscriptions": ()}, ["topic-without-subscriber"]),
        (
            {"subscriptions": (Subscription(TOPIC, "email", "a", confirmed=False),)},
            ["topic-without-subscriber"],
        ),
        ({"alarms": ()}, ["filter-without-alarm", "topic-without-alarm"]),
        (
            {"metric_filters": ()},
            ["log-group-without-filter", "alarm-without-metric"],
        ),
        (
            {"alarms": (replace(metric_alarm("a", "root-use"), alarm_actions=()),)},
            ["alarm-without-actions", "topic-without-alarm"],
        ),
        (
            {"alarms": (replace(metric_alarm("a", "root-use"), actions_enabled=False),)},
            ["alarm-actions-disabled"],
        ),
        (
            {"composite_alarms": (CompositeAlarm("c", "ALARM(nowhere)", alarm_actions=(TOPIC,)),)},
            ["unknown-alarm"],
        ),
    ],
)
def test_loose_ends(changes: dict[str, object], expected: list[str]) -> None:
    assert codes(replace(whole_stack(), **changes)) == expected


def test_an_alarm_without_actions_may_be_part_of_a_composite_one() -> None:
    part = replace(metric_alarm("part", "root-use"), alarm_actions=())
    whole = CompositeAlarm("whole", "ALARM(part)", alarm_actions=(TOPIC,))
    stack = replace(whole_stack(), alarms=(part,), composite_alarms=(whole,))
    assert codes(stack) == []
    assert ("part", "part of", "whole") in steps(graph_of(stack))


def test_a_metric_of_another_unit_is_another_metric() -> None:
    alarm = replace(metric_alarm("root-alarm", "root-use"), unit="Bytes")
    stack = replace(whole_stack(), alarms=(alarm,))
    [unread, unfed] = loose_ends(stack, graph_of(stack))
    assert (unread.code, unfed.code) == ("filter-without-alarm", "alarm-without-metric")
    assert unfed.message == (
        "no filter publishes the metric SecurityMetrics/root-use (in Bytes) of the alarm "
        "'root-alarm'; there is SecurityMetrics/root-use"
    )


def test_a_topic_of_another_stack_is_not_blamed() -> None:
    stack = replace(whole_stack(), topics=(), subscriptions=())
    topic = next(node for node in graph_of(stack).nodes if node.kind == "topic")
    assert (topic.name, topic.is_defined) == (TOPIC, False)
    assert codes(stack) == []


def test_states_and_disabled_actions_are_on_the_edge() -> None:
    alarm = replace(
        metric_alarm("a", "root-use"),
        ok_actions=(TOPIC, "arn:aws:lambda:eu-west-1:111122223333:function:act"),
        actions_enabled=False,
    )
    graph = graph_of(replace(whole_stack(), alarms=(alarm,)))
    assert ("a", "ALARM, OK, disabled", "alerts") in steps(graph)
    action = next(node for node in graph.nodes if node.kind == "action")
    assert action.name.endswith(":act")


def test_one_confirmed_subscription_is_enough() -> None:
    waiting = Subscription(TOPIC, "email", "a@example.com", confirmed=False)
    confirmed = Subscription(TOPIC, "email", "b@example.com", confirmed=True)
    assert codes(replace(whole_stack(), subscriptions=(waiting, confirmed))) == []


def test_a_suppressor_need_not_tell_anybody() -> None:
    silent = replace(metric_alarm("silent", "root-use"), alarm_actions=())
    whole = CompositeAlarm(
        "whole", "ALARM(root-alarm)", alarm_actions=(TOPIC,), actions_suppressor="silent"
    )
    alarms = (*whole_stack().alarms, silent)
    stack = replace(whole_stack(), alarms=alarms, composite_alarms=(whole,))
    assert codes(stack) == []
    assert ("silent", "suppresses", "whole") in steps(graph_of(stack))


transformations = st.builds(
    MetricTransformation,
    metric_namespace=st.sampled_from("NM"),
    metric_name=st.sampled_from("ab"),
    metric_value=st.just("1"),
    dimensions=st.sampled_from([(), (("d", "$.x"),), (("d", "$.x"), ("e", "$.y"))]),
    unit=st.sampled_from([None, "None", "Count", "Bytes"]),
)
alarms = st.builds(
    MetricAlarm,
    namespace=st.sampled_from("NM"),
    metric_name=st.sampled_from("ab"),
    dimensions=st.sampled_from([(), (("d", "v"),), (("d", "v"), ("e", "w"))]),
    unit=st.sampled_from([None, None, "None", "Count", "Bytes"]),
)


@given(st.lists(transformations, max_size=6), st.lists(alarms, max_size=4))
def test_filters_lead_to_the_alarms_that_they_feed_in_a_run(
    published: list[MetricTransformation], readers: list[MetricAlarm]
) -> None:
    base = metric_filter("x", PATTERN)
    filters: list[MetricFilter] = [
        replace(base, filter_name=f"f{number}", metric_transformations=(one,))
        for number, one in enumerate(published)
    ]
    named = [replace(alarm, alarm_name=f"a{number}") for number, alarm in enumerate(readers)]
    stack = Stack("s", "s", metric_filters=tuple(filters), alarms=tuple(named))
    graph = graph_of(stack)
    metrics = Metrics(filters)
    fed = {
        (f"f{feed.filter}", alarm.alarm_name) for alarm in named for feed in metrics.feeds(alarm)
    }
    shown = {
        (node.name, alarm)
        for node in graph.nodes
        if node.kind == "metric filter"
        for alarm in reached(graph, node.id, "alarm")
    }
    assert shown == fed
    starved = {end.node for end in loose_ends(stack, graph) if end.code == "alarm-without-metric"}
    names = {graph.nodes[one].name for one in starved}
    assert names == {alarm.alarm_name for alarm in named if not metrics.feeds(alarm)}


def composites(rules: dict[str, str]) -> Stack:
    return Stack(
        "s", "s", composite_alarms=tuple(CompositeAlarm(name, rule) for name, rule in rules.items())
    )


def test_the_tree_of_a_cycle_ends() -> None:
    graph = graph_of(composites({"a": "ALARM(b)", "b": "ALARM(a)", "c": "ALARM(c)"}))
    shown = [(line.depth, line.node.name, line.is_again) for line in lines_of(graph)]
    assert shown == [
        (0, "a", False),
        (1, "b", False),
        (2, "a", True),
        (0, "c", False),
        (1, "c", True),
    ]


def test_the_tree_of_a_long_chain_is_cut_and_goes_on_apart() -> None:
    rules = {f"c{number}": f"ALARM(c{number + 1})" for number in range(3000)}
    graph = graph_of(composites(rules | {"c3000": "TRUE"}))
    lines = list(lines_of(graph))
    assert max(line.depth for line in lines) == MAX_DEPTH
    assert {line.node.id for line in lines} == {node.id for node in graph.nodes}
    assert sum(line.is_cut for line in lines) == len(lines) - len(graph.nodes) > 0


def test_what_follows_a_shared_topic_is_shown_once() -> None:
    second = metric_alarm("second", "root-use")
    stack = replace(whole_stack(), alarms=(*whole_stack().alarms, second))
    lines = list(lines_of(graph_of(stack)))
    assert [line.is_again for line in lines if line.node.kind == "topic"] == [False, True]
    assert sum(line.node.kind == "subscription" for line in lines) == 1
