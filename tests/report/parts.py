"""Parts of outcomes, built by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm, State
from trailwarden.monitor.outcome import (
    AlarmOutcome,
    Datapoint,
    Event,
    EventNameCount,
    FilterOutcome,
    InputSummary,
    PrincipalCount,
    Transition,
)
from trailwarden.patterns import parse
from trailwarden.stack.model import (
    MetricFilter,
    MetricTransformation,
)

START = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
MINUTE = timedelta(minutes=1)
NAMESPACE = "SecurityMetrics"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
REASON = (
    "Threshold Crossed: 1 datapoint [{value:.1f} ({date:%d/%m/%y %H:%M:%S})] was "
    "greater than or equal to the threshold (1.0)."
)
NO_DATA = (
    "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
    "treated as [NonBreaching]."
)


def event(
    minute: float,
    name: str,
    principal: str = "Root",
    *,
    kind: str = "Root",
    source: str = "iam.amazonaws.com",
    ip: str = "198.51.100.7",
    error: str = "",
    number: int = 0,
) -> Event:
    """An event ``minute`` minutes after START."""
    time = START + minute * MINUTE
    record = {
        "eventVersion": "1.08",
        "userIdentity": {"type": kind, "accountId": ACCOUNT},
        "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": ip,
        "eventID": f"{number:08x}-0000-4000-8000-{round(minute * 60):012x}",
        "readOnly": name.startswith(("Get", "List", "Describe")),
    }
    return Event(
        event_id=str(record["eventID"]),
        event_time=time,
        event_name=name,
        event_source=source,
        account=ACCOUNT,
        region="eu-west-1",
        principal=principal,
        principal_kind=kind,
        source_ip=ip,
        user_agent="aws-cli/2.15.0 Python/3.11.6",
        error_code=error,
        read_only=bool(record["readOnly"]),
        source=f"AWSLogs/{ACCOUNT}/CloudTrail/eu-west-1/2024/03/{time:%d/%H%M}.json.gz",
        raw=json.dumps(record, separators=(",", ":")),
    )


def change(
    minute: int,
    from_state: State,
    to_state: State,
    events: Sequence[Event] = (),
    *,
    count: int | None = None,
    reason: str | None = None,
    initial: bool = False,
) -> Transition:
    """A transition ``minute`` minutes after START, decided by the datapoint before it."""
    time = START + minute * MINUTE
    start = time - 5 * MINUTE
    value = float(len(events) if count is None else count)
    points = (Datapoint(start, value),) if events or to_state == "ALARM" else ()
    data = {
        "version": "1.0",
        "queryDate": f"{time:%Y-%m-%dT%H:%M:%S.000+0000}",
        "statistic": "Sum",
        "period": 300,
        "recentDatapoints": [point.value for point in points],
        "threshold": 1.0,
    }
    ranking = Counter(e.principal for e in events).most_common()
    number = len(events) if count is None else count
    called = Counter(e.event_name for e in events)
    refused = Counter(e.event_name for e in events if e.error_code)
    return Transition(
        time=time,
        from_state=from_state,
        to_state=to_state,
        reason=reason or (REASON.format(value=value, date=start) if points else NO_DATA),
        reason_data=json.dumps(data, separators=(",", ":")),
        datapoints=points,
        events=tuple(events),
        event_count=number,
        fired_count=number,
        event_names=tuple(
            EventNameCount(name, many, refused[name]) for name, many in called.most_common()
        ),
        principals=tuple(PrincipalCount(name, number) for name, number in ranking),
        initial=initial,
    )


def metric_filter(name: str, pattern: str, metric: str | None = None) -> MetricFilter:
    """A filter of the trail's log group that counts its matches."""
    return MetricFilter(
        filter_name=name,
        log_group_name="cloudtrail",
        filter_pattern=pattern,
        pattern=parse(pattern),
        metric_transformations=(MetricTransformation(NAMESPACE, metric or name, "1"),),
    )


def metric_alarm(name: str, metric: str, threshold: float = 1.0) -> MetricAlarm:
    """An alarm on the five-minute sum of ``metric``."""
    return MetricAlarm(
        alarm_name=name,
        namespace=NAMESPACE,
        metric_name=metric,
        statistic="Sum",
        period=300,
        evaluation_periods=1,
        threshold=threshold,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        alarm_description=f"Somebody made {metric} rise.",
        alarm_actions=(TOPIC,),
    )


def filter_outcome(one: MetricFilter, events: Sequence[Event] = ()) -> FilterOutcome:
    """The run of ``one`` that matched ``events``."""
    times = sorted(e.event_time for e in events)
    ranking = Counter(e.principal for e in events).most_common()
    return FilterOutcome(
        filter=one,
        matches=len(events),
        first=times[0] if times else None,
        last=times[-1] if times else None,
        principals=tuple(PrincipalCount(name, number) for name, number in ranking),
    )


def alarm_outcome(
    alarm: MetricAlarm | CompositeAlarm,
    transitions: Sequence[Transition] = (),
    filters: Sequence[str] = (),
    state: State = "OK",
) -> AlarmOutcome:
    """The run of ``alarm``; its state is that of the last transition, ``state`` without any."""
    return AlarmOutcome(
        alarm=alarm,
        state=transitions[-1].to_state if transitions else state,
        fired=sum(one.to_state == "ALARM" for one in transitions),
        transitions=tuple(transitions),
        filters=tuple(filters),
        series=tuple(point for one in transitions for point in one.datapoints),
        series_period=300,
    )


def summary(**changes: object) -> InputSummary:
    """A day of a small account, read whole."""
    whole = InputSummary(
        sources=("logs/2024",),
        files=1204,
        events=184_392,
        duplicates=312,
        bytes=50_433_106,
        bytes_read=612_904_551,
        first_event=START,
        last_event=START + timedelta(days=2, hours=3, minutes=17),
        silent_minutes=231,
        gaps=(),
        problems=(),
        skipped={},
    )
    return replace(whole, **changes)  # type: ignore[arg-type]
