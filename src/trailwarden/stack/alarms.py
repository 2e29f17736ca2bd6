"""``AWS::CloudWatch::Alarm`` and ``AWS::CloudWatch::CompositeAlarm``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import TypeVar

from trailwarden.alarms.composite import evaluation_order
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.properties import composite_alarm_of, metric_alarm_of
from trailwarden.alarms.rule import alarm_name, parse_rule
from trailwarden.alarms.single_metric import unfolded
from trailwarden.alarms.validation import validate
from trailwarden.errors import (
    AlarmConfigurationError,
    DefinitionError,
    RuleError,
    UnsupportedAlarmError,
)
from trailwarden.stack.findings import COMPOSITE_OF_STRANGERS, Findings
from trailwarden.stack.model import NotRun
from trailwarden.stack.nodes import Scalar
from trailwarden.stack.resource import Resource
from trailwarden.stack.template import did_you_mean, together
from trailwarden.stack.unknown import UnknownValueError

# In an ARN the account does not matter for a rule (C-21), and its token would hide the ARN's parts.
_ACCOUNT = "${AWS::AccountId}"
_MEANT = re.compile(r"did you mean '(\w+)'")
_SEVERAL = re.compile(r"[|*]")
_HARMLESS: Mapping[str, object] = {
    "AlarmName": "x",
    "AlarmRule": "FALSE",
    "ActionsSuppressorExtensionPeriod": 60,
    "ActionsSuppressorWaitPeriod": 60,
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 1,
    "MetricName": "x",
    "Namespace": "x",
    "Period": 60,
    "Statistic": "Sum",
    "Threshold": 1,
}
"""What CloudWatch takes for required properties, in place of what is wrong."""
_Alarm = TypeVar("_Alarm", MetricAlarm, CompositeAlarm)


def metric_alarm(resource: Resource) -> MetricAlarm:
    """The metric alarm.

    Raises :class:`~trailwarden.errors.DefinitionError`, for all that is wrong with it at once, and
    :class:`~trailwarden.errors.UnsupportedAlarmError` where it cannot be evaluated.
    """
    return _without_mistakes(
        resource, {**resource.properties, "AlarmName": resource.name}, metric_alarm_of
    )


def watched_metric(resource: Resource) -> tuple[str, str]:
    """Namespace and name of the metric that the alarm watches; empty where they are not one."""
    properties = unfolded(resource.properties)
    namespace, name = properties.get("Namespace"), properties.get("MetricName")
    return str(namespace or ""), str(name or "")


def _without_mistakes(
    resource: Resource,
    properties: Mapping[str, object],
    make: Callable[[Mapping[str, object]], _Alarm],
) -> _Alarm:
    """The alarm of ``properties``, or all that is wrong with them: each mistake found is replaced
    by something harmless, so that the next one shows.
    """
    errors: list[DefinitionError] = [*resource.faults]
    mended = {name for error in errors for name in _properties_of(error)}
    given = _mended(properties, mended)
    while True:
        try:
            alarm = make(given)
            validate(alarm)
        except UnsupportedAlarmError as error:
            if errors:
                break
            raise resource.located(error) from None
        except AlarmConfigurationError as error:
            fields = set(_SEVERAL.split(error.field))
            if fields <= mended:
                break
            errors.append(resource.located(error))
            mended |= fields
            given = _mended(given, fields)
        else:
            if not errors:
                return alarm
            break
    raise together(errors, resource.document.source)


def _properties_of(error: DefinitionError) -> tuple[str, ...]:
    """The property of the alarm in which the error stands, and the one that may be meant by it."""
    path = ((error.location and error.location.key) or "").partition(".Properties.")[2]
    return (re.split(r"[.\[]", path, maxsplit=1)[0], *_MEANT.findall(error.cure))


def _mended(properties: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    kept = {name: value for name, value in properties.items() if name not in names}
    return kept | {name: _HARMLESS[name] for name in names if name in _HARMLESS}


def composite_alarm(resource: Resource) -> CompositeAlarm:
    """The composite alarm; raises :class:`~trailwarden.errors.AlarmConfigurationError`."""
    properties = {**resource.properties, "AlarmName": resource.name}
    for name in ("AlarmRule", "ActionsSuppressor"):
        value = properties.get(name)
        if isinstance(value, str):
            properties[name] = value.replace(_ACCOUNT, "")
    try:
        return _without_mistakes(resource, properties, composite_alarm_of)
    except RuleError as error:
        rule = resource.nodes.get("AlarmRule")
        if isinstance(rule, Scalar) and rule.unknown and rule.text == f"${{{rule.unknown[0]}}}":
            raise UnknownValueError(
                f"AlarmRule must be known here: it depends on {', '.join(rule.unknown)}, which has "
                "no value before deployment",
                names=rule.unknown,
                location=error.location,
                cure=f"give --parameter {rule.unknown[0]}=VALUE",
            ) from None
        raise


def runnable_composites(
    composites: Mapping[str, tuple[CompositeAlarm, Resource]],
    metric_alarms: Iterable[str],
    not_run: set[str],
    findings: Findings,
) -> tuple[CompositeAlarm, ...]:
    """The composite alarms by name that can be run, checked against each other (C-25 to C-28).

    One that refers to an alarm of ``not_run`` (names), or to one that is not defined here, is not
    run either.
    """
    kept = dict(composites)
    for name in _of_strangers(composites, {*metric_alarms, *composites, *not_run}, findings):
        not_run.add(name)
        kept.pop(name)
    composites = dict(kept)
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


def _of_strangers(
    composites: Mapping[str, tuple[CompositeAlarm, Resource]], known: Set[str], findings: Findings
) -> Iterator[str]:
    """The composites that refer to an alarm which is defined elsewhere, if at all: CloudWatch takes
    them where it exists. They cannot be run.
    """
    for name, (alarm, resource) in composites.items():
        strangers = [child for child in references_of(alarm) if child not in known]
        if strangers:
            message = f"it refers to the alarm {strangers[0]!r}, which the stack does not define"
            near = did_you_mean(strangers[0], tuple(known))
            place = resource.place_of("AlarmRule|ActionsSuppressor")
            findings.note(
                COMPOSITE_OF_STRANGERS,
                f"the composite alarm {name!r} is not run: {message}" + (near and f" ({near})"),
                place,
            )
            findings.not_run.append(
                NotRun(resource.logical_id, resource.type, message, resource.location)
            )
            yield name


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
