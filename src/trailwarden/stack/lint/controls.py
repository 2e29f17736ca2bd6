"""The benchmark's controls as a whole: which are missing, weaker than its text, or too loud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from trailwarden.stack.lint.feeding import fed_alarms
from trailwarden.stack.lint.places import place_of_filter, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.witnessing import Standing, standings
from trailwarden.stack.model import MetricFilter, Stack
from trailwarden.text import plural, some_of
from trailwarden.trail.specimens import Short, made

_MOST = 8  # controls of which a stack must have this many to be meant for the benchmark
_ORGANIZATIONS = "organizations-changes"
_REFUSED_CALLS = "unauthorized-api-calls"
_SIGN_INS = "console-signin-without-mfa"
_SHOWN = 4  # events in one finding
_TIME = datetime(2025, 1, 1, tzinfo=UTC)


@rule("TW601", "warning")
def control_is_missing(stack: Stack) -> Iterator[Fault]:
    """A stack with most of the benchmark's controls and not this one: auditors ask for it, and what
    it is about goes unseen.
    """
    found = _of_benchmark(stack)
    for one in found:
        if not one.filters and one.control.key != _ORGANIZATIONS:
            yield Fault(
                f"no filter is about {one.control.subject} (CIS {one.control.id('1.2.0')}, "
                f"Security Hub {one.control.security_hub}), and the stack has "
                f"{sum(bool(other.filters) for other in found)} of the other controls",
                "add its filter and alarm; the built-in stack cis has them",
                None,
            )


@rule("TW602", "warning")
def control_is_weaker(stack: Stack) -> Iterator[Fault]:
    """A filter that is about a control and leaves out events which every version of the benchmark
    names: scanners fail it, and the events escape.
    """
    for one in _of_benchmark(stack):
        if one.filters and one.escaped:
            yield Fault(
                f"the filter {quoted(one.filters[0].filter_name)} on {one.control.subject} misses "
                f"what the benchmark names: {some_of(one.escaped, _SHOWN)}",
                "add them to the pattern",
                place_of_filter(stack, one.filters[0]),
            )


@rule("TW603", "warning")
def sign_ins_of_others(stack: Stack) -> Iterator[Fault]:
    """MFA of federated users happens at their identity provider, so that their records never say
    Yes; and a sign-in that failed is none without MFA.
    """
    federated = made(Short("ConsoleLogin", "signin.amazonaws.com", "role", mfa=False), _TIME, 0)
    error = "Failed authentication"
    failed = made(Short("ConsoleLogin", "signin.amazonaws.com", error=error), _TIME, 1)
    for one in _with_key(stack, _SIGN_INS):
        for metric_filter in one.filters:
            matches = metric_filter.pattern.matches
            loud = [
                what
                for what, record in (
                    ("of federated users, who never have MFA here", federated),
                    ("that failed", failed),
                )
                if matches(record)
            ]
            if loud:
                yield Fault(
                    f"the filter {quoted(metric_filter.filter_name)} on sign-ins without MFA "
                    f"counts those {', and those '.join(loud)}",
                    'add && ($.userIdentity.type = "IAMUser") && '
                    '($.responseElements.ConsoleLogin = "Success")',
                    place_of_filter(stack, metric_filter),
                )


@rule("TW604", "note")
def no_control_of_the_organization(stack: Stack) -> Iterator[Fault]:
    """The benchmark asks since 1.3.0 for changes of the organization; only its management account
    has such events.
    """
    found = _of_benchmark(stack)
    missing = [one.control.key for one in found if not one.filters]
    if missing == [_ORGANIZATIONS]:
        yield Fault(
            "the stack has the fourteen older controls of the benchmark and none on changes of "
            "the organization (CIS 4.15)",
            "add it in the management account; the built-in stack cis has it",
            None,
        )


@rule("TW605", "note")
def refused_calls_count_twice(stack: Stack) -> Iterator[Fault]:
    """A refused change matches the filter of refusals and that of the change, which does not look
    at errorCode. Where one refusal is enough for the alarm these are two alarms for one event, of
    which one speaks of a change that was none.
    """
    changing = [
        one
        for one in standings(stack)
        if one.control.calls and any(seen.counts_refused for seen in one.seen)
    ]
    refusing = [
        one
        for standing in _with_key(stack, _REFUSED_CALLS)
        for one in standing.filters
        if _one_is_enough(stack, one)
    ]
    if refusing and changing:
        yield Fault(
            f"a refused call counts in the filter {quoted(refusing[0].filter_name)} and in the "
            f"filter of its change ({plural(len(changing), 'control')}): two alarms for one event",
            "read errorCode when such an alarm comes, or add && ($.errorCode NOT EXISTS) to the "
            "filters of changes",
            place_of_filter(stack, refusing[0]),
        )


def _one_is_enough(stack: Stack, metric_filter: MetricFilter) -> bool:
    """True where one match of the filter raises an alarm, or brings it nearer by a period."""
    metrics = {
        (one.metric_namespace, one.metric_name) for one in metric_filter.metric_transformations
    }
    return any(
        (fed.alarm.namespace, fed.alarm.metric_name) in metrics
        and any(map(fed.breaches, fed.values or ()))
        for fed in fed_alarms(stack)
    )


def _of_benchmark(stack: Stack) -> list[Standing]:
    """All controls, for a stack that has most of them; otherwise nothing."""
    found = list(standings(stack))
    return found if sum(bool(one.filters) for one in found) >= _MOST else []


def _with_key(stack: Stack, key: str) -> Iterator[Standing]:
    return (one for one in standings(stack) if one.control.key == key)
