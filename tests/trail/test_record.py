from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.trail import epoch_of_event_time, record

GETTERS = {
    "eventID": record.event_id,
    "eventName": record.event_name,
    "eventSource": record.event_source,
    "recipientAccountId": record.account,
    "awsRegion": record.region,
    "sourceIPAddress": record.source_ip,
    "userAgent": record.user_agent,
    "errorCode": record.error_code,
}


@pytest.mark.parametrize("name", GETTERS)
def test_a_text_field_is_read_and_nothing_else_is(name: str) -> None:
    assert GETTERS[name]({name: "x"}) == "x"
    for absurd in (None, 1, True, ["x"], {"x": "x"}):
        assert GETTERS[name]({name: absurd}) == ""
    assert GETTERS[name]({}) == ""


def test_the_account_may_be_the_callers() -> None:
    assert record.account({"userIdentity": {"accountId": "1"}}) == "1"
    assert record.account({"userIdentity": {"accountId": "1"}, "recipientAccountId": "2"}) == "2"
    assert record.account({"userIdentity": "absurd"}) == ""


@pytest.mark.parametrize(
    ("value", "answer"),
    [(True, True), (False, False), ("true", True), ("false", False), (None, None), (1, None),
     ("yes", None), ([], None)],
)  # fmt: skip
def test_read_only(value: object, answer: bool | None) -> None:
    assert record.read_only({"readOnly": value}) is answer


def test_the_event_time_is_utc() -> None:
    found = record.event_time({"eventTime": "2024-05-01T12:00:00+02:00"})
    assert found == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert found.tzinfo is UTC
    assert record.event_time({}) is None


NOON = 1714564800


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-05-01T12:00:00Z", NOON),
        ("2024-05-01T12:00:00.999Z", NOON),
        ("2024-05-01T12:00:00.123456789Z", NOON),
        ("2024-05-01T14:00:00+02:00", NOON),
        ("2024-05-01T14:00:00+0200", NOON),
        ("2024-05-01 12:00:00", NOON),
        ("2024-05-01t12:00:00z", None),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.5Z", None),
        ("2099-12-31T23:59:59.9Z", 4102444799),
        ("2100-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("2024-05-01", None),
        ("20240501T120000Z", None),
        ("2024-W18-3T12:00:00Z", None),
        ("2024-02-30T12:00:00Z", None),
        ("2024-05-01T12:00:61Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        (" 2024-05-01T12:00:00Z", None),
        ("2024-05-01T12:00:00Z\n", None),
        ("٢٠٢٤-05-01T12:00:00Z", None),
        ("", None),
        (NOON, None),
        (None, None),
        (["2024-05-01T12:00:00Z"], None),
    ],
)
def test_event_times(text: object, seconds: int | None) -> None:
    assert epoch_of_event_time(text) == seconds


@given(
    st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
        max_value=datetime(9998, 12, 31),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
    )
)
def test_event_times_agree_with_the_standard_library(instant: datetime) -> None:
    seconds = (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    is_plausible = 1970 <= instant.astimezone(UTC).year < 2100
    assert epoch_of_event_time(instant.isoformat()) == (seconds if is_plausible else None)


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_no_event_time_raises(value: Any) -> None:
    found = epoch_of_event_time(value)
    assert found is None or isinstance(found, int)
