"""From a stream of beginnings, values and ends to nodes, within limits and without recursion."""

from __future__ import annotations

from dataclasses import dataclass, field

from trailwarden.errors import DefinitionError, Location
from trailwarden.stack.limits import MAX_DEPTH, MAX_NODES
from trailwarden.stack.nodes import Duplicate, Entries, Entry, Items, Mark, Node, Scalar

_MERGE = "<<"
_MAX_PATH = 300  # characters of a path in a message
_MAX_DUPLICATES = 100  # that are told


@dataclass(slots=True)
class _Open:
    """A list or an object whose end has not come yet. Sizes count what lies inside."""

    mark: Mark
    is_object: bool
    function: str
    anchor: str
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    merged: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    size: int = 1
    height: int = 1

    def step(self) -> str:
        """What the path to the node being read says here."""
        if self.is_object:
            return f".{self.key.text}" if self.key else ""
        return f"[{len(self.items)}]"


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Node
    size: int
    height: int


class TreeBuilder:
    """Takes what a reader finds, in order; ``root`` is the result.

    Of a key that is given twice the last value counts, as in CloudFormation; ``duplicates`` are the
    first hundred of those. Raises :class:`~trailwarden.errors.DefinitionError` for nesting that is
    too deep, and for documents that are too large once their aliases are expanded.
    """

    def __init__(self, source: str) -> None:
        self.root: Node | None = None
        self.has_aliases = False
        self.duplicates: list[Duplicate] = []
        self._source = source
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._size = 0

    def begin(self, mark: Mark, *, is_object: bool, function: str = "", anchor: str = "") -> None:
        """A list or an object begins; ``function`` is the long name of its short form."""
        if self.expects_key():
            raise self._bad_key(mark)
        if len(self._open) >= MAX_DEPTH:
            raise self.too_deep(mark)
        if anchor:
            self._anchors[anchor] = None
        self._open.append(_Open(mark, is_object, function, anchor))

    def end(self) -> None:
        """The innermost list or object ends."""
        done = self._open.pop()
        node: Node
        if done.is_object:
            node = Entries(self._with_merged(done), done.mark)
        else:
            node = Items(tuple(done.items), done.mark)
        self._add(node, done.function, done.anchor, done.size, done.height)

    def scalar(self, scalar: Scalar, *, function: str = "", anchor: str = "") -> None:
        """A single value, or a key where one is due."""
        if self.expects_key() and not function:
            self._key(scalar)
            return
        self._add(scalar, function, anchor, 1, 0)

    def alias(self, name: str, mark: Mark) -> None:
        """The node that was given the anchor ``name`` stands here again."""
        self.has_aliases = True
        found = self._anchors.get(name)
        if found is None:
            problem = "stands inside what it names" if name in self._anchors else "is not defined"
            raise self.error(mark, f"the alias *{name} {problem}", "write the value itself")
        if self.expects_key():
            if not isinstance(found.node, Scalar):
                raise self._bad_key(mark)
            self._key(Scalar(found.node.text, mark))
            return
        self._add(found.node, "", "", found.size, found.height, mark)

    def error(self, mark: Mark, message: str, cure: str) -> DefinitionError:
        """An error at the node being read."""
        location = Location(self._source, mark.line, mark.column, self._path() or None)
        return DefinitionError(message, location=location, cure=cure)

    def _path(self) -> str:
        return "".join(level.step() for level in self._open).removeprefix(".")[:_MAX_PATH]

    def expects_key(self) -> bool:
        return bool(self._open) and self._open[-1].is_object and self._open[-1].key is None

    def _key(self, scalar: Scalar) -> None:
        level = self._open[-1]
        level.key = scalar
        first = level.entries.get(scalar.text)
        if first is not None and len(self.duplicates) < _MAX_DUPLICATES:
            self.duplicates.append(Duplicate(self._path(), scalar.mark, first.key_mark))

    def _add(
        self,
        node: Node,
        function: str,
        anchor: str,
        size: int,
        height: int,
        mark: Mark | None = None,
    ) -> None:
        if function:
            node = Entries({function: Entry(node.mark, node)}, node.mark)
            size, height = size + 1, height + 1
        if anchor:
            self._anchors[anchor] = _Anchored(node, size, height)
        self._count(node, size, height, mark or node.mark)
        if not self._open:
            self.root = node
            return
        level = self._open[-1]
        level.size += size
        level.height = max(level.height, height + 1)
        if not level.is_object:
            level.items.append(node)
        elif level.key is not None:
            if level.key.text == _MERGE:
                level.merged.append(node)
            else:
                level.entries[level.key.text] = Entry(level.key.mark, node)
            level.key = None

    def _count(self, node: Node, size: int, height: int, mark: Mark) -> None:
        # What lies inside a list or an object was counted when it was read; aliases were not.
        is_new = mark is node.mark
        self._size += 1 if is_new else size
        if self._size > MAX_NODES:
            raise self.error(
                mark,
                f"the template has more than {MAX_NODES:,} values, its aliases expanded",
                "split it, or use fewer aliases",
            )
        if len(self._open) + height > MAX_DEPTH:
            raise self.too_deep(mark)

    def _bad_key(self, mark: Mark) -> DefinitionError:
        return self.error(mark, "a key must be a text", "write the key as a word")

    def too_deep(self, mark: Mark) -> DefinitionError:
        return self.error(
            mark, f"objects and lists are nested more than {MAX_DEPTH} deep", "nest them less"
        )

    def _with_merged(self, level: _Open) -> dict[str, Entry]:
        """The entries of an object with those that ``<<`` takes from elsewhere behind them."""
        if not level.merged:
            return level.entries
        merged = dict(level.entries)
        for node in level.merged:
            for origin in node.items if isinstance(node, Items) else (node,):
                if not isinstance(origin, Entries):
                    raise self.error(origin.mark, "<< takes keys from objects only", "remove it")
                for key, entry in origin.entries.items():
                    merged.setdefault(key, entry)
        return merged
