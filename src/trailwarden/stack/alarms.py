"""``AWS::CloudWatch::Alarm`` and ``AWS::CloudWatch::CompositeAlarm``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trailwarden.alarms.composite import evaluation_order
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.properties import composite_alarm_of, metric_alarm_of
from trailwarden.alarms.rule import alarm_name, parse_rule
from trailwarden.alarms.validation import validate
from trailwarden.errors import AlarmConfigurationError
from trailwarden.stack.findings import Findings
from trailwarden.stack.model import NotRun
from trailwarden.stack.resource import Resource

# In an ARN the account does not matter for a rule (C-21), and its token would hide the ARN's parts.
_ACCOUNT = "${AWS::AccountId}"


def metric_alarm(resource: Resource) -> MetricAlarm:
    """The metric alarm.

    Raises :class:`~trailwarden.errors.AlarmConfigurationError` where CloudWatch would refuse it and
    :class:`~trailwarden.errors.UnsupportedAlarmError` where it cannot be evaluated.
    """
    try:
        alarm = metric_alarm_of({**resource.properties, "AlarmName": resource.name})
        validate(alarm)
    except AlarmConfigurationError as error:
        raise resource.located(error) from None
    return alarm


def composite_alarm(resource: Resource) -> CompositeAlarm:
    """The composite alarm; raises :class:`~trailwarden.errors.AlarmConfigurationError`."""
    properties = {**resource.properties, "AlarmName": resource.name}
    for name in ("AlarmRule", "ActionsSuppressor"):
        value = properties.get(name)
        if isinstance(value, str):
            properties[name] = value.replace(_ACCOUNT, "")
    try:
        alarm = composite_alarm_of(properties)
        validate(alarm)
    except AlarmConfigurationError as error:
        raise resource.located(error) from None
    return alarm


def runnable_composites(
    composites: Mapping[str, tuple[CompositeAlarm, Resource]],
    metric_alarms: Iterable[str],
    not_run: set[str],
    findings: Findings,
) -> tuple[CompositeAlarm, ...]:
    """The composite alarms by name that can be run, checked against each other (C-25 to C-28).

    One that refers to an alarm of ``not_run`` (names) is not run either.
    """
    kept = dict(composites)
    for name in _dependents(composites, not_run):
        alarm, resource = kept.pop(name)
        missing = sorted(not_run.intersection(references_of(alarm)))
        findings.not_run.append(
            NotRun(
                resource.logical_id,
                resource.type,
                f"it refers to {missing[0]!r}, which is not run",
                resource.location,
            )
        )
    alarms = tuple(alarm for alarm, _ in kept.values())
    known = [*metric_alarms]
    try:
        evaluation_order(alarms, known)
    except AlarmConfigurationError as error:
        _collect(error, kept, [*known, *kept], findings)
    return alarms


def _dependents(
    composites: Mapping[str, tuple[CompositeAlarm, Resource]], not_run: set[str]
) -> list[str]:
    """Names of composites that depend on ``not_run``, which grows by them."""
    users: dict[str, list[str]] = {}
    for name, (alarm, _) in composites.items():
        for child in references_of(alarm):
            users.setdefault(child, []).append(name)
    found: dict[str, None] = {}
    waiting = list(not_run)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found[user] = None
                not_run.add(user)
                waiting.append(user)
    return list(found)


def references_of(alarm: CompositeAlarm) -> tuple[str, ...]:
    """The names of the alarms that ``alarm`` needs: those of its rule, and its suppressor."""
    suppressor = (alarm_name(alarm.actions_suppressor),) if alarm.actions_suppressor else ()
    return (*parse_rule(alarm.alarm_rule).children(), *suppressor)


def _collect(
    error: AlarmConfigurationError,
    composites: Mapping[str, tuple[CompositeAlarm, Resource]],
    known: list[str],
    findings: Findings,
) -> None:
    """Say which of the composites are wrong; those of a cycle are wrong only together."""
    before = len(findings.errors)
    for alarm, resource in composites.values():
        with findings.collect():
            try:
                evaluation_order([alarm], known)
            except AlarmConfigurationError as own:
                raise resource.located(own) from None
    if len(findings.errors) == before:
        named = [name for name in composites if name in error.message] or list(composites)
        findings.errors.append(composites[named[0]][1].located(error))
