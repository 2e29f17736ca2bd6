"""The subject of a message: what a person understands in five seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.outcome import Transition
from trailwarden.text import visible

_LONGEST = 100  # characters; SNS takes no longer subject, and nothing but ASCII on one line
_NAMES = 2  # of a group's alarms


def headline(announcements: Sequence[Announcement]) -> str:
    """``ALARM root-use: Root from 203.0.113.7, ConsoleLogin x3``: one line of ASCII.

    Of several announcements it counts the kinds, and names the first alarms.
    """
    if len(announcements) == 1:
        return _ascii(_of_one(announcements[0]), _LONGEST)
    counts = Counter(map(word, announcements))
    kinds = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    alarms = list(dict.fromkeys(announcement.alarm for announcement in announcements))
    named = ", ".join(_ascii(alarm, 30) for alarm in alarms[:_NAMES])
    return _ascii(f"{kinds}: {named}{_more(len(alarms) - _NAMES)}", _LONGEST)


def word(announcement: Announcement) -> str:
    """What kind of news it is: the new state, or ``MORE``, ``STILL ALARM``, ``LATE``, ``TEST``."""
    state = announcement.transition.to_state
    words = {
        "amendment": "MORE",
        "late-match": "LATE",
        "test": "TEST",
        "repeat": f"STILL {state}",
    }
    return words.get(announcement.kind, state)


def _of_one(announcement: Announcement) -> str:
    told = announcement.transition
    start = f"{word(announcement)} {_ascii(announcement.alarm, 48)}: "
    if announcement.kind == "test":
        return f"{start}a test, nothing happened"
    if told.events and (told.to_state == "ALARM" or announcement.kind == "late-match"):
        return start + _who_did_what(told)
    return f"{start}was {told.from_state}" if told.from_state != told.to_state else start[:-2]


def _who_did_what(told: Transition) -> str:
    """The principal with most events first, then where it came from, then what it did."""
    who = [one.principal for one in told.principals] or _kinds(e.principal for e in told.events)
    where = _kinds(event.source_ip for event in told.events)
    story = _middle(who[0] if who else "somebody unknown", 36) + _more(len(who) - 1)
    if where:
        story += f" from {_ascii(where[0], 39)}{_more(len(where) - 1)}"
    return f"{story}, {_what(told)}"


def _what(told: Transition) -> str:
    """Events may be a sample: then how often each name came is not known."""
    names = _kinds(event.event_name for event in told.events)
    first = _ascii(names[0], 40) if names else "no event name"
    if told.event_count > len(told.events):
        return f"{told.event_count:,} events such as {first}"
    counts = Counter(event.event_name for event in told.events)
    times = counts[names[0]] if names else len(told.events)
    return f"{first} x{times}" + _more(len(names) - 1)


def _kinds(values: Iterable[str]) -> list[str]:
    """Those that are not empty, the most frequent first."""
    return [value for value, _ in Counter(filter(None, values)).most_common()]


def _more(count: int) -> str:
    return f" +{count}" if count > 0 else ""


def _middle(text: str, limit: int) -> str:
    """Of a long principal the middle is left out, for its end tells people apart."""
    plain = _plain(text)
    if len(plain) <= limit:
        return plain
    half = (limit - 3) // 2
    return f"{plain[:half]}...{plain[-half:]}"


def _ascii(text: str, limit: int) -> str:
    plain = _plain(text)
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def _plain(text: str) -> str:
    return visible(text).encode("ascii", "backslashreplace").decode("ascii")
