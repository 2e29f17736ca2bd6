"""A file of tests into data, with all its mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import get_args

from trailwarden.alarms import State
from trailwarden.errors import DefinitionError, Location, UsageError
from trailwarden.scan.cases import events
from trailwarden.scan.cases.fields import Fields
from trailwarden.scan.cases.model import AlarmExpected, Case, CaseFile, MatchesExpected
from trailwarden.scan.cases.short import expanded
from trailwarden.stack import Stack, builtin, load
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Items, Node, Scalar
from trailwarden.stack.source import read_file
from trailwarden.stack.template import did_you_mean
from trailwarden.stack.yaml_reader import read_yaml
from trailwarden.text import visible

_START = datetime(2025, 1, 1, tzinfo=UTC)
_APART = 1_000_000  # between the numbers of events that one entry stands for
_STATES = get_args(State)


def read_cases(
    path: str, parameters: Mapping[str, str] | None = None, *, stack: str | None = None
) -> CaseFile:
    """The tests in the file at ``path``, in YAML or JSON; those of a built-in stack by its name.

    ``stack`` replaces the stack that the file names, ``parameters`` go over the file's. Raises
    :class:`~trailwarden.errors.UsageError` for a file or a stack that there is not, and
    :class:`~trailwarden.errors.DefinitionError` (of all mistakes) for one that cannot be used.
    """
    document = _own_tests(path) if path in builtin.NAMES else _document(path)
    findings = Findings(path)
    fields = Fields(document, findings, document.root, "", ("stack", "parameters", "tests"))
    given = {**_parameters(document, findings, fields), **(parameters or {})}
    tests = fields.some_items("tests", "the file holds no tests", "write some under tests:")
    loaded = load(stack, given) if stack is not None else _own_stack(fields, given)
    reader = _Reader(document, findings, loaded)
    cases = tuple(reader.cases(tests))
    findings.raise_errors()
    return CaseFile(path, loaded, cases)


def _document(path: str) -> Document:
    try:
        text = read_file(Path(path))
    except UsageError as error:
        message = error.message.replace("the template", "the tests", 1)
        raise UsageError(message, cure=error.cure) from None
    if not text.strip():
        raise DefinitionError(
            "the file holds no tests", location=Location(path), cure="write some under tests:"
        )
    return read_yaml(text, path)


def _own_tests(name: str) -> Document:
    """The tests that come with a built-in stack."""
    text = resources.files(builtin.__name__).joinpath(f"{name}.tests.yaml").read_text("utf-8")
    return read_yaml(text, f"builtin:{name}.tests")


def _own_stack(fields: Fields, given: Mapping[str, str]) -> Stack:
    """The stack that the file names. Without one, raises all mistakes that are known by then."""
    named = fields.text("stack")
    if named is None and "stack" not in fields:
        fields.error("", "the file names no stack", "add stack: FILE, or give --stack")
    if named is not None:
        is_builtin = named in builtin.NAMES
        source = named if is_builtin else str(Path(fields.document.source).parent / named)
        try:
            return load(source, given)
        except UsageError as error:
            fields.error("stack", error.message, error.cure)
    fields.findings.raise_errors()
    raise AssertionError("a file without a stack has a mistake")


def _parameters(document: Document, findings: Findings, fields: Fields) -> dict[str, str]:
    node = fields.node.get("parameters")
    if node is None:
        return {}
    found: dict[str, str | None] = {}
    with findings.collect():
        names = tuple(node.entries) if isinstance(node, Entries) else ()
        values = Fields(document, findings, node, "parameters", names)
        found = {name: values.text(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


class _Reader:
    def __init__(self, document: Document, findings: Findings, stack: Stack) -> None:
        self._document = document
        self._findings = findings
        self._filters = tuple(one.filter_name for one in stack.metric_filters)
        metric_alarms = tuple(alarm.alarm_name for alarm in stack.alarms)
        self._alarms = metric_alarms + tuple(one.alarm_name for one in stack.composite_alarms)
        self._folder = Path(document.source).parent

    def cases(self, nodes: tuple[Node, ...]) -> Iterator[Case]:
        names: dict[str, Location] = {}
        for number, node in enumerate(nodes):
            with self._findings.collect():
                case = self._case(node, f"tests[{number}]")
                if case.name in names:
                    raise DefinitionError(
                        f"a second test is called {visible(case.name, 100)!r}",
                        location=case.location,
                        cure="give each test a name of its own",
                    )
                names[case.name] = case.location
                yield case

    def _fields(self, node: Node, path: str, known: tuple[str, ...]) -> Fields:
        return Fields(self._document, self._findings, node, path, known)

    def _case(self, node: Node, path: str) -> Case:
        fields = self._fields(node, path, ("name", "start", "events", "expect"))
        name = fields.text("name")
        if name is None and "name" not in fields:
            fields.error("", "the test has no name", "add name: what it is about")
        start = fields.instant("start") or _START
        records = tuple(self._records(fields, start))
        matches: tuple[MatchesExpected, ...] = ()
        alarms: tuple[AlarmExpected, ...] = ()
        expected = fields.node.get("expect")
        if expected is not None:
            expect = self._fields(expected, f"{path}.expect", ("matches", "alarms"))
            matches = tuple(self._matches(expect))
            alarms = tuple(self._alarms_expected(expect, start))
        if expected is None or not _says_something(expected):
            fields.error("expect", "the test expects nothing", "add matches or alarms to expect:")
        return Case(name or path, fields.place, records, matches, alarms)

    def _records(self, fields: Fields, start: datetime) -> Iterator[bytes]:
        nodes = fields.some_items("events", "the test has no events", "add one under events:")
        for number, node in enumerate(nodes):
            path = f"{fields.path}.events[{number}]"
            with self._findings.collect():
                known = len(self._findings.errors)
                for place, one in enumerate(expanded(self._document, node, path)):
                    event = self._fields(one, path, events.KEYS)
                    which = number + place * _APART
                    yield from events.records_of(event, start, self._folder, which)
                    if len(self._findings.errors) > known:
                        break  # the others have the same mistake

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
        known = ("at", "alarm", "state", "fired", "principals")
        for number, node in enumerate(expect.items("alarms")):
            with self._findings.collect():
                fields = self._fields(node, f"{expect.path}.alarms[{number}]", known)
                yield self._alarm(fields, start)

    def _alarm(self, fields: Fields, start: datetime) -> AlarmExpected:
        name = fields.text("alarm")
        if name is not None:
            place = self._document.location(
                fields.node.entries["alarm"].value.mark, fields.key_path("alarm")
            )
            self._known(name, self._alarms, "alarm", place)
        elif "alarm" not in fields:
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
        nodes = fields.items("principals")
        if not all(isinstance(node, Scalar) for node in nodes):
            fields.error("principals", "must be a list of names", 'write ["user/alice"], say')
        return tuple(node.text for node in nodes if isinstance(node, Scalar))

    def _known(self, name: str, names: tuple[str, ...], noun: str, place: Location) -> None:
        if name in names:
            return
        shown = ", ".join(names) or "none"
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
