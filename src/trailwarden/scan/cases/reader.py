"""A file of tests into data, with all its mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from trailwarden.errors import DefinitionError, Location, UsageError
from trailwarden.scan.cases import events
from trailwarden.scan.cases.expecting import Expecting
from trailwarden.scan.cases.fields import Fields
from trailwarden.scan.cases.model import Case, CaseFile
from trailwarden.scan.cases.short import expanded
from trailwarden.stack import Stack, builtin, load
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Items, Node, Scalar
from trailwarden.stack.running import running
from trailwarden.stack.source import read_file, read_template
from trailwarden.stack.yaml_reader import read_yaml
from trailwarden.text import visible

_START = datetime(2025, 1, 1, tzinfo=UTC)
_APART = 1_000_000  # between the numbers of events that one entry stands for


def read_cases(
    path: str,
    parameters: Mapping[str, str] | None = None,
    *,
    stack: str | tuple[str, ...] | None = None,
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
    loaded = running(load(stack, given) if stack is not None else _own_stack(fields, given))
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
    return read_template(text, path)


def _own_tests(name: str) -> Document:
    """The tests that come with a built-in stack."""
    text = resources.files(builtin.__name__).joinpath(f"{name}.tests.yaml").read_text("utf-8")
    return read_yaml(text, f"builtin:{name}.tests")


def _own_stack(fields: Fields, given: Mapping[str, str]) -> Stack:
    """The stack that the file names. Without one, raises all mistakes that are known by then."""
    several = fields.node.get("stack")
    if isinstance(several, Items):
        return _several(fields, several, given)
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


def _several(fields: Fields, names: Items, given: Mapping[str, str]) -> Stack:
    """The stack that the templates of a list are together."""
    folder = Path(fields.document.source).parent
    texts = [item.text for item in names.items if isinstance(item, Scalar)]
    if len(texts) == len(names.items):
        sources = [text if text in builtin.NAMES else str(folder / text) for text in texts]
        try:
            return load(sources, given)
        except UsageError as error:
            fields.error("stack", error.message, error.cure)
    else:
        fields.error("stack", "stack must name templates", "write a name, or a list of names")
    fields.findings.raise_errors()
    raise AssertionError("a list that names no stack is a mistake")


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
    """Reads tests of ``stack``. Mistakes are kept in ``findings``."""

    def __init__(self, document: Document, findings: Findings, stack: Stack) -> None:
        self._document = document
        self._findings = findings
        self._expecting = Expecting(document, findings, stack)
        self._folder = Path(document.source).parent

    def cases(self, nodes: tuple[Node, ...]) -> Iterator[Case]:
        """Those that can be read, each with a name of its own."""
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
        matches, alarms, notices = self._expecting.read(fields, start)
        return Case(name or path, fields.place, records, matches, alarms, notices)

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
