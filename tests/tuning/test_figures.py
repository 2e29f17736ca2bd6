"""Every figure of a tuning is what a plain scan with the changed stack gives."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.records import alarm, metric_filter, record, stack
from tests.shared_data import INVICTUS, needs_shared_data
from tests.tuning.archives import (
    DAY,
    PATTERN,
    ROLE,
    assert_as_scanned,
    changed,
    fired,
    only,
    write,
)
from trailwarden.scan import ScanOptions, scan
from trailwarden.scan.tuning import tune
from trailwarden.stack import load
from trailwarden.tuning.target import Target


def random_records(dice: Random) -> list[dict[str, Any]]:
    """Some callers, some calls, at any time of twelve days, often close together."""
    callers = (
        ROLE,
        Target("role", ROLE.value + "er"),
        Target("service", "config.amazonaws.com"),
        Target("user", 'arn:aws:iam::111122223333:user/o"brien'),
        Target("user", "arn:aws:iam::111122223333:user/a&&b||c"),
    )
    records = []
    for number in range(dice.randrange(40, 160)):
        minute = dice.randrange(12) * DAY + dice.choice((0, 60, 200)) + dice.randrange(15)
        name = dice.choice(("StopLogging", "UpdateTrail", "DescribeTrails"))
        ip = f"192.0.2.{dice.randrange(3)}"
        fields: dict[str, Any] = {"sourceIPAddress": ip}
        if dice.random() < 0.1:
            fields |= {"eventName": dice.choice((None, 7, ["StopLogging"]))}
        if dice.random() < 0.1:
            fields |= {"userIdentity": dice.choice((None, {}, {"type": "Root"}))}
            records.append(record(name, minute, number=number) | fields)
        else:
            records.append(dice.choice(callers).put_into(record(name, minute, number=number)))
            records[-1] |= {key: fields[key] for key in fields if key != "sourceIPAddress"}
    return records


@pytest.mark.parametrize("seed", range(6))
def test_any_archive(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.tuning.candidates.objection", lambda *_: "")
    dice = Random(seed)
    write(tmp_path, random_records(dice), 50)
    noisy_one = alarm(
        threshold=dice.choice((0.0, 1.0, 3.0)),
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=2,
        datapoints_to_alarm=dice.choice((1, 2)),
    )
    filters = [metric_filter(PATTERN, default=dice.choice((None, 0.0)))]
    filters.append(metric_filter("{ $.eventName = Upd* }", name="updates"))
    source = stack(filters, [noisy_one])
    tuning = tune(source, [str(tmp_path)], ScanOptions(processes=1), alarms=["stopped"])
    assert assert_as_scanned(source, tmp_path, tuning) > 1


@needs_shared_data
def test_real_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody in an hour of attacks may be left out; for the figures, let everybody be.
    monkeypatch.setattr("trailwarden.tuning.candidates.objection", lambda *_: "")
    names = ("cis-iam-policy-changes", "cis-unauthorized-api-calls")
    source = load("cis")
    tuning = tune(source, [str(INVICTUS)], alarms=names)
    assert any(one.exclusions for one in tuning.alarms)
    assert assert_as_scanned(source, INVICTUS, tuning) > 8


def test_a_simulated_month(tmp_path: Path) -> None:
    from trailwarden.simulate import Plan, write_archive

    write_archive(Plan(days=28, events_per_day=10, accounts=1, regions=1), tmp_path)
    source, name = load("cis"), "cis-iam-policy-changes"
    tuning = tune(source, [str(tmp_path)], ScanOptions(processes=1), alarms=[name])
    (exclusion,) = only(tuning).exclusions
    assert exclusion.target.value.endswith(":role/terraform-ci")
    assert exclusion.events == ("CreatePolicyVersion", "DeletePolicyVersion")
    after = changed(source, exclusion.filter, exclusion.pattern)
    outcome = scan(after, [str(tmp_path)], ScanOptions(processes=1))
    assert fired(outcome, name) == exclusion.fired > 0
    refused = " ".join(refusal.reason for refusal in only(tuning).refusals)
    assert "failed to sign in" in refused  # the attacker's user
