"""Events on one line say the same as objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from trailwarden.errors import TrailwardenError
from trailwarden.scan.cases import read_cases


def records(folder: Path, *events: str) -> list[dict[str, Any]]:
    lines = "".join(f"    - {event}\n" for event in events)
    path = folder / "tests.yaml"
    path.write_text(
        f"stack: cis\ntests:\n- name: t\n  events:\n{lines}"
        "  expect: {matches: {cis-root-usage: 0}}\n"
    )
    [case] = read_cases(str(path)).cases
    return [json.loads(record) for record in case.records]


@pytest.mark.parametrize(
    ("line", "same"),
    [
        (
            "StopLogging at 00:02",
            '{at: "00:02", event: StopLogging, source: cloudtrail.amazonaws.com}',
        ),
        (
            '"ConsoleLogin(mfa: No, user: alice) at 00:02"',
            '{at: "00:02", event: ConsoleLogin, mfa: false, user: alice}',
        ),
        (
            "iam:CreatePolicy(role=Admin/bob, error=AccessDenied) at 2m",
            "{at: 2m, event: CreatePolicy, source: iam, role: Admin/bob, error: AccessDenied}",
        ),
        ("s3:ListBuckets(root) at 2m", "{at: 2m, event: ListBuckets, source: s3, root: true}"),
        (
            'logs:PutRetentionPolicy(requestParameters.retentionInDays=3, user="a, b") at 2m',
            "{at: 2m, event: PutRetentionPolicy, source: logs, user: 'a, b', "
            "fields: {requestParameters: {retentionInDays: 3}}}",
        ),
        (
            "{at: 2m, event: ec2:RunInstances(a.b=1), fields: {c: x}, user: eve}",
            "{at: 2m, event: RunInstances, source: ec2, user: eve, fields: {a: {b: 1}, c: x}}",
        ),
    ],
)
def test_a_line_is_an_object(tmp_path: Path, line: str, same: str) -> None:
    assert records(tmp_path, line) == records(tmp_path, same)


def test_a_list_of_names(tmp_path: Path) -> None:
    found = records(
        tmp_path, "{at: 2m, user: eve, event: [StopLogging, DisableKey(error=Denied), s3:Get]}"
    )
    assert [(one["eventName"], one["eventSource"].split(".")[0]) for one in found] == [
        ("StopLogging", "cloudtrail"),
        ("DisableKey", "kms"),
        ("Get", "s3"),
    ]
    assert {one["userIdentity"]["userName"] for one in found} == {"eve"}
    assert len({one["eventID"] for one in found}) == 3
    assert "errorCode" not in found[0]
    assert found[1]["errorCode"] == "Denied"


def test_a_file_comes_once(tmp_path: Path) -> None:
    with pytest.raises(TrailwardenError, match="times does not go with file"):
        records(tmp_path, "{file: tests.yaml, times: 2}")


def test_again_and_again(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        "DisableKey(times=3, every=20s) at 1m",
        "{at: 5m, times: 2, event: [DisableKey, StopLogging]}",
        "{at: 9m, times: 2, every: 1m, record: {eventName: X, eventTime: y}}",
        "{times: 2, record: {eventName: X, eventTime: '2025-01-01T00:00:00Z'}}",
    )
    assert [(one["eventName"], one["eventTime"][14:19]) for one in found] == [
        ("DisableKey", "01:00"),
        ("DisableKey", "01:20"),
        ("DisableKey", "01:40"),
        ("DisableKey", "05:00"),
        ("DisableKey", "05:00"),
        ("StopLogging", "05:00"),
        ("StopLogging", "05:00"),
        ("X", "09:00"),
        ("X", "10:00"),
        ("X", "00:00"),
        ("X", "00:00"),
    ]
    assert len({one["eventID"] for one in found}) == len(found)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("StopLogging", "the event has no time"),
        ("StopLogging at once", "'once' is no time after the start"),
        ("StopLogging (user=) at 2m", "nothing stands here"),
        ("StopLogging(usr=x) at 2m", "did you mean 'user'?"),
        ("StopLogging(user=x, user=y) at 2m", "user is said twice"),
        ("StopLogging(user=x y) z at 2m", "cannot be read as an event"),
        ('StopLogging(user="x) at 2m', "cannot be read as an event"),
        ("StopLogging(a.b=1, a.b.c=2) at 2m", "b is a value and an object"),
        ("CreatePolicy at 2m", "iam and organizations have an event of this name"),
        ("{at: 2m, event: StopLogging(at=3m)}", "the line and the key at say it both"),
        ("{at: 2m, event: StopLogging(a.b=1), fields: {a: 1}}", "say a both"),
        ("{at: 2m, event: []}", "the list names no event"),
        ("{at: 2m, event: [{}]}", "must be an event's name or line"),
        ("{at: 2m, event: [Foo, Bar]}", "the event has no source"),
        ("ConsoleLogin(mfa: No) at 00:02", "put the line in quotes"),
        ("StopLogging(times=0) at 2m", "0 times cannot be"),
        ("StopLogging(times=999999999, every=400d) at 2m", "write 1 to 10,000, within 400 days"),
        ("StopLogging(times=3, every=200d) at 2m", "3 times cannot be"),
        ("StopLogging(every=20s) at 2m", "every goes with times only"),
        ("{record: {}, user: bob}", "user does not go with record"),
        ("{at: 2m, times: 2, record: {eventID: x}}", "counts once"),
        ("{times: 2, every: 1m, record: {eventName: x}}", "every counts from at"),
        ("x" * 3000, "cannot be read as an event"),
        ("[StopLogging]", "must be an object"),
    ],
)
def test_mistakes(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(TrailwardenError) as caught:
        records(tmp_path, line)
    assert message in f"{caught.value}"
    assert "tests.yaml:5:" in str(caught.value)
    assert str(caught.value).count("cure:") == 1


def test_members_are_not_nested_without_end(tmp_path: Path) -> None:
    with pytest.raises(TrailwardenError, match="nested more than 100 deep"):
        records(tmp_path, f"StopLogging({'.'.join('a' * 900)}=1) at 1m")
