from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import (
    Window,
    delivery_minute,
    is_day_folder,
    is_in_layout,
    special_kind,
)

ACCOUNT = "AWSLogs/111122223333"
NAME = "111122223333_CloudTrail_us-east-1_20240501T1205Z_AbCdEfGh01234567.json.gz"


@pytest.mark.parametrize(
    ("name", "minute"),
    [
        (NAME, datetime(2024, 5, 1, 12, 5, tzinfo=UTC)),
        (
            "111122223333_CloudTrail_us-gov-west-1_20240229T2359Z_x.json",
            datetime(2024, 2, 29, 23, 59, tzinfo=UTC),
        ),
        (
            "111122223333_CloudTrail-Digest_us-east-1_my_trail_us-east-1_20240501T1205Z.json.gz",
            datetime(2024, 5, 1, 12, 5, tzinfo=UTC),
        ),
        ("111122223333_CloudTrail_us-east-1_20240230T1205Z_x.json.gz", None),
        ("111122223333_CloudTrail_us-east-1_99991231T2359Z_x.json.gz", None),
        ("111122223333_vpcflowlogs_us-east-1_fl-1_20240501T1205Z_x.log.gz", None),
        ("records.json.gz", None),
        ("", None),
    ],
)
def test_a_file_name_tells_the_minute_of_delivery(name: str, minute: datetime | None) -> None:
    assert delivery_minute(name) == minute


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"{ACCOUNT}/CloudTrail/us-east-1/2024/05/01/{NAME}", ""),
        (f"p/q/AWSLogs/o-abc123/111122223333/CloudTrail/us-east-1/2024/05/01/{NAME}", ""),
        (f"{ACCOUNT}/CloudTrail-NetworkActivity/us-east-1/2024/05/01/{NAME}", ""),
        (f"{ACCOUNT}/CloudTrail-Digest/us-east-1/2024/05/01/x.json.gz", "digest"),
        (f"{ACCOUNT}/CloudTrail-Insight/us-east-1/2024/05/01/x.json.gz", "insight"),
        (f"{ACCOUNT}/CloudTrail-Aggregated/us-east-1/2024/05/01/x.json.gz", "aggregated"),
        ("flat/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20240501T1205Z.json.gz",
         "digest"),
        ("111122223333_CloudTrail-Insight_us-east-1_20240501T1205Z_x.json.gz", "insight"),
        (f"{ACCOUNT}/Config/us-east-1/2024/5/1/x.json.gz", "other-service"),
        (f"{ACCOUNT}/elasticloadbalancing/us-east-1/2024/05/01/x.log.gz", "other-service"),
        ("CloudTrail-Digest-notes/x.json", ""),
    ],
)  # fmt: skip
def test_files_without_records_are_known_by_their_path(path: str, kind: str) -> None:
    assert special_kind(path) == kind
    assert kind_of_name(path) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.json", ""),
        ("A.JSON.GZ", ""),
        ("a.jsonl", ""),
        ("a.ndjson.zst", ""),
        ("a.log", ""),
        ("a.log.3", ""),
        ("a.log.3.gz", ""),
        ("000000.gz", ""),
        ("stream-1-2024-05-01-12-00-00-0a1b2c3d", ""),
        ("README", "other"),
        ("README.md", "other"),
        ("notes.txt", "other"),
        ("notes.txt.gz", "other"),
        ("a.json.bz2", ""),
        ("a.log.1.xz", ""),
        ("logs.tar.gz", ""),
        ("logs.tgz", ""),
        ("logs.zip", ""),
        ("table.csv.gz", "other"),
        ("AWSLogs/111122223333/CloudTrail-Lake/Query/2024/05/01/q/result_1.csv.gz", ""),
        ("AWSLogs/111122223333/CloudTrail-Lake/Query/2024/05/01/q/result_sign.json", "other"),
        ("a.json.tmp", "other"),
        ("picture.png", "other"),
        ("a.parquet", ""),
        ("a.snappy.parquet", ""),
        (".DS_Store", "hidden"),
        (".a.json", "hidden"),
    ],
)
def test_what_cannot_be_a_log_is_known_by_its_name(name: str, kind: str) -> None:
    assert kind_of_name(f"folder/{name}") == kind


def window(since: str = "", until: str = "") -> Window:
    return Window.of(
        datetime.fromisoformat(since) if since else None,
        datetime.fromisoformat(until) if until else None,
    )


@pytest.mark.parametrize(
    ("folder", "is_taken"),
    [
        ("2024/05/10/", False),
        ("2024/05/11/", True),  # a day before: clocks differ
        ("2024/05/12/", True),
        ("2024/05/14/", True),
        ("2024/05/16/", True),  # two days after: delivery takes its time
        ("2024/05/17/", False),
        ("2024/05/", True),
        ("2024/04/", False),
        ("2024/06/", False),
        ("2024/", True),
        ("2023/", False),
        ("2025/", False),
        ("2024/13/", True),  # no date, so not CloudTrail's
        ("0000/", True),
        ("2024/05/99/", True),
        ("", True),
    ],
)
def test_whole_days_are_pruned_with_a_margin(folder: str, is_taken: bool) -> None:
    interval = window("2024-05-12T00:00:00Z", "2024-05-14T12:00:00Z")
    for service in ("CloudTrail", "CloudTrail-Digest"):
        path = f"prefix/{ACCOUNT}/{service}/us-east-1/{folder}"
        assert interval.takes_folder(path) is is_taken


def test_days_elsewhere_are_not_pruned() -> None:
    interval = window("2024-05-12T00:00:00Z")
    assert interval.takes_folder("firehose/2020/01/01/")
    assert interval.takes_folder(f"{ACCOUNT}/elasticloadbalancing/us-east-1/2020/01/01/")


def test_files_are_pruned_by_their_minute_of_delivery() -> None:
    interval = window("2024-05-12T00:00:00Z", "2024-05-14T00:00:00Z")
    assert not interval.takes_file(datetime(2024, 5, 10, 23, 59, tzinfo=UTC))
    assert interval.takes_file(datetime(2024, 5, 11, 0, 0, tzinfo=UTC))
    assert interval.takes_file(datetime(2024, 5, 16, 23, 59, tzinfo=UTC))
    assert not interval.takes_file(datetime(2024, 5, 17, 0, 0, tzinfo=UTC))
    assert interval.takes_file(None)


def test_an_offset_is_heeded_and_extreme_times_are_harmless() -> None:
    assert window("2024-05-12T00:30:00+02:00").first == date(2024, 5, 10)
    assert window("0001-01-01T00:00:00Z").first == date.min
    assert window("", "9999-12-31T00:00:00Z").last == date.max
    assert window().is_open


def test_the_layout_is_followed_from_its_root_to_a_day() -> None:
    day = "p/AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2024/05/01/"
    parts = day.split("/")[:-1]
    folders = ["/".join(parts[: end + 1]) + "/" for end in range(len(parts))]
    assert [is_in_layout(folder) for folder in folders] == [False] + [True] * 8
    assert [is_day_folder(folder) for folder in folders] == [False] * 8 + [True]
    assert not is_in_layout(f"{ACCOUNT}/Config/us-east-1/")
