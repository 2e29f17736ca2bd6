"""YAML templates into nodes. Only the parser of PyYAML is used: its tags can construct nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from trailwarden.errors import DefinitionError, Location
from trailwarden.stack.nodes import Document, Mark, Scalar
from trailwarden.stack.short_forms import LONG_NAMES
from trailwarden.stack.tree import TreeBuilder
from trailwarden.stack.yaml_scalars import plain_scalar
from trailwarden.text import nearest

if TYPE_CHECKING:
    import yaml

_STANDARD = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset({_STANDARD + name for name in ("int", "float", "bool", "null")})
_OTHER_TAGS = frozenset({"!", *(_STANDARD + name for name in ("str", "seq", "map"))})


def read_yaml(text: str, source: str) -> Document:
    """Read one YAML document.

    Raises :class:`~trailwarden.errors.DefinitionError` with line and column.
    """
    import yaml  # noqa: PLC0415 - start-up of the command line does not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _Reader(source)
    try:
        for event in yaml.parse(text, Loader=loader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in (error.problem or ""):  # some parsers give up while they look ahead
            raise reader.too_deep(error.problem_mark) from None
        _refuse(text, source, error)
    except yaml.YAMLError as error:  # a character that YAML does not allow at all
        _refuse_character(text, source, error)
    return reader.document()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tree = TreeBuilder(source)

    def take(self, event: yaml.Event) -> None:
        import yaml  # noqa: PLC0415

        mark = _mark(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, mark)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._tree.begin(
                mark,
                is_object=isinstance(event, yaml.MappingStartEvent),
                function=self._function(event.tag, mark),
                anchor=event.anchor or "",
            )
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._tree.end()
        elif isinstance(event, yaml.AliasEvent):
            self._tree.alias(event.anchor or "", mark)
        elif isinstance(event, yaml.DocumentStartEvent) and self._tree.root is not None:
            raise self._tree.error(
                mark, "a second YAML document begins here", "keep one template in a file"
            )

    def too_deep(self, mark: yaml.Mark | yaml._yaml.Mark | None) -> DefinitionError:
        return self._tree.too_deep(_mark(mark))

    def document(self) -> Document:
        if self._tree.root is None:
            raise DefinitionError(
                "the file is empty",
                location=Location(self._source),
                cure="give a CloudFormation template with Resources",
            )
        return Document(
            self._source, self._tree.root, self._tree.has_aliases, tuple(self._tree.duplicates)
        )

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        function = self._function(event.tag, mark)
        is_plain = event.implicit[0] if event.tag is None else event.tag in _PLAIN_TAGS
        scalar = plain_scalar(event.value, mark) if is_plain else Scalar(event.value, mark)
        if is_plain and self._tree.expects_key():
            scalar = Scalar(event.value, mark)
        self._tree.scalar(scalar, function=function, anchor=event.anchor or "")

    def _function(self, tag: str | None, mark: Mark) -> str:
        """The long name of the function whose short form ``tag`` is."""
        if tag is None or tag in _PLAIN_TAGS or tag in _OTHER_TAGS:
            return ""
        name = tag.removeprefix("!")
        if name in LONG_NAMES:
            return LONG_NAMES[name]
        close = nearest(name, LONG_NAMES)
        shown = tag.replace(_STANDARD, "!!")
        raise self._tree.error(
            mark,
            f"{shown} is not a CloudFormation function",
            f"did you mean !{close[0]}?" if close else "remove it",
        )


def _mark(mark: yaml.Mark | yaml._yaml.Mark | None) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


def _refuse(text: str, source: str, error: yaml.MarkedYAMLError) -> NoReturn:
    line, column = _mark(error.problem_mark or error.context_mark)
    message = f"the YAML cannot be read: {error.problem or error.context}"
    if error.problem and error.context:
        message += f" ({error.context}"
        if error.context_mark and error.context_mark.line + 1 != line:
            message += f" that begins at line {error.context_mark.line + 1}"
        message += ")"
    lines = text.splitlines()
    has_tab = 0 < line <= len(lines) and "\t" in lines[line - 1][: column + 1]
    raise DefinitionError(
        message,
        location=Location(source, line, column),
        cure="indent with spaces: YAML allows no tabs there"
        if has_tab
        else "look at the indentation, quotes and brackets there and just before",
    ) from None


def _refuse_character(text: str, source: str, error: Exception) -> NoReturn:
    # The position is that of a character or a byte, depending on the parser; both are unreadable.
    position = next(
        (n for n, c in enumerate(text) if not c.isprintable() and c not in "\t\r\n\x85\ufeff"), 0
    )
    before = text[:position]
    raise DefinitionError(
        f"the YAML cannot be read: the character {text[position : position + 1]!r} is not allowed",
        location=Location(source, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1),
        cure="remove the character, or write it as an escape in double quotes",
    ) from error
