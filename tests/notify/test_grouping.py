"""Which announcements make one message, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.announcements import TIME, TOPIC, announcement, event
from trailwarden.monitor.announcement import Announcement
from trailwarden.notify.grouping import MOST, Group, due_groups, groups_of, next_due
from trailwarden.settings import ChannelSettings


@dataclass(frozen=True)
class Waiting:
    announcement: Announcement
    created: datetime
    topic: str = TOPIC


def seconds(number: float) -> datetime:
    return TIME + timedelta(seconds=number)


def channel(wait: float, *by: str) -> ChannelSettings:
    return ChannelSettings("pager", "stdout", {}, group_by=by or ("alarm",), group_wait=wait)


def waiting(id: str, at: float, alarm: str = "a", state: str = "ALARM") -> Waiting:  # noqa: A002
    old = "OK" if state == "ALARM" else "ALARM"
    told = announcement(id=id, alarm=alarm, states=(old, state))  # type: ignore[arg-type]
    return Waiting(told, seconds(at))


def shape(groups: list[Group[Waiting]]) -> list[str]:
    return ["".join(one.announcement.id for one in group.members) for group in groups]


def test_without_a_wait_each_is_alone_and_due_at_once() -> None:
    pending = [waiting("1", 0), waiting("2", 0), waiting("3", 5)]
    assert shape(due_groups(pending, channel(0), seconds(5))) == ["1", "2", "3"]
    assert next_due(pending, channel(0), seconds(5)) is None


def test_a_group_waits_for_its_first_member_only() -> None:
    pending = [waiting("1", 0), waiting("2", 29), waiting("3", 30), waiting("4", 40)]
    assert due_groups(pending, channel(30), seconds(29.9)) == []
    assert next_due(pending, channel(30), seconds(29.9)) == seconds(30)
    assert shape(due_groups(pending, channel(30), seconds(30))) == ["12"]
    assert next_due(pending, channel(30), seconds(30)) == seconds(60)
    assert shape(due_groups(pending, channel(30), seconds(999))) == ["12", "34"]


def test_another_alarm_is_another_group() -> None:
    pending = [waiting("1", 0, "a"), waiting("2", 1, "b"), waiting("3", 2, "a")]
    assert shape(due_groups(pending, channel(30), seconds(31))) == ["13", "2"]


def test_another_topic_is_another_group() -> None:
    pending = [waiting("1", 0), replace(waiting("1", 0), topic="other"), waiting("2", 1)]
    groups = due_groups(pending, channel(30), seconds(30))
    assert [(group.topic, shape([group])) for group in groups] == [
        (TOPIC, ["12"]),
        ("other", ["1"]),
    ]


@pytest.mark.parametrize(
    ("by", "change", "together"),
    [
        ("filter", {"filters": ("RootUse",), "alarm": "b"}, True),
        ("filter", {"filters": ("Other",)}, False),
        ("alarm", {"filters": ("Other",)}, True),
        ("principal", {"alarm": "b"}, True),
        ("account", {"alarm": "b"}, True),
        ("state", {"alarm": "b"}, True),
    ],
)
def test_what_a_group_has_in_common(by: str, change: dict[str, object], together: bool) -> None:
    one = waiting("1", 0)
    changed = replace(one.announcement, id="2", **change)  # type: ignore[arg-type]
    groups = due_groups([one, replace(one, announcement=changed)], channel(9, by), seconds(9))
    assert shape(groups) == (["12"] if together else ["1", "2"])


@pytest.mark.parametrize(("by", "field"), [("principal", "principal"), ("account", "account")])
def test_others_behind_it_are_another_group(by: str, field: str) -> None:
    one = Waiting(announcement((event(0),), id="1"), TIME)
    other = Waiting(announcement((event(0, **{field: "x"}),), id="2"), TIME)
    assert shape(due_groups([one, other], channel(9, by), seconds(9))) == ["1", "2"]


def test_grouping_by_nothing_puts_all_into_one_message() -> None:
    settings = replace(channel(30), group_by=())
    pending = [waiting("1", 0, "a"), waiting("2", 1, "b", "OK")]
    assert shape(due_groups(pending, settings, seconds(30))) == ["12"]


def test_a_test_is_alone() -> None:
    test = Waiting(announcement(id="t", kind="test", alarm="a"), seconds(1))
    assert shape(groups_of([waiting("1", 0), test, waiting("2", 2)], channel(30))) == [
        "1",
        "t",
        "2",
    ]


def test_an_ok_never_overtakes_its_alarm() -> None:
    """The group of b's OK opened first, but a's OK may not go with it."""
    pending = [
        waiting("1", 0, "b", "OK"),
        waiting("2", 10, "a", "ALARM"),
        waiting("3", 20, "a", "OK"),
        waiting("4", 25, "b", "OK"),
    ]
    groups = groups_of(pending, channel(30, "state"))
    assert [(shape([g])[0], g.due) for g in groups] == [
        ("1", seconds(30)),
        ("2", seconds(40)),
        ("34", seconds(50)),
    ]


def test_a_message_has_a_bound() -> None:
    pending = [waiting(f"{n};", 0) for n in range(MOST + 1)]
    first, second = due_groups(pending, channel(30), seconds(30))
    assert (len(first.members), len(second.members)) == (MOST, 1)


def test_a_clock_set_back_holds_nothing_up() -> None:
    pending = [waiting("1", 3600)]
    assert shape(due_groups(pending, channel(30), seconds(0))) == ["1"]
    assert next_due(pending, channel(30), seconds(0)) is None


def test_an_unknown_way_to_group_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        groups_of([waiting("1", 0)], channel(30, "colour"))


# --- whatever waits --------------------------------------------------------------------------
streams = st.lists(
    st.tuples(st.integers(-5, 20), st.sampled_from("abc"), st.sampled_from(["ALARM", "OK"])),
    max_size=30,
)


def made(stream: list[tuple[int, str, str]]) -> list[Waiting]:
    """Announcements in their order; negative steps are a clock that was set back."""
    at, found = 0, []
    for number, (step, alarm, state) in enumerate(stream):
        at += step
        found.append(waiting(f"{number};", at, alarm, state))
    return found


@given(streams, st.sampled_from([0.0, 15.0, 60.0]), st.sampled_from(["alarm", "state", "account"]))
def test_each_is_told_once_and_each_alarm_in_order(
    stream: list[tuple[int, str, str]], wait: float, by: str
) -> None:
    pending = made(stream)
    sent = [one for group in groups_of(pending, channel(wait, by)) for one in group.members]
    assert sorted(sent, key=pending.index) == pending
    for alarm in "abc":
        own = [one for one in sent if one.announcement.alarm == alarm]
        assert own == sorted(own, key=pending.index)


@given(streams, st.integers(0, 400), st.sampled_from(["alarm", "state"]))
def test_what_comes_later_changes_no_group_that_is_due(
    stream: list[tuple[int, str, str]], cut: int, by: str
) -> None:
    """A message tried again after a crash is the same one."""
    pending = made([(abs(step), alarm, state) for step, alarm, state in stream])
    now, settings = seconds(cut), channel(30, by)
    known = [one for one in pending if one.created <= now]
    before = shape(due_groups(known, settings, now))
    later = seconds(10_000)
    assert shape(due_groups(pending, settings, later))[: len(before)] == before


@given(streams, st.integers(0, 400))
def test_after_sending_what_is_due_the_rest_is_due_as_before(
    stream: list[tuple[int, str, str]], cut: int
) -> None:
    pending = made([(abs(step), alarm, state) for step, alarm, state in stream])
    now, settings = seconds(cut), channel(30)
    pending = [one for one in pending if one.created <= now]
    due = due_groups(pending, settings, now)
    gone = {id(one) for group in due for one in group.members}
    rest = [one for one in pending if id(one) not in gone]
    assert shape(groups_of(rest, settings)) == shape(groups_of(pending, settings))[len(due) :]
    assert next_due(pending, settings, now) == next_due(rest, settings, now)
