"""What has been told of a stretch in ALARM, so that whoever comes later is told, and told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from trailwarden.monitor.incidents import Behind
from trailwarden.monitor.outcome import PrincipalCount, Transition
from trailwarden.times import epoch_seconds
from trailwarden.trail.identity import role_of

PAUSE = timedelta(minutes=1)  # between two updates of one stretch: a storm is one message
MAX_NAMED = 100  # principals of one announcement
MAX_SESSIONS = 20  # of one role that are told one by one, in one stretch
MAX_KNOWN = 5_000  # principals, and event names, of one stretch; more are not told apart


class Stretch(msgspec.Struct):
    """A stretch in ALARM that was told, from ``start`` (a minute: the beginning of what fired it).

    ``end`` is the minute before which it ended, None where that is not known yet. ``folded`` are
    roles of which only the number of sessions is told. ``updated`` (UTC) is when somebody was
    added last.
    """

    time: datetime
    start: int
    end: int | None = None
    principals: set[str] = set()
    event_names: set[str] = set()
    folded: set[str] = set()
    updated: datetime | None = None
    seen: int = 0  # before this minute, all news have been told

    def is_news(self, principal: str, event_name: str) -> bool:
        """Whether a match by ``principal`` tells something that nobody was told yet."""
        if event_name not in self.event_names and len(self.event_names) < MAX_KNOWN:
            return True
        return (
            principal not in self.principals
            and len(self.principals) < MAX_KNOWN
            and role_of(principal) not in self.folded
        )

    def overlaps(self, other: Stretch) -> bool:
        """Whether they have a minute in common."""
        return (self.end is None or other.start < self.end) and (
            other.end is None or self.start < other.end
        )

    def name(self, principals: Iterable[PrincipalCount], event_names: Iterable[str]) -> None:
        """Note who and what is told now. Of ``principals``, MAX_NAMED are told one by one."""
        principals = list(principals)
        self.principals.update(one.principal for one in principals[:MAX_NAMED])
        self.event_names.update(event_names)
        roles = Counter(role_of(one) for one in self.principals)
        roles.update(role_of(one.principal) for one in principals[MAX_NAMED:])
        self.folded.update(role for role, count in roles.items() if count > MAX_SESSIONS)

    def place(self, changes: Iterable[Transition], decided: int) -> None:
        """Find the stretch in ``changes``, unless it ended before the minute ``decided``."""
        if self.end is not None and self.end <= decided:
            return
        began: int | None = None
        for change in changes:
            minute = epoch_seconds(change.time) // 60
            if change.to_state == "ALARM":
                began = epoch_seconds(change.since or change.time) // 60
            elif change.time > self.time:
                self.end = minute
                break
            else:
                began = None
        else:
            self.end = None
        if began is not None:
            self.start = min(self.start, began)

    def may_tell(self, now: datetime) -> bool:
        """Whether the last update is long enough ago (or in the future: the clock was set)."""
        return self.updated is None or not timedelta() <= now - self.updated < PAUSE


def one_of_each_role_first(
    principals: Iterable[PrincipalCount], strangers: Iterable[str] = ()
) -> tuple[PrincipalCount, ...]:
    """``principals`` so that sessions of one role hide nobody, and ``strangers`` come first."""
    foremost, seen = frozenset(strangers), set[str]()
    ranked: list[tuple[bool, bool, int]] = []
    listed = list(principals)
    for place, one in enumerate(listed):
        role = role_of(one.principal)
        ranked.append((role in seen, one.principal not in foremost, place))
        seen.add(role)
    return tuple(listed[place] for _, _, place in sorted(ranked))


def update_of(stretch: Stretch, news: Behind) -> Transition:
    """The ``news`` of ``stretch`` as an update of its incident."""
    reason = (
        f"{news.count:,} more matching records while in ALARM,"
        " by principals or with event names that were not told yet"
    )
    return Transition(
        time=stretch.time,
        from_state="ALARM",
        to_state="ALARM",
        reason=reason,
        reason_data="{}",
        events=news.events,
        event_count=news.count,
        principals=news.principals,
        event_names=news.event_names,
    )
