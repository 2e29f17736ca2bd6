"""Which announcements make one message, and when it is due. Pure: no clock, no channel.

A group opens with its first member and is due ``group_wait`` seconds later; what has the same
values of ``group_by`` joins until then. Who is in a group follows from the order and the times of
the announcements alone, so that a message tried again after a crash is the same one, with the
same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from trailwarden.monitor.announcement import Announcement
from trailwarden.settings import ChannelSettings

MOST = 100  # announcements of one message: more would not be read

_SET_BACK = timedelta(minutes=1)
_Key = tuple[object, ...]


class Pending(Protocol):
    """An announcement that waits for a channel since ``created`` (UTC)."""

    @property
    def announcement(self) -> Announcement: ...
    @property
    def topic(self) -> str: ...
    @property
    def created(self) -> datetime: ...


_P = TypeVar("_P", bound=Pending)


@dataclass(slots=True)
class Group(Generic[_P]):
    """Announcements for one message, in their order; to be sent at ``due`` (UTC) or later."""

    due: datetime
    members: list[_P] = field(default_factory=list)

    @property
    def topic(self) -> str:
        """The topic of all members."""
        return self.members[0].topic


def due_groups(pending: Sequence[_P], settings: ChannelSettings, now: datetime) -> list[Group[_P]]:
    """The groups to send now, in the order to send them.

    ``pending`` is all that waits for the channel, in the order it came.
    """
    return [group for group in groups_of(pending, settings) if _is_due(group, now)]


def next_due(pending: Sequence[_P], settings: ChannelSettings, now: datetime) -> datetime | None:
    """When a group that is not due at ``now`` will be; None if there is none."""
    waiting = (group.due for group in groups_of(pending, settings) if not _is_due(group, now))
    return next(waiting, None)


def groups_of(pending: Sequence[_P], settings: ChannelSettings) -> list[Group[_P]]:
    """All groups, those that are due first in front."""
    wait = timedelta(seconds=settings.group_wait)
    groups: list[Group[_P]] = []
    opened: dict[_Key, int] = {}  # key → place of its newest group
    told: dict[_Key, int] = {}  # alarm and topic → place of the group that tells it last
    for one in pending:
        key, alarm = _key(one, settings), (one.announcement.alarm, one.topic)
        last = told.get(alarm)
        place = opened.get(key)
        if place is None or not _takes(groups, place, one, after=last):
            place = len(groups)
            due = one.created + wait
            # If the clock was set back: an alarm's OK must not overtake its ALARM.
            groups.append(Group(due if last is None else max(due, groups[last].due)))
        groups[place].members.append(one)
        opened[key] = told[alarm] = place
    return sorted(groups, key=lambda group: group.due)  # equals stay in their order


def _is_due(group: Group[_P], now: datetime) -> bool:
    """A group from the future is one from before the clock was set back: it waits no longer."""
    return group.due <= now or group.members[0].created - now > _SET_BACK


def _takes(groups: Sequence[Group[_P]], place: int, one: _P, *, after: int | None) -> bool:
    """Whether ``one`` may join the group at ``place``, not sent before the one at ``after``."""
    group = groups[place]
    if one.created >= group.due or len(group.members) >= MOST:
        return False
    return after is None or (groups[after].due, after) <= (group.due, place)


def _key(one: Pending, settings: ChannelSettings) -> _Key:
    announcement = one.announcement
    if settings.group_wait <= 0 or announcement.kind == "test":
        return (announcement.id, one.topic)  # alone
    return (one.topic, *(_value(announcement, what) for what in settings.group_by))


def _value(announcement: Announcement, what: str) -> object:
    told = announcement.transition
    match what:
        case "alarm":
            return announcement.alarm
        case "filter":
            return frozenset(announcement.filters)
        case "principal":
            return frozenset(one.principal for one in told.principals)
        case "account":
            return frozenset(event.account for event in told.events)
        case "state":
            return told.to_state
        case _:
            raise ValueError(f"cannot group by {what!r}")
