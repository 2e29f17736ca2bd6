"""How long a bucket keeps log files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trailwarden.stack import load
from trailwarden.stack.costs import Choice, Volume, bill_of
from trailwarden.stack.lifecycles import days_kept
from trailwarden.stack.prices import list_prices

TEMPLATE = """\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
{properties}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {{IsLogging: true, S3BucketName: !Ref Bucket, S3KeyPrefix: audit}}
"""
VERSIONED = "      VersioningConfiguration: {Status: Enabled}\n"
LATER = "NoncurrentVersionExpiration: {NoncurrentDays: 5}"


def rules(*texts: str) -> str:
    lines = "".join(f"          - {{Status: Enabled, {text}}}\n" for text in texts)
    return f"      LifecycleConfiguration:\n        Rules:\n{lines}"


@pytest.mark.parametrize(
    ("properties", "days"),
    [
        (rules("ExpirationInDays: 60"), 60),
        (rules("ExpirationInDays: 60", "ExpirationInDays: 7, Prefix: audit/"), 7),
        (rules("ExpirationInDays: 7, Prefix: audit/AWSLogs/111122223333/CloudTrail/"), 7),
        (rules("ExpirationInDays: 7, Prefix: audit/AWSLogs/111122223333/CloudTrail/eu-"), None),
        (rules("ExpirationInDays: 7, Prefix: other/"), None),
        (rules("ExpirationInDays: 7, TagFilters: [{Key: a, Value: b}]"), None),
        (rules("ExpirationInDays: 7").replace("Enabled", "Disabled"), None),
        (rules("ExpirationDate: '2025-01-31T00:00:00Z'"), 0),
        (rules("ExpirationDate: '2025-03-01'", "ExpirationInDays: 9"), 9),
        (VERSIONED + rules("ExpirationInDays: 7"), None),
        (VERSIONED + rules(f"ExpirationInDays: 7, {LATER}"), 12),
        (VERSIONED + rules("ExpirationInDays: 7, NoncurrentVersionExpirationInDays: 3"), 10),
        ("      BucketName: logs", None),
        ("      LifecycleConfiguration: {Rules: odd}", None),
    ],
)
def test_days(tmp_path: Path, properties: str, days: int | None) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(TEMPLATE.format(properties=properties))
    stack = load(str(path))
    (trail,) = stack.trails
    today = date(2025, 2, 1)
    assert days_kept(stack, trail, today) == days
    volume = Volume(stored_bytes=1024**3)
    items = {
        one.key: one.quantity
        for one in bill_of(stack, volume, list_prices(), Choice(months=12, today=today)).items
    }
    assert items.get("s3-storage", 0) == pytest.approx(12 if days is None else days / 30)


def test_a_second_trail_that_the_stack_does_not_hold_keeps_all(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(TEMPLATE.format(properties=rules("ExpirationInDays: 60")))
    choice = Choice(trails=2, months=12)
    bill = bill_of(load(str(path)), Volume(stored_bytes=1024**3), list_prices(), choice)
    (kept,) = (one.quantity for one in bill.items if one.key == "s3-storage")
    assert kept == pytest.approx(2 + 12)
    assert any("after 60 days" in text for text in bill.assumptions)


def test_storage_classes_are_told(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    moved = "Transitions: [{StorageClass: GLACIER, TransitionInDays: 30}]"
    path.write_text(TEMPLATE.format(properties=rules(moved)))
    bill = bill_of(load(str(path)), Volume(stored_bytes=1), list_prices())
    assert any("S3 Standard" in text for text in bill.assumptions)
