"""What a test expects, into data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from trailwarden.alarms import State
from trailwarden.errors import DefinitionError, Location
from trailwarden.scan.cases.fields import Fields
from trailwarden.scan.cases.model import AlarmExpected, MatchesExpected, NoticeExpected
from trailwarden.scan.cases.selecting import selected
from trailwarden.scan.cases.topics import topic_names
from trailwarden.stack import Stack
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Items, Node, Scalar
from trailwarden.stack.running import why_not_run
from trailwarden.stack.template import did_you_mean
from trailwarden.text import visible

_STATES = get_args(State)
_KEYS = ("matches", "alarms", "notifications")
_ALARM_KEYS = ("at", "alarm", "state", "fired", "principals")
_NOTICE_KEYS = ("at", "alarm", "topic", "state", "subject", "contains", "json", "count")
_Expected = tuple[
    tuple[MatchesExpected, ...], tuple[AlarmExpected, ...], tuple[NoticeExpected, ...]
]


class Expecting:
    """Reads ``expect`` of tests of ``stack``. Mistakes are kept in ``findings``."""

    def __init__(self, document: Document, findings: Findings, stack: Stack) -> None:
        self._document = document
        self._findings = findings
        self._stack = stack
        self._filters = tuple(one.filter_name for one in stack.metric_filters)
        metric_alarms = tuple(alarm.alarm_name for alarm in stack.alarms)
        self._alarms = metric_alarms + tuple(one.alarm_name for one in stack.composite_alarms)
        self._topics = topic_names(stack)

    def read(self, case: Fields, start: datetime) -> _Expected:
        """All that the test ``case`` expects. Times in it count from ``start`` (UTC)."""
        node = case.node.get("expect")
        if node is None or not _says_something(node):
            cure = "add matches, alarms or notifications to expect:"
            case.error("expect", "the test expects nothing", cure)
        if node is None:
            return (), (), ()
        expect = self._fields(node, f"{case.path}.expect", _KEYS)
        return (
            tuple(self._matches(expect)),
            tuple(self._alarms_expected(expect, start)),
            tuple(self._notices(expect, start)),
        )

    def _fields(self, node: Node, path: str, known: tuple[str, ...]) -> Fields:
        return Fields(self._document, self._findings, node, path, known)

    def _matches(self, expect: Fields) -> Iterator[MatchesExpected]:
        node = expect.node.get("matches")
        if node is None:
            return
        names = tuple(node.entries) if isinstance(node, Entries) else ()
        fields = self._fields(node, f"{expect.path}.matches", names)
        for name in names:
            mark = fields.node.entries[name].key_mark
            place = self._document.location(mark, fields.key_path(name))
            self._known(name, self._filters, "filter", place)
            count = fields.count(name)
            if count is not None:
                yield MatchesExpected(name, count, place)

    def _alarms_expected(self, expect: Fields, start: datetime) -> Iterator[AlarmExpected]:
        for number, node in enumerate(expect.items("alarms")):
            with self._findings.collect():
                fields = self._fields(node, f"{expect.path}.alarms[{number}]", _ALARM_KEYS)
                yield self._alarm(fields, start)

    def _alarm(self, fields: Fields, start: datetime) -> AlarmExpected:
        name = self._named(fields, "alarm", self._alarms)
        if name is None and "alarm" not in fields:
            fields.error("", "no alarm is named", "add alarm: NAME")
        if not any(key in fields for key in ("state", "fired", "principals")):
            fields.error("", "nothing is expected of the alarm", "add state, fired or principals")
        at = fields.offset("at")
        return AlarmExpected(
            alarm=name or "",
            location=fields.place,
            at=None if at is None else start + at,
            state=self._state(fields),
            fired=fields.count("fired"),
            principals=self._principals(fields),
        )

    def _notices(self, expect: Fields, start: datetime) -> Iterator[NoticeExpected]:
        for number, node in enumerate(expect.items("notifications")):
            with self._findings.collect():
                path = f"{expect.path}.notifications[{number}]"
                yield self._notice(self._fields(node, path, _NOTICE_KEYS), start)

    def _notice(self, fields: Fields, start: datetime) -> NoticeExpected:
        if not any(key in fields for key in _NOTICE_KEYS[1:]):
            cure = "add alarm, subject, contains or json, say"
            fields.error("", "nothing is expected of the notification", cure)
        at = fields.offset("at")
        return NoticeExpected(
            location=fields.place,
            at=None if at is None else start + at,
            alarm=self._named(fields, "alarm", self._alarms),
            topic=self._named(fields, "topic", self._topics),
            state=self._state(fields),
            subject=fields.text("subject"),
            contains=self._texts(fields, "contains", "parts of the text", "by root"),
            json=selected(self._document, self._findings, fields),
            count=fields.count("count"),
        )

    def _state(self, fields: Fields) -> State | None:
        text = fields.text("state")
        for state in _STATES:
            if text == state:
                found: State = state
                return found
        if text is not None:
            fields.error(
                "state",
                f"there is no state {visible(text, 60)!r}",
                did_you_mean(text.upper(), _STATES) or f"the states are {', '.join(_STATES)}",
            )
        return None

    def _principals(self, fields: Fields) -> tuple[str, ...] | None:
        if "principals" not in fields:
            return None
        return self._texts(fields, "principals", "names", "user/alice")

    def _texts(self, fields: Fields, key: str, what: str, example: str) -> tuple[str, ...]:
        nodes = fields.items(key)
        if not all(isinstance(node, Scalar) for node in nodes):
            fields.error(key, f"must be a list of {what}", f'write ["{example}"], say')
        return tuple(node.text for node in nodes if isinstance(node, Scalar))

    def _named(self, fields: Fields, key: str, names: tuple[str, ...]) -> str | None:
        """The name of something that the stack has."""
        name = fields.text(key)
        if name is not None:
            mark = fields.node.entries[key].value.mark
            self._known(name, names, key, self._document.location(mark, fields.key_path(key)))
        return name

    def _known(self, name: str, names: tuple[str, ...], noun: str, place: Location) -> None:
        if name in names:
            return
        shown = ", ".join(names) or "none"
        reason = why_not_run(self._stack, name, noun) if noun != "topic" else ""
        if reason:
            self._findings.errors.append(
                DefinitionError(
                    f"the {noun} {visible(name, 100)!r} is not run: {visible(reason, 300)}",
                    location=place,
                    cure="leave out the expectation, or mend the stack",
                )
            )
            return
        self._findings.errors.append(
            DefinitionError(
                f"the stack has no {noun} {visible(name, 100)!r}",
                location=place,
                cure=did_you_mean(name, names) or f"its {noun}s are: {visible(shown, 1000)}",
            )
        )


def _says_something(node: Node) -> bool:
    """True where an ``expect`` holds an expectation, or something odd, which is told already."""
    if not isinstance(node, Entries):
        return True
    return any(_is_filled(entry.value) for entry in node.entries.values())


def _is_filled(node: Node) -> bool:
    if isinstance(node, Scalar):
        return True
    return bool(node.items if isinstance(node, Items) else node.entries)
