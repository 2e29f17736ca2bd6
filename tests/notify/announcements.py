"""Announcements, built by hand, and strings that attack whatever shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trailwarden.alarms import CompositeAlarm, MetricAlarm, State
from trailwarden.monitor.announcement import Announcement, Kind
from trailwarden.monitor.outcome import Event, PrincipalCount, Transition
from trailwarden.notify import Outgoing, compose
from trailwarden.settings.model import ChannelKind, ChannelSettings, Secret
from trailwarden.stack.model import Stack

REGION, ACCOUNT = "us-east-1", "111122223333"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
TIME = datetime(2025, 5, 2, 10, 6, tzinfo=UTC)
DECIDED = TIME + timedelta(milliseconds=250)
ROOT = MetricAlarm(
    alarm_name="root-activity",
    namespace="CIS",
    metric_name="RootUse",
    statistic="Sum",
    period=300,
    threshold=1.0,
    treat_missing_data="notBreaching",
    alarm_description="The root user did something",
    alarm_actions=(TOPIC,),
)
BOTH = CompositeAlarm("both", "ALARM(root-activity)", alarm_actions=(TOPIC,))
STACK = Stack("cis", "built-in", alarms=(ROOT,), composite_alarms=(BOTH,))

HOSTILE = {
    "lines": "one\r\nBcc: evil@evil.example\r\n\r\n<b>two</b>",
    "html": "</td><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;",
    "escape": "\x1b[2J\x1b]8;;http://evil.example\x07\x9b1m\x00\x7f",
    "bidi": "user/\u202egnp.exe\u2066\u200b\ufeff",
    "surrogate": "lone \ud800 and \udfff",
    "emoji": "💣" * 40,
    "huge": "Mozilla/5.0 " + "A" * 5000,
    "mention": "@everyone <!channel> @here",
    "cjk": "ユーザー/管理者" * 20,
    "quotes": '"\\",}]{${x}`',
}


def event(number: int = 0, **values: object) -> Event:
    """A console login of the root user, ``number`` seconds after ten o'clock."""
    made = Event(
        event_id=f"{number:08x}-0000-4000-8000-000000000000",
        event_time=TIME - timedelta(minutes=6) + timedelta(seconds=number),
        event_name="ConsoleLogin",
        event_source="signin.amazonaws.com",
        account=ACCOUNT,
        region=REGION,
        principal="Root",
        principal_kind="Root",
        source_ip="203.0.113.7",
        user_agent="Mozilla/5.0",
        error_code="",
        read_only=False,
        source="file.json.gz",
        raw="{}",
    )
    return replace(made, **values)  # type: ignore[arg-type]


def announcement(
    events: tuple[Event, ...] = (event(0), event(1), event(62)),
    *,
    id: str = "a-1",  # noqa: A002 - the field's name
    kind: Kind = "transition",
    alarm: str = "root-activity",
    states: tuple[State, State] = ("OK", "ALARM"),
    before: tuple[PrincipalCount, ...] = (),
    count: int | None = None,
    principals: tuple[PrincipalCount, ...] | None = None,
    reason_data: str = "{}",
    reason: str = "Threshold Crossed: 1 datapoint [3.0] was greater than the threshold (1.0).",
) -> Announcement:
    number = len(events) if count is None else count
    first = (PrincipalCount(events[0].principal, number),) if events else ()
    told = Transition(
        time=TIME,
        from_state=states[0],
        to_state=states[1],
        reason=reason,
        reason_data=reason_data,
        events=events,
        event_count=number,
        principals=first if principals is None else principals,
    )
    return Announcement(id, kind, alarm, told, DECIDED, (TOPIC,), ("RootUse",), before)


def composed(*announcements: Announcement, stack: Stack = STACK, topic: str = TOPIC) -> Outgoing:
    return compose(announcements or (announcement(),), stack, topic, region=REGION, account=ACCOUNT)


def hostile(text: str, id: str = "a-1") -> Outgoing:  # noqa: A002
    """A message in which every string that others may write is ``text``."""
    attack = event(
        event_id=text,
        event_name=text,
        event_source=text,
        account=text,
        region=text,
        principal=text,
        source_ip=text,
        user_agent=text,
        error_code=text,
    )
    alarm = replace(ROOT, alarm_name=text, alarm_description=text, metric_name=text)
    told = announcement((attack,), id=id, alarm=text, reason=text)
    told = replace(told, filters=(text,))
    return composed(told, stack=Stack("s", "s", alarms=(alarm,)))


def settings(
    kind: ChannelKind, **options: str | int | bool | Secret | tuple[str, ...]
) -> ChannelSettings:
    """A channel named ``pager``; ``from_`` stands for the option ``from``."""
    return ChannelSettings(
        "pager", kind, {name.removesuffix("_"): value for name, value in options.items()}
    )
