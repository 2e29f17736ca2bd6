"""Outcomes for the tests of every report."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.report.hostile import HOSTILE, hostile_outcome
from tests.report.parts import (
    ACCOUNT,
    MINUTE,
    START,
    TOPIC,
    alarm_outcome,
    change,
    event,
    filter_outcome,
    metric_alarm,
    metric_filter,
    summary,
)
from trailwarden.alarms.model import CompositeAlarm
from trailwarden.errors import Location
from trailwarden.monitor.outcome import (
    Event,
    Gap,
    InputSummary,
    Outcome,
    Transition,
)
from trailwarden.problems import Problem
from trailwarden.stack.model import (
    LogGroup,
    Note,
    NotRun,
    Stack,
    Topic,
)

__all__ = ["HOSTILE", "busy_outcome", "empty_outcome", "example_outcome", "hostile_outcome"]

_QUIET = {
    "iam-policy-changes": '{ $.eventName = "PutUserPolicy" }',
    "cloudtrail-changes": '{ $.eventName = "StopLogging" || $.eventName = "DeleteTrail" }',
    "kms-key-disabled": '{ $.eventName = "DisableKey" }',
    "config-changes": '{ $.eventSource = "config.amazonaws.com" && $.eventName = "StopConfig*" }',
    "network-acl-changes": '{ $.eventName = "CreateNetworkAcl" }',
    "route-table-changes": '{ $.eventName = "CreateRoute" }',
}


def example_outcome() -> Outcome:
    """An attack on a small account: three alarms fire, one composite, the others stay quiet."""
    alice, deploy = "AdminRole/alice", "user/deploy"
    root = metric_filter("root-usage", '{ $.userIdentity.type = "Root" }')
    denied = metric_filter("unauthorized-calls", '{ $.errorCode = "AccessDenied*" }')
    groups = metric_filter(
        "security-group-changes", '{ $.eventName = "AuthorizeSecurityGroupIngress" }'
    )
    logins = metric_filter("failed-logins", '{ $.errorMessage = "Failed authentication" }')
    buckets = metric_filter("bucket-policy-changes", '{ $.eventName = "PutBucketPolicy" }')
    root_events = [
        event(61, "ConsoleLogin", source="signin.amazonaws.com", ip="203.0.113.50", number=1),
        event(62.5, "CreateAccessKey", ip="203.0.113.50", number=2),
        event(63, "AttachUserPolicy", ip="203.0.113.50", number=3),
    ]
    later = [event(1501, "ListUsers", number=4)]
    calls = [
        event(
            120 + i / 4,
            name,
            deploy,
            kind="IAMUser",
            source="ec2.amazonaws.com",
            ip="192.0.2.33",
            error="AccessDenied",
            number=10 + i,
        )
        for i, name in enumerate(["DescribeInstances", "RunInstances", "GetPasswordData"] * 4)
    ]
    opened = [
        event(
            3000,
            "AuthorizeSecurityGroupIngress",
            alice,
            kind="AssumedRole",
            source="ec2.amazonaws.com",
            ip="198.51.100.99",
            number=40,
        )
    ]
    policies = [event(200, "PutBucketPolicy", alice, kind="AssumedRole", source="s3.amazonaws.com")]
    failed = [
        event(300 + i, "ConsoleLogin", deploy, source="signin.amazonaws.com", number=60 + i)
        for i in range(2)
    ]
    quiet = [metric_filter(name, pattern) for name, pattern in _QUIET.items()]
    filters = (root, denied, groups, logins, buckets, *quiet)
    root_alarm = metric_alarm("root-usage", "root-usage")
    denied_alarm = metric_alarm("unauthorized-calls", "unauthorized-calls", 3)
    groups_alarm = metric_alarm("security-group-changes", "security-group-changes")
    logins_alarm = metric_alarm("failed-logins", "failed-logins", 3)
    waiting = replace(metric_alarm("queue-age", "queue-age"), treat_missing_data="missing")
    takeover = CompositeAlarm(
        alarm_name="account-takeover",
        alarm_rule="ALARM(root-usage) AND ALARM(unauthorized-calls)",
        alarm_actions=(TOPIC,),
    )
    child = (
        f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:{{}} transitioned to {{}} at "
        "Monday 04 March, 2024 {} UTC"
    )
    start = change(1, "INSUFFICIENT_DATA", "OK", initial=True)
    root_run = (
        start,
        change(62, "OK", "ALARM", root_events[:1]),
        change(63, "ALARM", "OK"),
        change(64, "OK", "ALARM", root_events),
        change(130, "ALARM", "OK"),
        change(1502, "OK", "ALARM", later),
        change(1507, "ALARM", "OK"),
    )
    takeover_run = (
        start,
        change(
            121,
            "OK",
            "ALARM",
            [*root_events, *calls[:4]],
            reason=child.format("unauthorized-calls", "ALARM", "10:01:00"),
        ),
        change(128, "ALARM", "OK", reason=child.format("unauthorized-calls", "OK", "10:08:00")),
    )
    stack = Stack(
        name="security",
        source="templates/security.yaml",
        log_groups=(LogGroup("cloudtrail", 365),),
        metric_filters=filters,
        alarms=(
            *(root_alarm, denied_alarm, groups_alarm, logins_alarm, waiting),
            *(metric_alarm(name, name) for name in _QUIET),
        ),
        composite_alarms=(takeover,),
        topics=(Topic("alerts", TOPIC),),
        not_run=(
            NotRun(
                "Responder",
                "AWS::Lambda::Function",
                "functions are not run",
                Location("templates/security.yaml", 210, 3, "Resources.Responder"),
            ),
            NotRun(
                "Cleaner",
                "AWS::Lambda::Function",
                "functions are not run",
                Location("templates/security.yaml", 260, 3, "Resources.Cleaner"),
            ),
        ),
        notes=(
            Note(
                "unwatched-metric",
                "no alarm watches the metric SecurityMetrics/bucket-policy-changes",
                Location("templates/security.yaml", 88, 5, "Resources.BucketFilter"),
            ),
        ),
        region="eu-west-1",
        account=ACCOUNT,
    )
    matched = {"root-usage": [*root_events, *later], "unauthorized-calls": calls}
    matched |= {"security-group-changes": opened, "failed-logins": failed}
    matched["bucket-policy-changes"] = policies
    return Outcome(
        stack=stack,
        clock="event",
        input=summary(
            gaps=(
                Gap(START + timedelta(hours=20), START + timedelta(hours=23, minutes=12)),
                Gap(START + timedelta(hours=40), START + timedelta(hours=41, minutes=5)),
            ),
            problems=(
                Problem(
                    "logs/2024/03/04/0815.json.gz",
                    "truncated-gzip",
                    "the compressed data ends early; 214 records before that were used",
                    "copy the file again from its bucket",
                ),
                Problem(
                    "logs/2024/03/04/0915.json.gz",
                    "bad-record",
                    "a record is not valid JSON",
                    "look at the record; the others of the file were used",
                    line=1,
                    column=88_412,
                    key="Records[17]",
                    count=3,
                ),
            ),
            skipped={"digest": 48, "insight": 2},
        ),
        filters=tuple(filter_outcome(one, matched.get(one.filter_name, ())) for one in filters),
        alarms=(
            alarm_outcome(root_alarm, root_run, ["root-usage"]),
            alarm_outcome(
                denied_alarm,
                (start, change(121, "OK", "ALARM", calls[:4]), change(128, "ALARM", "OK")),
                ["unauthorized-calls"],
            ),
            alarm_outcome(
                groups_alarm,
                (start, change(3001, "OK", "ALARM", opened)),
                ["security-group-changes"],
            ),
            alarm_outcome(logins_alarm, (start,), ["failed-logins"]),
            alarm_outcome(waiting, (), (), "INSUFFICIENT_DATA"),
            *(alarm_outcome(metric_alarm(name, name), (start,), [name]) for name in _QUIET),
            alarm_outcome(takeover, takeover_run),
        ),
        seconds=1.934,
    )


def empty_outcome() -> Outcome:
    """A stack over an archive without a single record."""
    one = metric_filter("root-usage", '{ $.userIdentity.type = "Root" }')
    alarm = replace(metric_alarm("root-usage", "root-usage"), treat_missing_data=None)
    return Outcome(
        stack=Stack("small", "small.yaml", metric_filters=(one,), alarms=(alarm,)),
        clock="event",
        input=InputSummary(
            sources=("nothing-here",),
            files=0,
            events=0,
            duplicates=0,
            bytes=0,
            bytes_read=0,
            first_event=None,
            last_event=None,
            silent_minutes=0,
            gaps=(),
            problems=(),
            skipped={},
        ),
        filters=(filter_outcome(one),),
        alarms=(alarm_outcome(alarm, (), ["root-usage"], "INSUFFICIENT_DATA"),),
    )


def busy_outcome(incidents: int = 300) -> Outcome:
    """Hundreds of incidents, principals, problems and gaps; more matches than sampled events."""
    names = [f"busy-{number:02d}" for number in range(25)]
    filters = [metric_filter(name, f'{{ $.eventName = "Put{name[5:]}*" }}') for name in names]
    alarms = [metric_alarm(name, name) for name in names]
    runs = []
    matched: dict[str, list[Event]] = {}
    for number, (name, alarm) in enumerate(zip(names, alarms, strict=True)):
        run: list[Transition] = []
        for index in range(incidents if number < 3 else number % 4):
            at = 60 * index + number
            events = [
                event(at - 3 + k / 8, f"Put{k}Thing", f"user/worker-{(index + k) % 97}", number=k)
                for k in range(8)
            ]
            matched.setdefault(name, []).extend(events)
            run.append(change(at, "OK", "ALARM", events, count=400 + index))
            run.append(change(at + 20, "ALARM", "OK"))
        runs.append(alarm_outcome(alarm, run, [name]))
    problems = [
        Problem(
            f"logs/{index:05d}.json.gz",
            f"code-{index % 14}",
            f"what is wrong, case {index % 14}",
            f"how to mend it, case {index % 14}",
        )
        for index in range(500)
    ]
    gaps = [Gap(START + i * 90 * MINUTE, START + (i * 90 + 75) * MINUTE) for i in range(200)]
    return Outcome(
        stack=Stack(
            "busy",
            "busy.yaml",
            metric_filters=tuple(filters),
            alarms=tuple(alarms),
            notes=tuple(Note(f"note-{i}", f"remark number {i}") for i in range(40)),
            not_run=tuple(
                NotRun(f"Thing{i}", f"AWS::Some::Type{i % 17}", "it is not run", Location("b", i))
                for i in range(80)
            ),
        ),
        clock="delivery",
        input=summary(
            problems=tuple(problems),
            gaps=tuple(gaps),
            sources=tuple(f"s3://bucket/prefix-{i}" for i in range(30)),
            last_event=START + timedelta(days=13),
        ),
        filters=tuple(filter_outcome(one, matched.get(one.filter_name, ())) for one in filters),
        alarms=tuple(runs),
        since=START - timedelta(hours=8),
        until=START + timedelta(days=30),
        seconds=64.2,
    )
