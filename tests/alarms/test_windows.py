"""Wall clock windows in zones whose clocks do odd things (rule E-5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.alarms.naive import is_edge
from trailwarden.alarms import MetricAlarm, WallClockWindow
from trailwarden.alarms.windows import parse_time_zone, windows_of

# Around a change of clocks: by an hour, by half an hour, at midnight, by a whole day.
_CHANGES = (
    ("Europe/Berlin", "2023-03-26"),
    ("Europe/Berlin", "2023-10-29"),
    ("America/New_York", "2023-11-05"),
    ("Australia/Lord_Howe", "2023-04-02"),
    ("Australia/Lord_Howe", "2023-10-01"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2018-02-18"),
    ("Africa/Cairo", "2024-04-26"),
    ("Asia/Kathmandu", "2023-07-01"),
    ("Pacific/Apia", "2011-12-30"),
)


@pytest.mark.parametrize("period", [3600, 86_400, 604_800])
@pytest.mark.parametrize(("zone", "day"), _CHANGES)
def test_edges_are_where_the_clocks_say(zone: str, day: str, period: int) -> None:
    around = datetime.fromisoformat(day).replace(tzinfo=UTC)
    margin = timedelta(days=9 if period > 86_400 else 2)
    first = int((around - margin).timestamp()) // 60
    last = int((around + margin).timestamp()) // 60
    alarm = MetricAlarm(period=period, evaluation_window=WallClockWindow(zone))
    windows = windows_of(alarm, first)
    found = {windows.bucket(windows.position_of(minute))[0] for minute in range(first, last)}
    expected = {minute for minute in range(first, last) if is_edge(minute, period, zone)}
    assert {minute for minute in found if minute >= first} == expected


@pytest.mark.parametrize(("period", "in_minutes"), [(3600, 60), (86_400, 1440)])
def test_an_offset_with_seconds_gives_edges_at_whole_minutes(period: int, in_minutes: int) -> None:
    alarm = MetricAlarm(period=period, evaluation_window=WallClockWindow("Africa/Monrovia"))
    start = int(datetime(1971, 12, 1, tzinfo=UTC).timestamp()) // 60  # 44 minutes 30 behind UTC
    windows = windows_of(alarm, start)
    first = windows.position_of(start)
    edges = [windows.bucket(first + number)[0] for number in range(5)]
    assert [edge % in_minutes for edge in edges] == [45] * 5
    assert edges == list(range(edges[0], edges[0] + 5 * in_minutes, in_minutes))


def test_a_bucket_is_seen_when_it_is_complete() -> None:
    alarm = MetricAlarm(period=86_400, evaluation_window=WallClockWindow("+05:30"))
    start = int(datetime(2024, 1, 10, 12, tzinfo=UTC).timestamp()) // 60
    windows = windows_of(alarm, start)
    midnight = int(datetime(2024, 1, 10, 18, 30, tzinfo=UTC).timestamp()) // 60
    position = windows.position_of(start)
    assert windows.instant_of(position) == midnight
    assert windows.position_at(midnight) == position
    assert windows.position_at(midnight - 1) == position - 1


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("UTC", timedelta()),
        ("+05:30", timedelta(hours=5, minutes=30)),
        ("UTC-03:45", -timedelta(hours=3, minutes=45)),
        ("Asia/Kathmandu", timedelta(hours=5, minutes=45)),
    ],
)
def test_time_zones(text: str, offset: timedelta) -> None:
    assert datetime(2024, 1, 1, tzinfo=parse_time_zone(text)).utcoffset() == offset


@pytest.mark.parametrize(
    "text", ["", "Mars/Olympus", "+05:31", "+19:00", "../etc/passwd", "Europe"]
)
def test_no_time_zones(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_time_zone(text)


def test_offsets_are_no_names() -> None:
    assert isinstance(parse_time_zone("-00:05"), timezone)
