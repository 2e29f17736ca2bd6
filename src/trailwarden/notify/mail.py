"""The text of an alarm's e-mail (10.3). Its layout has changed over the years: never parse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.alarms.evaluation import needed_to_alarm
from trailwarden.alarms.spelling import java_double, long_date
from trailwarden.notify.console import console_host
from trailwarden.notify.notice import Notice
from trailwarden.notify.regions import region_name

_MOST_CHILDREN = 10


def mail_text(notice: Notice) -> str:
    """The text that e-mail subscribers get; SNS adds how to unsubscribe."""
    alarm = notice.alarm
    parts = [_greeting(notice), *_link(notice), _details(notice)]
    if isinstance(alarm, CompositeAlarm):
        parts.append(_children(notice))
    else:
        parts += [_threshold(alarm), _metric(alarm) + "\n"]  # two empty lines follow
    return "\n\n".join([*parts, _actions(alarm)]) + "\n"


def _greeting(notice: Notice) -> str:
    change, date = notice.change, long_date(notice.change.time)
    who = (
        "You are receiving this email because your Amazon CloudWatch Alarm "
        f'"{notice.alarm.alarm_name}" in the {region_name(notice.region)} region has'
    )
    if isinstance(notice.alarm, CompositeAlarm):
        return (
            f'{who} transitioned to {change.to_state} state on {date}, because "{change.reason}".'
        )
    return f'{who} entered the {change.to_state} state, because "{change.reason}" at "{date}".'


def _link(notice: Notice) -> Iterator[str]:
    region, host = notice.region, console_host(notice.region)
    if host:
        yield (
            "View this alarm in the AWS Management Console:\n"
            f"https://{host}/cloudwatch/deeplink.js"
            f"?region={region}#alarmsV2:alarm/{quote(notice.alarm.alarm_name, safe='')}"
        )


def _details(notice: Notice) -> str:
    alarm, change = notice.alarm, notice.change
    rule = [("Alarm Rule", alarm.alarm_rule)] if isinstance(alarm, CompositeAlarm) else []
    return _section(
        "Alarm Details",
        28,
        [
            ("Name", alarm.alarm_name),
            ("Description", alarm.alarm_description or ""),
            ("State Change", f"{change.from_state} -> {change.to_state}"),
            ("Reason for State Change", change.reason),
            ("Timestamp", long_date(change.time)),
            ("AWS Account", notice.account),
            ("Alarm Arn", notice.arn),
            *rule,
        ],
    )


def _threshold(alarm: MetricAlarm) -> str:
    return (
        "Threshold:\n"
        "- The alarm is in the ALARM state when the metric is "
        f"{alarm.comparison_operator} {java_double(alarm.threshold or 0.0)} for at least "
        f"{needed_to_alarm(alarm)} of the last {alarm.evaluation_periods} period(s) of "
        f"{alarm.period} seconds."
    )


def _metric(alarm: MetricAlarm) -> str:
    dimensions = ", ".join(f"{name} = {value}" for name, value in alarm.dimensions)
    return _section(
        "Monitored Metric",
        37,
        [
            ("MetricNamespace", alarm.namespace or ""),
            ("MetricName", alarm.metric_name or ""),
            ("Dimensions", f"[{dimensions}]"),
            ("Period", f"{alarm.period} seconds"),
            ("Statistic", alarm.extended_statistic or alarm.statistic or ""),
            ("Unit", alarm.unit or "not specified"),
            ("TreatMissingData", alarm.treat_missing_data or "missing"),
        ],
    )


def _children(notice: Notice) -> str:
    children = notice.triggering_alarms()[:_MOST_CHILDREN]
    lines = [
        f"- {child['arn']}: {child['state']['value']} at {child['state']['timestamp']}"
        for child in children
    ]
    return "\n".join([f"Triggering children (max. {_MOST_CHILDREN}):", *lines])


def _actions(alarm: MetricAlarm | CompositeAlarm) -> str:
    lists = (
        ("OK", alarm.ok_actions),
        ("ALARM", alarm.alarm_actions),
        ("INSUFFICIENT_DATA", alarm.insufficient_data_actions),
    )
    lines = [f"- {state}: {_bracketed(actions)}" for state, actions in lists]
    return "\n".join(["State Change Actions:", *lines])


def _bracketed(actions: Iterable[str]) -> str:
    listed = ", ".join(actions)
    return f"[{listed}]" if listed else ""


def _section(title: str, width: int, rows: list[tuple[str, str]]) -> str:
    """Lines of a title and a value each, the values below one another."""
    return "\n".join([f"{title}:", *(f"- {name + ':':<{width}}{value}" for name, value in rows)])
