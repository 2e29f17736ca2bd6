"""Composite alarms in time, their order, and when their actions run (rules C-26 to C-36)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.alarms import (
    Action,
    ActionSuppressor,
    CompositeAlarm,
    CompositeRun,
    State,
    alarm_arn,
    evaluation_order,
)
from trailwarden.errors import AlarmConfigurationError, RuleError

TIME = datetime(2022, 7, 22, 15, 57, 45, tzinfo=UTC)


def _arn(name: str) -> str:
    return alarm_arn("us-east-1", "111122223333", name)


def _alarm(name: str, rule: str, suppressor: str | None = None) -> CompositeAlarm:
    return CompositeAlarm(alarm_name=name, alarm_rule=rule, actions_suppressor=suppressor)


# --- order (rules C-25, C-27, C-28) ----------------------------------------------------------
def test_children_come_first_in_whatever_order_they_are_given() -> None:
    alarms = [
        _alarm("top", "ALARM(left) AND ALARM(right)"),
        _alarm("left", "ALARM(base) OR ALARM(m)"),
        _alarm("right", "NOT OK(base)"),
        _alarm("base", "ALARM(m)"),
    ]
    for given_order in permutations(alarms):
        order = [alarm.alarm_name for alarm in evaluation_order(given_order, ["m"])]
        assert sorted(order) == ["base", "left", "right", "top"]
        assert order.index("base") < order.index("left") < order.index("top")
        assert order.index("base") < order.index("right") < order.index("top")


def test_a_cycle_is_refused_with_its_path() -> None:
    alarms = [_alarm("a", "ALARM(b)"), _alarm("b", "ALARM(c) OR ALARM(m)"), _alarm("c", "OK(a)")]
    with pytest.raises(AlarmConfigurationError) as raised:
        evaluation_order(alarms, ["m"])
    path = raised.value.message.rpartition(": ")[2].split(" -> ")
    assert path[0] == path[-1]
    assert "".join(path) in {"abca", "bcab", "cabc"}  # each is followed by one it depends on
    assert raised.value.field == "AlarmRule"


def test_an_alarm_cannot_depend_on_itself() -> None:
    with pytest.raises(AlarmConfigurationError, match="a -> a"):
        evaluation_order([_alarm("a", "ALARM(a)")], [])


def test_unknown_alarms_are_refused() -> None:
    with pytest.raises(RuleError, match="'nobody', which is not an alarm here") as raised:
        evaluation_order([_alarm("a", "TRUE OR ALARM(nobody)")], ["m"])
    assert raised.value.offset == 14
    with pytest.raises(AlarmConfigurationError) as refused:
        evaluation_order([_alarm("a", "ALARM(m)", _arn("nobody"))], ["m"])
    assert refused.value.field == "ActionsSuppressor"
    assert evaluation_order([_alarm("a", f"ALARM({_arn('m')})", _arn("m"))], ["m"])


def test_too_many_users_of_one_alarm() -> None:
    alarms = [_alarm(f"a{number}", "ALARM(m)") for number in range(151)]
    with pytest.raises(AlarmConfigurationError, match="151 composite alarms use 'm'"):
        evaluation_order(alarms, ["m"])
    assert len(evaluation_order(alarms[:150], ["m"])) == 150


# --- in time (rules C-26, C-30, C-40) --------------------------------------------------------
def test_the_first_evaluation() -> None:
    run = CompositeRun(_alarm("both", "ALARM(a) AND ALARM(b)"), _arn)
    change = run.start(TIME, {"a": "OK", "b": "OK"})
    assert change is not None
    assert (change.from_state, change.to_state) == ("INSUFFICIENT_DATA", "OK")
    assert change.reason == f"{_arn('both')} was created and its alarm rule evaluates to OK"
    assert change.initial
    assert change.reason_data == '{"triggeringAlarms":[]}'
    fired = CompositeRun(_alarm("both", "TRUE"), _arn).start(TIME, {})
    assert fired is not None
    assert not fired.initial


def test_a_change_names_the_child_that_made_it() -> None:
    run = CompositeRun(_alarm("both", "ALARM(a) AND ALARM(b)"), _arn, "OK")
    states: dict[str, State] = {"a": "ALARM", "b": "OK"}
    assert run.update(TIME, states, {"a": "OK"}) is None
    change = run.update(TIME, {"a": "ALARM", "b": "ALARM"}, {"b": "OK"})
    assert change is not None
    assert change.child == "b"
    assert (
        change.reason == f"{_arn('b')} transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC"
    )
    assert json.loads(change.reason_data) == {
        "triggeringAlarms": [
            {
                "arn": _arn("b"),
                "state": {"value": "ALARM", "timestamp": "2022-07-22T15:57:45.000+0000"},
            }
        ]
    }
    assert run.state == "ALARM"


def test_of_several_changes_the_one_that_mattered_is_named() -> None:
    run = CompositeRun(_alarm("c", "OK(a) AND ALARM(b) OR ALARM(d)"), _arn, "OK")
    states: dict[str, State] = {"a": "OK", "b": "ALARM", "d": "OK"}
    change = run.update(TIME, states, {"d": "INSUFFICIENT_DATA", "b": "OK"})
    assert change is not None
    assert change.child == "b"


def test_changes_of_strangers_and_without_effect_are_nothing() -> None:
    run = CompositeRun(_alarm("c", "ALARM(a) OR ALARM(b)"), _arn, "ALARM")
    assert run.update(TIME, {"a": "OK", "b": "OK"}, {"z": "OK"}) is None
    assert run.update(TIME, {"a": "ALARM", "b": "ALARM"}, {"b": "OK"}) is None
    assert run.start(TIME, {"a": "ALARM", "b": "OK"}) is None


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_arns(region: str, partition: str) -> None:
    assert alarm_arn(region, "111122223333", "a b") == (
        f"arn:{partition}:cloudwatch:{region}:111122223333:alarm:a b"
    )


# --- suppression (rules C-31 to C-36) --------------------------------------------------------
def test_a_timer_fires_before_what_happens_at_the_same_instant() -> None:
    suppressor = ActionSuppressor(2, 3, "OK", "OK")
    assert suppressor.composite_changed(1, "ALARM") == []
    assert suppressor.suppressor_changed(3, "ALARM") == [Action(3, "ALARM")]
    assert suppressor.composite_changed(4, "OK") == []
    assert suppressor.suppressor_changed(5, "INSUFFICIENT_DATA") == []
    assert suppressor.advance(7.5) == []
    assert suppressor.advance(8) == [Action(8, "OK")]
    assert suppressor.advance(100) == []


def test_a_suppressor_that_returns_holds_again() -> None:
    suppressor = ActionSuppressor(2, 3, "OK", "ALARM")
    suppressor.composite_changed(0, "ALARM")
    suppressor.suppressor_changed(10, "OK")
    suppressor.suppressor_changed(12, "ALARM")
    assert suppressor.advance(50) == []
    suppressor.suppressor_changed(50, "OK")
    assert suppressor.advance(99) == [Action(53, "ALARM")]


def test_what_has_been_told_is_not_told_again() -> None:
    suppressor = ActionSuppressor(2, 3, "OK", "OK")
    suppressor.composite_changed(0, "ALARM")
    assert suppressor.advance(2) == [Action(2, "ALARM")]
    suppressor.suppressor_changed(3, "ALARM")
    suppressor.suppressor_changed(4, "OK")
    assert suppressor.advance(50) == []


def test_only_leaving_alarm_starts_an_extension_period() -> None:
    suppressor = ActionSuppressor(2, 30, "OK", "OK")
    suppressor.composite_changed(0, "ALARM")
    suppressor.suppressor_changed(1, "INSUFFICIENT_DATA")
    assert suppressor.advance(50) == [Action(2, "ALARM")]


def test_another_suppressor_drops_running_periods() -> None:
    suppressor = ActionSuppressor(2, 3, "OK", "OK")
    suppressor.composite_changed(0, "ALARM")
    assert suppressor.suppressor_replaced(1, "ALARM") == []
    assert suppressor.advance(5) == []
    suppressor.suppressor_changed(5, "OK")
    assert suppressor.advance(8) == [Action(8, "ALARM")]


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from(["OK", "ALARM"])), max_size=20
    )
)
def test_held_actions_run_once_for_the_final_state(
    events: list[tuple[int, bool, State]],
) -> None:
    """However it went, once all is quiet one action tells the state, if any change is untold."""
    suppressor = ActionSuppressor(2, 3, "OK", "OK")
    time, composite, held, actions = 0, "OK", "OK", []
    for wait, is_composite, state in events:
        time += wait
        if is_composite and state != composite:
            actions += suppressor.composite_changed(time, state)
            composite = state
        elif not is_composite and state != held:
            actions += suppressor.suppressor_changed(time, state)
            held = state
    if held == "ALARM":
        actions += suppressor.suppressor_changed(time, "OK")
    actions += suppressor.advance(time + 10)
    if any(is_composite and state != "OK" for _, is_composite, state in events):
        assert actions[-1].state == composite
    assert [a.time for a in actions] == sorted({a.time for a in actions})
