"""How alarms answer to an event, by the engine."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.stacks import cis, codes, judged, whole, with_alarms
from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.audit.answers import answer_of, span
from trailwarden.audit.composites import Composites
from trailwarden.audit.firing import Firing, Trials, _Bench, _least
from trailwarden.monitor.digest import Hit, Sample
from trailwarden.patterns import parse
from trailwarden.stack import MetricFilter, MetricTransformation, Stack

SUM: dict[str, Any] = {
    "alarm_name": "a",
    "namespace": "N",
    "metric_name": "M",
    "statistic": "Sum",
    "period": 300,
    "threshold": 1.0,
    "treat_missing_data": "notBreaching",
}


def stack_of(value: str = "1", default: float | None = 0.0, by: Any = (), **alarm: Any) -> Stack:
    transformation = MetricTransformation("N", "M", value, default, by)
    pattern = "{ $.eventName = X }"
    one = MetricFilter("f", "g", pattern, parse(pattern), (transformation,))
    return Stack("s", "s.yaml", metric_filters=(one,), alarms=(MetricAlarm(**{**SUM, **alarm}),))


def firing(stack: Stack, hit: Hit = Hit(0, 0, (0,), 0)) -> Firing:  # noqa: B008 - frozen
    return Trials(stack).firing(stack.alarms[0], hit)


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        ({}, Firing("burst", 1)),
        ({"statistic": "Maximum", "period": 60}, Firing("burst", 1)),
        ({"threshold": 10.0}, Firing("burst", 10)),
        ({"threshold": 10.0, "comparison_operator": "GreaterThanThreshold"}, Firing("burst", 11)),
        ({"threshold": 3000.0}, Firing("burst", 3000)),
        ({"threshold": 1e9}, Firing("never")),
        ({"statistic": "Maximum", "threshold": 2.0}, Firing("never")),
        ({"statistic": "Average"}, Firing("quiet", 1)),
        ({"comparison_operator": "LessThanThreshold"}, Firing("always")),
        ({"threshold": 0.0}, Firing("always")),  # the default value breaches
        ({"period": 60, "evaluation_periods": 60, "datapoints_to_alarm": 6, "statistic": "Maximum"},
         Firing("spread", 1, 6)),
        ({"evaluation_periods": 3}, Firing("spread", 1, 3)),
        ({"evaluation_periods": 6}, Firing("spread", 1, 6)),
        ({"evaluation_periods": 12, "datapoints_to_alarm": 7}, Firing("spread", 1, 7)),
        ({"evaluation_periods": 7, "period": 3600, "statistic": "Maximum"},
         Firing("spread", 1, 7)),
        ({"period": 60, "evaluation_periods": 2, "threshold": 5.0},
         Firing("spread", 8192, 2)),
        ({"period": 86_400}, Firing("burst", 1)),
    ],
)  # fmt: skip
def test_alarms(alarm: dict[str, Any], expected: Firing) -> None:
    assert firing(stack_of(**alarm)) == expected


@pytest.mark.parametrize(("period", "periods"), [(60, 1), (300, 6), (300, 11), (3600, 7)])
def test_events_begin_with_a_period_after_all_that_the_alarm_looks_back_at(
    period: int, periods: int
) -> None:
    stack = stack_of(period=period, evaluation_periods=periods)
    bench = _Bench(stack, stack.alarms[0], Hit(0, 0, (0,), 0))
    minutes = bench.minutes(2, periods)
    log_begins = bench._digest((), 1).counts[0][0]
    assert minutes[0] * 60 % period == 0
    assert period * periods <= (minutes[0] - log_begins) * 60 < period * (periods + 8)
    assert len(minutes) == 2 * periods
    assert len({minute * 60 // period for minute in minutes}) == periods


def test_an_average_without_default_value_is_not_diluted() -> None:
    assert firing(stack_of(default=None, statistic="Average")) == Firing("burst", 1)


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        ({"threshold": 10.0}, Firing("burst", 10)),
        ({"period": 60, "evaluation_periods": 20}, Firing("spread", 1, 20)),
        ({"period": 60, "evaluation_periods": 20, "datapoints_to_alarm": 3, "threshold": 5.0},
         Firing("spread", 819, 3)),
        ({"statistic": "Minimum", "threshold": 2.0}, Firing("never")),
    ],
)  # fmt: skip
def test_records_that_publish_nothing_do_not_matter(
    monkeypatch: pytest.MonkeyPatch, alarm: dict[str, Any], expected: Firing
) -> None:
    stack = stack_of(default=None, treat_missing_data="notBreaching", **alarm)
    assert firing(stack) == expected
    monkeypatch.setattr("trailwarden.audit.firing._BACKGROUND", 500)
    assert firing(stack) == expected


@given(st.integers(1, 70), st.integers(1, 64), st.integers(0, 80))
def test_the_least_number(least: int, most: int, likely: int) -> None:
    asked: list[int] = []

    def holds(count: int) -> bool:
        asked.append(count)
        return count >= least

    assert _least(holds, most, likely) == (least if least <= most else 0)
    assert max(asked) <= most


def test_missing_data_that_breach() -> None:
    stack = stack_of(default=None, treat_missing_data="breaching")
    assert firing(stack) == Firing("always")


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(1, 5))
def test_sums_need_as_many_as_the_threshold_says(threshold: int, value: int) -> None:
    stack = stack_of(str(value), threshold=float(threshold))
    assert firing(stack) == Firing("burst", ceil(threshold / value))


def test_what_the_record_decides() -> None:
    stack = stack_of("$.size", None, threshold=10.0)
    assert firing(stack, Hit(0, 0, (0,), 0, (Sample(0, 4.0, ()),))) == Firing("burst", 3)
    assert firing(stack) == Firing("never")  # the record has no such number


def test_alarms_on_one_dimension() -> None:
    stack = stack_of("1", None, (("User", "$.user"),), dimensions=(("User", "eve"),))
    samples = {name: (Sample(0, 1.0, (("User", name),)),) for name in ("eve", "bob")}
    trials = Trials(stack)
    (alarm,) = stack.alarms
    assert trials.firing(alarm, Hit(0, 0, (0,), 0, samples["eve"])) == Firing("burst", 1)
    assert trials.firing(alarm, Hit(0, 0, (0,), 0, samples["bob"])) == Firing("never")


def test_alarms_that_differ_in_names_only_are_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    original = Trials.firing.__globals__["_firing"]
    monkeypatch.setitem(
        Trials.firing.__globals__, "_firing", lambda bench: tried.append(1) or original(bench)
    )
    assert judged(whole(), "vpc-changes").status == "PASS"
    assert len(tried) <= 3  # thresholds of 1, 3 and 10


@pytest.mark.parametrize(
    ("kind", "code", "severity", "text"),
    [
        (Firing("burst", 10), "threshold", "note", "from 10 events within 5 minutes"),
        (Firing("quiet", 1), "quiet-only", "weak", "dilute its Sum"),
        (Firing("spread", 1, 2), "burst-missed", "weak", "in 2 different periods of 5 minutes, w"),
        (Firing("spread", 50, 2), "burst-missed", "weak", "with 50 events each"),
        (Firing("always"), "always-on", "fail", "without any event"),
        (Firing("never"), "never-fires", "fail", "however often"),
    ],
)
def test_answers(kind: Firing, code: str, severity: str, text: str) -> None:
    stack = stack_of()
    (finding,) = answer_of(stack, stack.alarms[0], kind)
    assert (finding.code, finding.severity, finding.part) == (code, severity, "alarm")
    assert text in finding.message
    assert bool(finding.cure) == (severity != "note")


def test_nothing_is_said_of_an_alarm_that_fires_at_once() -> None:
    stack = stack_of()
    assert answer_of(stack, stack.alarms[0], Firing("burst", 1)) == ()


def test_spans() -> None:
    assert [span(n) for n in (10, 60, 300, 3600, 5400, 86_400)] == [
        "10 seconds", "1 minute", "5 minutes", "1 hour", "90 minutes", "1 day",
    ]  # fmt: skip


def test_a_composite_alarm_tells_of_alarms_that_have_no_actions() -> None:
    stack = with_alarms(whole(), lambda alarm: replace(alarm, alarm_actions=()))
    assert codes(judged(stack, "vpc-changes")) == {"no-action"}
    rule = 'ALARM("cis-vpc-changes") OR ALARM("cis-root-usage")'
    told = CompositeAlarm("any", rule, alarm_actions=cis().alarms[0].alarm_actions)
    stack = replace(stack, composite_alarms=(told,))
    assert judged(stack, "vpc-changes").status == "PASS"
    assert codes(judged(stack, "nacl-changes")) == {"no-action"}


def test_a_composite_alarm_that_asks_for_more_does_not_tell() -> None:
    stack = with_alarms(whole(), lambda alarm: replace(alarm, alarm_actions=()))
    rule = 'ALARM("cis-vpc-changes") AND ALARM("cis-root-usage")'
    told = CompositeAlarm("both", rule, alarm_actions=cis().alarms[0].alarm_actions)
    stack = replace(stack, composite_alarms=(told,))
    assert codes(judged(stack, "vpc-changes")) == {"no-action"}


def test_composite_alarms_of_composite_alarms() -> None:
    stack = with_alarms(whole(), lambda alarm: replace(alarm, alarm_actions=()))
    inner = CompositeAlarm("inner", 'ALARM("cis-vpc-changes")')
    rule = 'ALARM("inner") AND NOT ALARM("cis-nacl-changes")'
    outer = CompositeAlarm(
        "outer",
        rule,
        alarm_actions=cis().alarms[0].alarm_actions,
        actions_suppressor="cis-root-usage",
    )
    stack = replace(stack, composite_alarms=(inner, outer))
    assert judged(stack, "vpc-changes").status == "PASS"
    assert codes(judged(stack, "nacl-changes")) == {"no-action"}


def test_only_the_alarms_around_one_are_run() -> None:
    rules = {
        "a": 'ALARM("cis-vpc-changes") OR ALARM("cis-root-usage")',
        "b": 'ALARM("a") OR ALARM("c")',
        "c": 'ALARM("cis-nacl-changes")',
        "d": 'ALARM("cis-iam-policy-changes")',
    }
    alarms = tuple(CompositeAlarm(name, rule) for name, rule in rules.items())
    composites = Composites(replace(cis(), composite_alarms=alarms))
    assert composites.above("cis-vpc-changes") == {"a", "b"}
    assert composites.above("cis-config-changes") == frozenset()
    part = composites.around("cis-vpc-changes")
    assert {one.alarm_name for one in part.composite_alarms} == {"a", "b", "c"}
    names = ("vpc-changes", "root-usage", "nacl-changes")
    assert {one.alarm_name for one in part.alarms} == {f"cis-{name}" for name in names}
