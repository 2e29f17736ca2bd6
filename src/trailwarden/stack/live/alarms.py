"""Alarms of a live account: those that can be run, and why the others are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.properties import composite_alarm_of, metric_alarm_of
from trailwarden.alarms.validation import validate
from trailwarden.errors import AlarmConfigurationError, Location
from trailwarden.stack.alarms import references_of
from trailwarden.stack.live.calls import Answer, Reader
from trailwarden.stack.live.filters import LiveFilter
from trailwarden.stack.model import NotRun

_METRIC_ALARM, _COMPOSITE_ALARM = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
_Metric = tuple[str | None, str | None, frozenset[str]]  # namespace, name, dimension names


@dataclass(slots=True)
class LiveAlarms:
    """The alarms of one region. ``locations`` are by name."""

    metric: list[MetricAlarm] = field(default_factory=list)
    composite: list[CompositeAlarm] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)
    locations: dict[str, Location] = field(default_factory=dict)

    def leave_out(self, name: str, kind: str, why: str) -> None:
        self.not_run.append(NotRun(name, kind, why, self.locations[name]))


def live_alarms(reader: Reader, filters: Iterable[LiveFilter]) -> LiveAlarms:
    """The alarms of the region that ``filters``, those of the same region, can set off."""
    found = LiveAlarms()
    # Without AlarmTypes the service leaves composite alarms out.
    pages = list(
        reader.pages("cloudwatch", "describe_alarms", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    )
    metric = [answer for page in pages for answer in page.get("MetricAlarms", ())]
    composite = [answer for page in pages for answer in page.get("CompositeAlarms", ())]
    for answer in (*metric, *composite):
        found.locations[answer["AlarmName"]] = Location(answer["AlarmArn"])
    _add_metric_alarms(found, metric, _feeding(filters), reader)
    _add_composite_alarms(found, composite)
    return found


def _feeding(filters: Iterable[LiveFilter]) -> Mapping[_Metric, list[LiveFilter]]:
    feeding: defaultdict[_Metric, list[LiveFilter]] = defaultdict(list)
    for one in filters:
        for metric in one.metrics:
            dimensions = frozenset(name for name, _ in metric.dimensions)
            feeding[metric.metric_namespace, metric.metric_name, dimensions].append(one)
    return feeding


def _add_metric_alarms(
    found: LiveAlarms,
    answers: Iterable[Answer],
    feeding: Mapping[_Metric, list[LiveFilter]],
    reader: Reader,
) -> None:
    foreign: defaultdict[str, list[str]] = defaultdict(list)  # namespace -> alarms
    for answer in answers:
        name = answer["AlarmName"]
        try:
            alarm = metric_alarm_of(answer)
            validate(alarm)
        except AlarmConfigurationError as error:
            found.leave_out(name, _METRIC_ALARM, error.message)
            continue
        dimensions = frozenset(dimension for dimension, _ in alarm.dimensions)
        sources = feeding.get((alarm.namespace, alarm.metric_name, dimensions), [])
        if any(source.definition for source in sources):
            found.metric.append(alarm)
        elif sources:
            why = f"the metric filter {sources[0].name} that feeds it is not run"
            found.leave_out(name, _METRIC_ALARM, why)
        else:
            foreign[alarm.namespace or ""].append(name)
    found.not_run += _foreign(found, foreign, reader)


def _foreign(
    found: LiveAlarms, foreign: Mapping[str, list[str]], reader: Reader
) -> Iterable[NotRun]:
    """Alarms on metrics of other origin: told briefly, for an account may have thousands."""
    why = "its metric does not come from a metric filter"
    if reader.is_denied("describe_metric_filters"):
        why = "the metric filters could not be read"
    for namespace, names in foreign.items():
        first = found.locations[names[0]]
        label = names[0] if len(names) == 1 else f"{len(names):,} alarms on {namespace}"
        yield NotRun(label, _METRIC_ALARM, f"{why} ({namespace})", first)


def _add_composite_alarms(found: LiveAlarms, answers: Iterable[Answer]) -> None:
    """Those that depend on nothing but alarms that run; each after the ones it depends on."""
    waiting: dict[str, tuple[CompositeAlarm, tuple[str, ...]]] = {}
    for answer in answers:
        name = answer["AlarmName"]
        try:
            alarm = composite_alarm_of(answer)
            validate(alarm)
            waiting[name] = (alarm, references_of(alarm))
        except AlarmConfigurationError as error:
            found.leave_out(name, _COMPOSITE_ALARM, error.message)
    running = {alarm.alarm_name for alarm in found.metric}
    while ready := [name for name, (_, needs) in waiting.items() if running.issuperset(needs)]:
        found.composite += [waiting.pop(name)[0] for name in ready]
        running.update(ready)
    for name, (_, needs) in waiting.items():
        missing = next(need for need in needs if need not in running)
        why = f"it refers to {missing!r}, which is not run"
        found.leave_out(name, _COMPOSITE_ALARM, why)
