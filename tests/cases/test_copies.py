"""A record hides no other: only what is the same event is left out as a copy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.records import alarm, log_file, metric_filter, record, stack
from trailwarden.monitor.outcome import Outcome
from trailwarden.scan import ScanOptions, scan

STACK = stack([metric_filter()], [alarm()])


def run(folder: Path, *files: bytes, plain: bool = False) -> Outcome:
    for number, content in enumerate(files):
        (folder / f"{number}.json").write_bytes(content)
    return scan(STACK, [str(folder)], ScanOptions(plain=plain))


def twin(real: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**real, **changed}


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    "changed",
    [
        {"eventName": "DescribeTrails", "recipientAccountId": "444455556666"},
        {"eventTime": "2024-05-01T19:30:00Z", "eventName": "DescribeTrails"},
        {"userIdentity": {"type": "IAMUser", "userName": "nobody"}},
        {"awsRegion": "eu-south-2"},
    ],
)
def test_the_id_of_another_record_hides_nothing(
    tmp_path: Path, changed: dict[str, Any], plain: bool
) -> None:
    real = record("StopLogging", 3)
    outcome = run(tmp_path, log_file([twin(real, **changed)]), log_file([real]), plain=plain)
    assert outcome.input.duplicates == 0
    assert outcome.input.events == 2
    assert any(change.to_state == "ALARM" for change in outcome.alarms[0].transitions)
    assert [problem.code for problem in outcome.input.problems] == ["reused-event-id"]


@pytest.mark.parametrize("plain", [False, True])
def test_a_copy_in_another_packaging_is_a_copy(tmp_path: Path, plain: bool) -> None:
    real = record("StopLogging", 3)
    looked_up = {"Events": [{"CloudTrailEvent": json.dumps(real, indent=1, sort_keys=True)}]}
    outcome = run(tmp_path, log_file([real]), json.dumps(looked_up).encode(), plain=plain)
    assert (outcome.input.events, outcome.input.duplicates) == (1, 1)
    assert outcome.input.problems == ()
