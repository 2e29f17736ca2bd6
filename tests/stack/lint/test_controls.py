"""The benchmark's controls as a whole."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import pytest

from tests.stack.lint.stacks import alarm_of, codes_of, filter_of, pattern_codes, stack_of
from trailwarden.stack import load
from trailwarden.stack.controls import Control, controls
from trailwarden.stack.lint import Finding, lint
from trailwarden.stack.lint.witnessing import standings
from trailwarden.stack.model import Stack

WHOLE = ("TW601", "TW602", "TW603", "TW604", "TW605")


def found(stack: Stack, code: str) -> list[Finding]:
    return [one for one in lint(stack) if one.code == code]


def texts(*, without: str = "", old: str = "", new: str = "") -> Stack:
    """A filter for each control in the words of the benchmark, or all but one."""
    wordings = {one.key: one.wordings[one.since] for one in controls() if one.key != without}
    assert any(old in text for text in wordings.values())
    filters = [filter_of(text.replace(old, new), name=key) for key, text in wordings.items()]
    return stack_of(*filters)


@pytest.mark.parametrize("control", controls(), ids=lambda one: one.key)
def test_each_wording_is_about_its_own_control(control: Control) -> None:
    for wording in {*control.wordings.values(), control.security_hub_pattern} - {None}:
        if control.key == "unauthorized-api-calls" and "HeadBucket" in (wording or ""):
            continue  # two versions print texts that match nearly everything
        about = [
            one.control for one in standings(stack_of(filter_of(wording or ""))) if one.filters
        ]
        assert about == [control]


def test_the_built_in_stacks_have_one_filter_for_each_control() -> None:
    for name, missing in (("cis", 0), ("cis-1.2.0", 1)):
        each = list(standings(load(name)))
        assert [len(one.filters) for one in each] == [1] * (15 - missing) + [0] * missing
        assert [one.escaped for one in each if one.filters] == [[]] * (15 - missing)


@pytest.mark.parametrize("control", controls(), ids=lambda one: one.key)
def test_a_control_that_is_missing(control: Control) -> None:
    code = "TW604" if control.key == "organizations-changes" else "TW601"
    stack = texts(without=control.key)
    [finding] = found(stack, code)
    assert control.subject in finding.message or code == "TW604"
    assert not set(codes_of(stack)) & ({"TW601", "TW604"} - {code})
    assert not set(codes_of(texts())) & {"TW601", "TW604"}


def test_what_is_said_of_a_missing_control() -> None:
    [finding] = found(texts(without="nacl-changes"), "TW601")
    assert finding.message == (
        "no filter is about Network Access Control List (NACL) changes (CIS 3.11, Security Hub "
        "CloudWatch.11), and the stack has 14 of the other controls"
    )


def test_stacks_that_are_not_meant_for_the_benchmark_miss_nothing() -> None:
    few = [filter_of(one.wordings[one.since], name=one.key) for one in controls()[:7]]
    assert not set(codes_of(stack_of(*few))) & {"TW601", "TW604"}


def test_one_filter_may_be_about_several_controls() -> None:
    keys = ("security-group-changes", "nacl-changes", "vpc-changes")
    together = " || ".join(
        one.wordings[one.since].strip("{}") for one in controls() if one.key in keys
    )
    about = [
        one.control.key for one in standings(stack_of(filter_of(f"{{{together}}}"))) if one.filters
    ]
    assert about == list(keys)


@pytest.mark.parametrize(
    "pattern",
    ["{ $.eventName = * }", "{ $.eventName = ConsoleLogin }", "", "{ $.eventName = CreatePolicy }"],
)
def test_filters_about_more_or_less_are_about_no_control(pattern: str) -> None:
    assert not any(one.filters for one in standings(stack_of(filter_of(pattern))))


def test_events_that_escape() -> None:
    [finding] = found(texts(old=" || ($.eventName=StopLogging)", new=""), "TW602")
    assert finding.message == (
        "the filter 'cloudtrail-config-changes' on CloudTrail configuration changes misses "
        "what the benchmark names: StopLogging"
    )
    assert found(texts(), "TW602") == []


def test_events_that_another_filter_has_do_not_escape() -> None:
    weaker = texts(old=" || ($.eventName=DeleteTrail)", new="")
    rest = "{ $.eventName = DeleteTrail || $.eventName = UpdateTrail || $.eventName = StopLogging }"
    whole = replace(weaker, metric_filters=(*weaker.metric_filters, filter_of(rest, name="rest")))
    assert [len(found(one, "TW602")) for one in (weaker, whole)] == [1, 0]


SIGN_IN = '{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed != "Yes" && REST }'
USER = '$.userIdentity.type = "IAMUser"'
SUCCESS = '$.responseElements.ConsoleLogin = "Success"'


@pytest.mark.parametrize(
    ("rest", "what"),
    [
        (f"{USER} && {SUCCESS}", ""),
        (f"{SUCCESS} && $.userIdentity.type != AssumedRole", ""),
        (USER, "counts those that failed"),
        (SUCCESS, "counts those of federated users, who never have MFA here"),
        ("$.eventType = *", "who never have MFA here, and those that failed"),
    ],
)
def test_sign_ins_of_others(rest: str, what: str) -> None:
    messages = [
        one.message for one in found(stack_of(filter_of(SIGN_IN.replace("REST", rest))), "TW603")
    ]
    assert [what in message for message in messages] == ([True] if what else [])


REFUSED = '{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }'
CHANGE = "{ $.eventName = CreateTrail || $.eventName = DeleteTrail || $.eventName = StopLogging }"
ONLY_DONE = CHANGE.replace("{", "{ $.errorCode NOT EXISTS && (").replace("}", ") }")


@pytest.mark.parametrize(
    ("change", "threshold", "count"),
    [(CHANGE, 1.0, 1), (CHANGE, 10.0, 0), (ONLY_DONE, 1.0, 0), ("{ $.eventName = X }", 1.0, 0)],
)
def test_refused_calls_that_count_twice(change: str, threshold: float, count: int) -> None:
    stack = stack_of(
        filter_of(REFUSED, name="refused"),
        filter_of(change, name="change", metric_name="Changes"),
        alarm=alarm_of(threshold=threshold),
    )
    assert len(found(stack, "TW605")) == count


def test_one_filter_alone_is_no_benchmark() -> None:
    assert not set(WHOLE) & set(pattern_codes(CHANGE))


def test_many_hostile_filters_do_not_hold_lint_up() -> None:
    start = perf_counter()
    filters = [
        filter_of(
            f"{{ {' || '.join(f'$.eventName{n}.b.c{i} = *x{i}*' for i in range(30))} }}",
            name=f"f{n}",
        )
        for n in range(1_000)
    ]
    list(standings(stack_of(*filters)))
    assert perf_counter() - start < 30
