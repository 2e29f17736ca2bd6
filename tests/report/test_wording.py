from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.parts import metric_alarm
from trailwarden.alarms.model import CompositeAlarm
from trailwarden.report.wording import condition, duration, names, number, repeated, size, who, whos


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.0453, "45 ms"),
        (0.9996, "1.0 s"),
        (1.934, "1.9 s"),
        (59, "59 s"),
        (59.97, "1 min"),
        (60, "1 min"),
        (64.2, "1 min 4 s"),
        (3600, "1 h"),
        (3_601, "1 h"),
        (11_520, "3 h 12 min"),
        (86_400 + 60, "1 d"),
        (86_400 * 2_000 + 7_200, "2,000 d 2 h"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB"),
        (50_433_106, "48.1 MiB"),
        (3 * 2**40, "3.0 TiB"),
    ],
)
def test_size(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-3, "-3"), (0.5, "0.5"), (1e300, "1e+300")]
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_repeated() -> None:
    assert [repeated(count) for count in (1, 2, 3000)] == ["", " ×2", " ×3,000"]


def test_names() -> None:
    assert names(["a", "b"], 2) == "a, b"
    assert names(["a", "b", "c\x1b"], 2) == "a, b and 1 more"
    assert names(["c\x1b[0m"], 2) == "c\\x1b[0m"


def test_who_keeps_the_account_of_a_long_name() -> None:
    assert who("user/alice (111122223333)") == "user/alice (111122223333)"
    assert who(f"role/{'r' * 64}/{'s' * 64} (111122223333)", 60) == (
        f"role/{'r' * 34}…sssss (111122223333)"
    )
    assert who("\x1b[2J") == "\\x1b[2J"
    assert who("") == "somebody unknown"


def test_whos() -> None:
    assert whos(["user/a", "user/b", "user/c"], 2) == "user/a, user/b and 1 more"


ALARM = metric_alarm("a", "m", 3)


@pytest.mark.parametrize(
    ("alarm", "text"),
    [
        (ALARM, "Sum of SecurityMetrics/m ≥ 3 in 5 min; missing data do not breach"),
        (
            replace(ALARM, evaluation_periods=3, datapoints_to_alarm=2, treat_missing_data=None),
            "Sum of SecurityMetrics/m ≥ 3 in 2 of 3 periods of 5 min",
        ),
        (
            replace(ALARM, evaluation_periods=2, treat_missing_data="breaching"),
            "Sum of SecurityMetrics/m ≥ 3 in 2 periods of 5 min in a row; missing data breach",
        ),
        (
            replace(
                ALARM,
                statistic=None,
                extended_statistic="p99",
                dimensions=(("Service", "iam"),),
                comparison_operator="LessThanThreshold",
                threshold=0.5,
                period=10,
                treat_missing_data="ignore",
            ),
            "p99 of SecurityMetrics/m {Service=iam} < 0.5 in 10 s; missing data change nothing",
        ),
        (CompositeAlarm("c", "ALARM(a)\n  AND OK(b)"), "ALARM(a)\\n  AND OK(b)"),
    ],
)
def test_condition(alarm: object, text: str) -> None:
    assert condition(alarm) == text  # type: ignore[arg-type]
