"""The notifications that a test's records lead to, and whether they are those that are expected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.live import Live
from trailwarden.patterns.explain_spelling import selector_text
from trailwarden.scan.cases.details import bounded
from trailwarden.scan.cases.model import Case, Compose, Composed, Mismatch, NoticeExpected
from trailwarden.scan.cases.portion import Portion
from trailwarden.scan.cases.selecting import fits, text_fits, values_at
from trailwarden.scan.cases.topics import names_of
from trailwarden.stack.model import Stack
from trailwarden.stack.nodes import Node, Scalar, spelled
from trailwarden.text import plural, visible
from trailwarden.times import epoch_seconds, format_instant, from_epoch

_LIMIT = 300  # characters of one value


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: what it is about, to whom, and what it says."""

    announcement: Announcement
    names: tuple[str, ...]  # of the topic
    content: Composed
    values: Any = field(repr=False)  # the body, decoded

    @property
    def time(self) -> datetime:
        return self.announcement.transition.time

    def __str__(self) -> str:
        return f"{format_instant(self.time)} to {self.names[0]}: {self.content.subject}"


def notices(stack: Stack, portion: Portion, until: int, compose: Compose) -> Iterator[Notice]:
    """All that is sent before the minute ``until`` (since the epoch), in order of time."""
    live = Live(stack)
    now = from_epoch(until * 60)
    live.observe(portion.digest, portion.copies, portion="test", now=now)
    told = live.decide(until, now)[1]
    for one in sorted(told, key=lambda one: one.transition.time):
        for topic in dict.fromkeys(one.topics):
            content = compose(one, topic)
            if content is not None:
                names = tuple(names_of(topic, stack))
                yield Notice(one, names, content, json.loads(content.body))


def last_minute(stack: Stack, case: Case, quiet: int) -> int:
    """The minute to run to: all is ``quiet`` by then, and nothing that waits is forgotten."""
    asked = [epoch_seconds(one.at) // 60 + 1 for one in case.notices if one.at is not None]
    held = [
        (one.actions_suppressor_wait_period or 0) + (one.actions_suppressor_extension_period or 0)
        for one in stack.composite_alarms
    ]  # seconds
    return max([quiet, *asked]) + ceil(max(held, default=0) / 60) + 1


def of_notices(expected: NoticeExpected, sent: Sequence[Notice]) -> Iterator[Mismatch]:
    """What is wrong with the notifications ``sent``, given one expectation."""
    chosen = [notice for notice in sent if _is_meant(expected, notice)]
    wrong = [list(_differences(expected, notice)) for notice in chosen]
    fitting = sum(not differences for differences in wrong)
    subject = f"notification of {expected.alarm}" if expected.alarm else "notification"
    listed = bounded([str(notice) for notice in sent]) or ("no notifications",)
    if expected.count is not None:
        if fitting != expected.count:
            wanted, came = plural(expected.count, "such message"), plural(fitting, "such message")
            yield Mismatch(subject, wanted, came, expected.location, listed)
        return
    if not chosen:
        yield Mismatch(subject, _wanted(expected), "none", expected.location, listed)
    elif not fitting:
        nearest = min(wrong, key=len)
        for wanted, came, details in nearest:
            yield Mismatch(subject, wanted, came, expected.location, details)


def _is_meant(expected: NoticeExpected, notice: Notice) -> bool:
    one = notice.announcement
    return (
        (expected.at is None or notice.time <= expected.at)
        and expected.alarm in (None, one.alarm)
        and expected.state in (None, one.transition.to_state)
        and (expected.topic is None or expected.topic in notice.names)
    )


_Difference = tuple[str, str, tuple[str, ...]]


def _differences(expected: NoticeExpected, notice: Notice) -> Iterator[_Difference]:
    content = notice.content
    about = (str(notice),)
    if expected.subject is not None and not text_fits(expected.subject, content.subject):
        yield f"subject {expected.subject}", f"subject {content.subject}", about
    for part in expected.contains:
        if part not in content.subject and part not in content.text:
            lines = bounded(content.text.splitlines())
            yield f"text with {part!r}", "text without it", lines
    for selector, value in expected.json:
        found = list(values_at(notice.values, selector.steps))
        if not any(fits(value, one) for one in found):
            path = selector_text(selector.steps)
            came = ", ".join(map(_shown, found[:5])) or "nothing there"
            yield f"{path} = {_wished(value, found)}", came, about


def _wished(expected: Node, found: Sequence[Any]) -> str:
    """What is expected; a text in quotes where something else came that may be spelled alike."""
    is_text = isinstance(expected, Scalar) and expected.kind == "text"
    is_unlike = any(not isinstance(one, str) for one in found)
    text = spelled(expected)
    return visible(json.dumps(text, ensure_ascii=False) if is_text and is_unlike else text, _LIMIT)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(text, _LIMIT)


def _wanted(expected: NoticeExpected) -> str:
    parts = ["a message"]
    if expected.state:
        parts.append(f"of {expected.state}")
    if expected.topic:
        parts.append(f"to {expected.topic}")
    if expected.at:
        parts.append(f"by {format_instant(expected.at)}")
    return " ".join(parts)
