"""What is not told: mutes of the settings against what there is to tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.outcome import Transition
from trailwarden.notify.principals import spellings
from trailwarden.settings import Mute

# How the trail's identities end: "user/anna (111122223333)".
_ACCOUNT_OF = re.compile(r"\((\d{12})\)", re.ASCII)


def muted_by(announcement: Announcement, mutes: Iterable[Mute], *, now: datetime) -> Mute | None:
    """The first of ``mutes`` that keeps the announcement from being told at ``now`` (UTC).

    A mute for principals or accounts holds only where all those behind the announcement are known
    and match: one stranger among them, and it is told. Tests are always told.
    """
    if announcement.kind == "test":
        return None
    return next((mute for mute in mutes if _holds(mute, announcement, now)), None)


def _holds(mute: Mute, announcement: Announcement, now: datetime) -> bool:
    told = announcement.transition
    return (
        _matches(mute.alarm, announcement.alarm)
        and _matches(mute.state, told.to_state)
        and (mute.principal is None or _all_match(spellings(mute.principal), _principals(told)))
        and (mute.account is None or _all_match((mute.account,), _accounts(told)))
        and is_in_window(mute, now)
    )


def is_in_window(mute: Mute, now: datetime) -> bool:
    """Whether ``now`` is on the mute's days, between its times of day (UTC; the end excluded).

    A window over midnight belongs to the day on which it starts.
    """
    moment = now.astimezone(UTC)
    time, day = moment.time(), moment.weekday()
    if mute.start is not None and mute.end is not None:
        if mute.start < mute.end:
            if not mute.start <= time < mute.end:
                return False
        elif time < mute.end:
            day = (moment - timedelta(days=1)).weekday()
        elif time < mute.start:
            return False
    return not mute.days or day in mute.days


def _matches(pattern: str | None, text: str) -> bool:
    return pattern is None or fnmatchcase(text, pattern)


def _all_match(patterns: Sequence[str], texts: Sequence[str] | None) -> bool:
    """None: not all are known. Nobody at all is no reason to mute either."""
    return bool(texts) and all(
        any(fnmatchcase(text, pattern) for pattern in patterns) for text in texts or ()
    )


def _principals(told: Transition) -> list[str] | None:
    """All principals; None where some of the matches are not counted for anybody."""
    if sum(one.count for one in told.principals) < told.event_count:
        return None
    return [one.principal for one in told.principals]


def _accounts(told: Transition) -> list[str] | None:
    """The accounts of the events.

    Where the events are samples only, others may have come from elsewhere: an attacker could hide
    behind noise in an account that is muted. Then the principals' own accounts count as well, and
    a principal without one leaves it open.
    """
    accounts = {event.account for event in told.events}
    if len(told.events) < told.event_count:
        principals = _principals(told)
        if not principals:
            return None
        for principal in principals:
            found = _ACCOUNT_OF.search(principal, max(0, len(principal) - 14))
            if found is None:
                return None
            accounts.add(found[1])
    return sorted(accounts)
