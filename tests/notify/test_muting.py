"""What is not told, and above all what is told all the same."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.announcements import announcement, event
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.outcome import PrincipalCount
from trailwarden.notify.muting import is_in_window, muted_by
from trailwarden.settings import Mute

NOON = datetime(2025, 5, 2, 12, tzinfo=UTC)  # a Friday
SANDBOX, PRODUCTION = "222233334444", "111122223333"
ROTATOR = f"role/rotator/nightly ({SANDBOX})"


def is_muted(told: Announcement, now: datetime = NOON, **matchers: object) -> bool:
    return muted_by(told, [Mute(**matchers)], now=now) is not None  # type: ignore[arg-type]


def by(*principals: str, count: int | None = None, accounts: tuple[str, ...] = ()) -> Announcement:
    """An alarm with one event in each account; each principal counts once."""
    return announcement(
        tuple(event(n, account=account) for n, account in enumerate(accounts)),
        principals=tuple(PrincipalCount(name, 1) for name in principals),
        count=len(principals) if count is None else count,
    )


def test_all_matchers_must_match() -> None:
    told = announcement()
    assert is_muted(told, alarm="root-*", state="ALARM", principal="Root", account="1111*")
    assert not is_muted(told, alarm="other")
    assert not is_muted(told, alarm="ROOT-*")
    assert not is_muted(told, alarm="root-*", state="OK")
    assert not is_muted(told, alarm="root-*", principal="user/*")
    assert not is_muted(told, alarm="root-*", account="2*")
    assert not is_muted(told, alarm="root-*", days=frozenset({0}))


def test_the_first_mute_that_holds_is_the_reason() -> None:
    mutes = [Mute("one", alarm="x"), Mute("two", alarm="root-*"), Mute("three", alarm="*")]
    found = muted_by(announcement(), mutes, now=NOON)
    assert found is not None
    assert found.reason == "two"


def test_a_stranger_among_the_principals_is_told() -> None:
    assert is_muted(by(ROTATOR, ROTATOR), principal="role/rotator/*")
    assert not is_muted(by(ROTATOR, "user/mallory"), principal="role/rotator/*")
    assert not is_muted(by(ROTATOR, count=2), principal="role/rotator/*")
    assert not is_muted(by(), principal="*")


def test_line_breaks_in_a_name_do_not_hide_it() -> None:
    assert not is_muted(by("user/mallory\nrole/rotator/x"), principal="role/rotator/*")
    assert is_muted(by("role/rotator/x\ny"), principal="role/rotator/*")


def test_an_event_in_another_account_is_told() -> None:
    assert is_muted(by(ROTATOR, accounts=(SANDBOX,)), account=SANDBOX)
    assert not is_muted(by(ROTATOR, ROTATOR, accounts=(SANDBOX, PRODUCTION)), account=SANDBOX)
    assert not is_muted(by(), account="*")


def test_noise_in_a_muted_account_hides_nobody_behind_it() -> None:
    """The events are samples: the attacker's own may not be among them."""
    mallory = f"user/mallory ({PRODUCTION})"
    assert is_muted(by(ROTATOR, ROTATOR, accounts=(SANDBOX,)), account=SANDBOX)
    assert not is_muted(by(ROTATOR, mallory, accounts=(SANDBOX,)), account=SANDBOX)
    assert not is_muted(by(ROTATOR, "service/ec2", accounts=(SANDBOX,)), account=SANDBOX)
    assert not is_muted(by(ROTATOR, count=2, accounts=(SANDBOX,)), account=SANDBOX)
    forged = f"user/({SANDBOX}) ({PRODUCTION})"
    assert not is_muted(by(ROTATOR, forged, accounts=(SANDBOX,)), account=SANDBOX)


def test_tests_are_always_told() -> None:
    assert not is_muted(announcement(kind="test"), alarm="*")
    assert is_muted(announcement(kind="late-match"), alarm="*")
    assert is_muted(announcement(kind="repeat"), alarm="*")


# --- times -----------------------------------------------------------------------------------
FRIDAY, SATURDAY = frozenset({4}), frozenset({5})
NIGHT = {"start": time(22), "end": time(6)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mute", "now", "expected"),
    [
        (Mute(start=time(9), end=time(17)), at(2, 9), True),
        (Mute(start=time(9), end=time(17)), at(2, 16, 59), True),
        (Mute(start=time(9), end=time(17)), at(2, 17), False),
        (Mute(start=time(9), end=time(17)), at(2, 8, 59), False),
        (Mute(**NIGHT), at(2, 21, 59), False),
        (Mute(**NIGHT), at(2, 22), True),
        (Mute(**NIGHT), at(3, 0), True),
        (Mute(**NIGHT), at(3, 5, 59), True),
        (Mute(**NIGHT), at(3, 6), False),
        (Mute(days=FRIDAY), at(2, 0), True),
        (Mute(days=FRIDAY), at(3, 0), False),
        (Mute(days=FRIDAY, **NIGHT), at(2, 3), False),  # the night of Thursday
        (Mute(days=FRIDAY, **NIGHT), at(2, 23), True),
        (Mute(days=FRIDAY, **NIGHT), at(3, 3), True),  # still the night of Friday
        (Mute(days=SATURDAY, **NIGHT), at(3, 3), False),
        (Mute(start=time(22), end=time(0)), at(2, 23, 59), True),
        (Mute(start=time(22), end=time(0)), at(3, 0), False),
    ],
)
def test_windows(mute: Mute, now: datetime, expected: bool) -> None:
    assert is_in_window(mute, now) is expected


def test_times_are_in_utc_whatever_the_clock_says() -> None:
    berlin = timezone(timedelta(hours=2))
    mute = Mute(days=FRIDAY, start=time(22), end=time(23))
    assert is_in_window(mute, datetime(2025, 5, 3, 0, 30, tzinfo=berlin))


@given(st.times(), st.times(), st.datetimes(timezones=st.just(UTC)))
def test_a_window_and_its_opposite_are_all_day(start: time, end: time, now: datetime) -> None:
    if start != end:
        inside = is_in_window(Mute(start=start, end=end), now)
        assert inside is not is_in_window(Mute(start=end, end=start), now)
