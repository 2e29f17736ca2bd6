"""The vectors of the alarm rules, one test each (their ``meta`` describes the formats)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from tests.vectors.cases import cases
from trailwarden.alarms import (
    ActionSuppressor,
    CompositeAlarm,
    CompositeRun,
    MetricAlarm,
    Point,
    SeriesEvaluator,
    StatisticSet,
    WallClockWindow,
    alarm_name,
    composite_alarm_of,
    evaluate,
    metric_alarm_of,
    parse_statistic,
    state_reason,
    validate,
)
from trailwarden.alarms.model import COMPARISONS
from trailwarden.alarms.windows import parse_time_zone
from trailwarden.errors import AlarmConfigurationError, UnsupportedAlarmError
from trailwarden.monitor.metrics import Feed
from trailwarden.monitor.pending import Pending
from trailwarden.monitor.reader import DigestReader
from trailwarden.notify import FilterPolicy, region_name, string_to_sign, subject_of
from trailwarden.patterns import parse
from trailwarden.stack.model import MetricFilter, MetricTransformation
from trailwarden.times import from_epoch

FILE = "alarms.json"
SOME_MIDNIGHT = 1_699_833_600 // 60  # minutes since the epoch; a Monday
TIME = from_epoch(SOME_MIDNIGHT * 60)


# --- deciding a state ------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "missing_data"))
def test_missing_data(case: dict[str, Any]) -> None:
    alarm = MetricAlarm(
        namespace=case.get("namespace"),
        evaluation_periods=case["evaluation_periods"],
        datapoints_to_alarm=case["datapoints_to_alarm"],
        threshold=case["threshold"],
        comparison_operator=case["comparison"],
        treat_missing_data=case["treat_missing_data"],
    )
    state = evaluate(alarm, case["datapoints"], case["previous_state"])
    assert state != case.get("documented_not")
    assert state == case["expected_state"]


# --- in time ---------------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "sequences"))
def test_sequence(case: dict[str, Any]) -> None:
    length, arriving = _arrivals(case)
    assert _transitions(case, length, arriving) == case["expected"]
    if case.get("lateness") is None:
        # All samples from the start and one long stride: silence may then be skipped.
        at_once = [sample for samples in arriving.values() for sample in samples]
        assert _transitions(case, length, {0: at_once}, stride=length) == case["expected"]


def _transitions(
    case: dict[str, Any],
    length: int,
    arriving: Mapping[int, list[tuple[int, Any]]],
    stride: int = 1,
) -> list[dict[str, Any]]:
    """Run over ``length`` steps, so many at once; samples are (step, value) per step of arrival."""
    step_seconds = case.get("step_seconds", 60)
    alarm = _sequence_alarm(case["alarm"])
    start = _boundary(alarm) // step_seconds + case.get("start_offset", 0)
    state = case["alarm"].get("initial_state", "INSUFFICIENT_DATA")
    run = SeriesEvaluator(alarm, start, state)
    assert run.step_seconds == step_seconds
    found = []
    for step in range(0, length, stride):
        for sample_step, sample in arriving.get(step, ()):
            run.add(start + sample_step, _set_of([sample]))
        for change in run.advance(start + step + stride):
            last = int(change.time.timestamp()) // step_seconds - start - 1
            assert step <= last < step + stride
            found.append({"step": last, "from": change.from_state, "to": change.to_state})
    return found


def _boundary(alarm: MetricAlarm) -> int:
    """A boundary of the alarm's clock, whatever its period is: seconds since the epoch."""
    window = alarm.evaluation_window or WallClockWindow()
    return int(TIME.replace(tzinfo=parse_time_zone(window.time_zone)).timestamp())


def _sequence_alarm(described: dict[str, Any]) -> MetricAlarm:
    window = described.get("window")
    assert window in (None, "sliding", "wall_clock")
    zone = described.get("time_zone", described.get("timezone", "UTC"))
    statistic = described.get("statistic")
    return MetricAlarm(
        alarm_name="sequence",
        namespace=described.get("namespace"),
        period=described["period"],
        evaluation_periods=described["evaluation_periods"],
        datapoints_to_alarm=described.get("datapoints_to_alarm"),
        threshold=described["threshold"],
        comparison_operator=described["comparison"],
        treat_missing_data=described.get("treat_missing_data"),
        statistic=statistic,
        extended_statistic=described.get("extended_statistic"),
        evaluate_low_sample_count_percentile=described.get("evaluate_low_sample_count_percentile"),
        evaluation_window=WallClockWindow(zone) if window == "wall_clock" else None,
        evaluation_range=described.get("evaluation_range"),
    )


def _arrivals(case: dict[str, Any]) -> tuple[int, dict[int, list[tuple[int, Any]]]]:
    """How many steps there are, and what can be seen from which evaluation on: (step, sample)."""
    arriving: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    if "arrivals" in case:
        lateness = case.get("lateness")
        for sample in case["arrivals"]:
            step = sample["step"]
            seen = step if lateness is None else max(step, sample["arrival"] - lateness)
            arriving[seen] += [(step, value) for value in _samples_of(sample["value"])]
        if case.get("fill") is not None:
            for step in range(case["length"]):
                arriving[step].append((step, case["fill"]))
        return case["length"], arriving
    values = case["values"]
    if isinstance(values, dict):
        filled = [values.get("fill")] * values["length"]
        for step, value in values.get("set", {}).items():
            filled[int(step)] = value
        values = filled
    for step, entry in enumerate(values):
        arriving[step] += [(step, sample) for sample in _samples_of(entry)]
    return len(values), arriving


def _samples_of(entry: Any) -> list[Any]:
    """The samples of a step: one, a list of them, or none."""
    samples = entry if isinstance(entry, list) else [entry]
    return [sample for sample in samples if sample is not None]


# --- statistics ------------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "statistics"))
def test_statistic(case: dict[str, Any]) -> None:
    found = parse_statistic(case["statistic"]).of(_set_of(case["samples"]))
    expected = case["expected"]
    assert found == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=0))


def _set_of(samples: list[Any]) -> StatisticSet:
    """Numbers, values with counts and statistic sets, merged."""
    merged = StatisticSet()
    for sample in samples:
        if not isinstance(sample, dict):
            merged.add(sample)
        elif "values" in sample:
            for value, count in zip(
                sample["values"], sample.get("counts") or [1] * len(sample["values"]), strict=True
            ):
                merged.add(value, count)
        else:
            merged.merge(
                StatisticSet.of(
                    sample["sample_count"], sample["sum"], sample["minimum"], sample["maximum"]
                )
            )
    return merged


@pytest.mark.parametrize("case", cases(FILE, "low_sample"))
def test_low_sample(case: dict[str, Any]) -> None:
    """Breaching samples: an alarm that was OK stays so only where there are too few of them."""
    alarm = MetricAlarm(
        threshold=1.0,
        extended_statistic=case["statistic"],
        evaluate_low_sample_count_percentile=case["evaluate_low_sample_count_percentile"],
    )
    run = SeriesEvaluator(alarm, SOME_MIDNIGHT, "OK")
    samples = StatisticSet()
    samples.add(2.0, case["sample_count"])
    run.add(SOME_MIDNIGHT, samples)
    run.advance(SOME_MIDNIGHT + 1)
    assert run.state == {"retain": "OK", "evaluate": "ALARM"}[case["expected"]]


# --- composite alarms ------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "composite"))
def test_composite(case: dict[str, Any]) -> None:
    alarm = CompositeAlarm(alarm_name="composite", alarm_rule=case["rule"])
    validate(alarm)
    run = CompositeRun(alarm, arn_of=str)
    run.start(TIME, {alarm_name(name): state for name, state in case["children"].items()})
    assert run.state == case["expected"]


@pytest.mark.parametrize("case", cases(FILE, "suppressor"))
def test_suppressor(case: dict[str, Any]) -> None:
    initial = case["initial"]
    suppressor = ActionSuppressor(
        case["wait_period"],
        case["extension_period"],
        initial["composite"],
        initial["suppressor"],
    )
    actions = []
    for event in case["events"]:
        if "suppressor" in event:
            actions += suppressor.suppressor_changed(event["t"], event["suppressor"])
        if "composite" in event:
            actions += suppressor.composite_changed(event["t"], event["composite"])
    actions += suppressor.advance(case["until"])
    assert [{"t": a.time, "state": a.state} for a in actions] == case["expected_actions"]


# --- definitions -----------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "invalid"))
def test_invalid(case: dict[str, Any]) -> None:
    if case["error"] is None:
        # What CloudWatch accepts and we cannot evaluate is no error of the definition.
        with suppress(UnsupportedAlarmError):
            _load(case["alarm"])
        return
    with pytest.raises(AlarmConfigurationError) as raised:
        _load(case["alarm"])
    assert raised.value.field == case["error_field"]
    assert raised.value.message
    assert raised.value.field.split("|")[0].split("*")[0] in raised.value.message


def _load(properties: dict[str, Any]) -> None:
    is_composite = "AlarmRule" in properties
    validate(composite_alarm_of(properties) if is_composite else metric_alarm_of(properties))


# --- words -----------------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "state_reasons"))
def test_state_reason(case: dict[str, Any]) -> None:
    described = case["alarm"]
    alarm = MetricAlarm(
        namespace=described.get("namespace"),
        evaluation_periods=described["evaluation_periods"],
        datapoints_to_alarm=described["datapoints_to_alarm"],
        treat_missing_data=described["treat_missing_data"],
        comparison_operator=described["comparison"],
        threshold=described["threshold"],
    )
    breaches = COMPARISONS[alarm.comparison_operator]
    points = []
    for point in case["points"]:
        start = datetime.fromisoformat(point["timestamp"])
        value = float(point["value"])
        is_breaching = breaches(value, described["threshold"])
        points.append(Point(start, start, value, breaching=is_breaching))
    assert state_reason(alarm, case["state"], points) == case["expected"]


# --- metric filters --------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "metric_filter"))
def test_metric_filter(case: dict[str, Any]) -> None:
    """By way of the engine: records are read, matched and counted, and published per minute."""
    pattern = parse("{ $.matched IS TRUE }")
    metric_filter = MetricFilter(
        filter_name="filter",
        log_group_name="group",
        filter_pattern=pattern.text,
        pattern=pattern,
        metric_transformations=(
            MetricTransformation("Namespace", "Metric", "$.value", case["default_value"]),
        ),
    )
    records = [
        {
            "eventID": str(number),
            "eventTime": f"{from_epoch(SOME_MIDNIGHT * 60 + event['ts']):%Y-%m-%dT%H:%M:%SZ}",
            "matched": event["matched"],
            "value": event.get("value"),
        }
        for number, event in enumerate(case["events"])
    ]
    digest = DigestReader([metric_filter]).digest(
        json.dumps({"Records": records}).encode(), "records"
    )
    pending = Pending()
    for minute in digest.minute_array():
        pending.records.add(minute)
    for hit in digest.hits:
        pending.match(0, hit.second // 60)
        for sample in hit.samples:
            pending.value((0, sample.dimensions), hit.second // 60, sample.value)
    feed = Feed(filter=0, dimensions=(), value=None, default=case["default_value"])
    found = {
        str(minute - SOME_MIDNIGHT): _values(samples)
        for day in pending.days()
        for minute, samples in pending.samples(feed, day)
    }
    assert found == {minute: sorted(values) for minute, values in case["expected"].items()}


def _values(samples: StatisticSet) -> list[float]:
    counts = samples.counts()
    assert counts is not None
    return sorted(value for value, count in counts.items() for _ in range(count))


# --- SNS -------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", cases(FILE, "sns_string_to_sign"))
def test_string_to_sign(case: dict[str, Any]) -> None:
    assert string_to_sign(case["message"]) == case["expected"]


@pytest.mark.parametrize("case", cases(FILE, "sns_subject"))
def test_subject(case: dict[str, Any]) -> None:
    assert region_name(case["region"]) == case["region_name"]
    assert subject_of(case["alarm_name"], case["state"], case["region"]) == case["expected"]


@pytest.mark.parametrize("case", cases(FILE, "sns_filter_policy"))
def test_filter_policy(case: dict[str, Any]) -> None:
    policy = FilterPolicy(case["policy"], case["scope"])
    body = case["body"]
    text = body if isinstance(body, str) else json.dumps(body)
    assert policy.matches(text, case["attributes"]) is case["expected"]
