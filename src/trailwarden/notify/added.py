"""The key ``Trailwarden``: what CloudWatch's message does not tell, who was behind an alarm."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.folding import folded
from trailwarden.monitor.outcome import Event, PrincipalCount
from trailwarden.monitor.samples import chosen
from trailwarden.notify.console import event_url
from trailwarden.times import format_instant

MOST_EVENTS, MOST_PRINCIPALS = 20, 100
_MOST_FILTERS, _MOST_GROUPED = 20, 1000
LONGEST = 500  # characters of one string from a log


def added_key(
    announcement: Announcement,
    grouped: Sequence[str] = (),
    *,
    events: int = MOST_EVENTS,
    principals: int = MOST_PRINCIPALS,
    longest: int = LONGEST,
) -> dict[str, object]:
    """The value of the key, as plain data, with at most so many ``events`` and ``principals``.

    Names have at most ``longest`` characters.

    ``grouped`` are the ids of all announcements of the message, where there are several. ``cut``
    says that some of what the announcement holds was left out.
    """
    told, filters = announcement.transition, announcement.filters
    known = frozenset(one.principal for one in announcement.before)
    strangers = {one.principal for one in told.principals} - known
    names = 5 * principals if longest == LONGEST else principals
    times = [event.event_time for event in told.events]
    value: dict[str, object] = {
        "id": announcement.id,
        "kind": announcement.kind,
        "decided": format_instant(announcement.decided),
        "filters": [_bounded(name, longest) for name in filters[:_MOST_FILTERS]],
        "eventCount": told.event_count,
        "principals": _principals(told.principals[:principals], announcement.before, longest),
        "roles": _roles(told.principals, known, longest)[:principals],
        "eventNames": [
            {"name": _bounded(one.event_name, longest), "count": one.count, "refused": one.refused}
            for one in told.event_names[:names]
        ],
        "events": [_event(event) for event in chosen(told.events, events, strangers)],
        "first": format_instant(min(times)) if times else None,
        "last": format_instant(max(times)) if times else None,
    }
    if grouped:
        value["grouped"] = list(grouped[:_MOST_GROUPED])
    held = (
        (told.events, events),
        (told.principals, principals),
        (told.event_names, names),
        (filters, _MOST_FILTERS),
        (grouped, _MOST_GROUPED),
    )
    if any(len(all_of_them) > shown for all_of_them, shown in held):
        value["cut"] = True
    return value


def _roles(
    principals: Sequence[PrincipalCount], known: frozenset[str], longest: int
) -> list[dict[str, object]]:
    """Roles of which several sessions matched."""
    return [
        {
            "role": _bounded(one.name, longest),
            "sessions": one.sessions,
            "count": one.count,
            "before": any(member in known for member in one.members),
        }
        for one in folded(principals)
        if one.sessions > 1
    ]


def _principals(
    counts: Sequence[PrincipalCount], before: Sequence[PrincipalCount], longest: int
) -> list[dict[str, object]]:
    earlier = {one.principal: one.count for one in before}
    return [
        {
            "principal": _bounded(one.principal, longest),
            "count": one.count,
            "before": earlier.get(one.principal, 0),
        }
        for one in counts
    ]


def _event(event: Event) -> dict[str, object]:
    strings = {
        "name": event.event_name,
        "source": event.event_source,
        "account": event.account,
        "region": event.region,
        "principal": event.principal,
        "sourceIp": event.source_ip,
        "userAgent": event.user_agent,
        "errorCode": event.error_code,
        "eventId": event.event_id,
    }
    return {
        "time": format_instant(event.event_time),
        **{key: _bounded(string) for key, string in strings.items()},
        "consoleUrl": event_url(event.event_id, event.region),
    }


def _bounded(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
