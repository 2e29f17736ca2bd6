"""Many patterns over many messages, at a cost that does not grow with the patterns.

Three ideas: decode only the fields that some pattern reads (:mod:`layout`); look patterns up by a
cover (:mod:`cover`) in :mod:`tables` that remember, per selector, which patterns a value may
satisfy; and evaluate only the patterns found. What cannot be known from the decoded fields (the
spelling of a float, an element under a wildcard) is answered with *perhaps* (:mod:`perhaps`), and
the caller asks the plain evaluator. The answer is never *no* where the plain evaluator says yes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from trailwarden.patterns.cover import Chooser, leaves
from trailwarden.patterns.layout import Getter, Layout, Path
from trailwarden.patterns.model import Condition, EverythingSyntax, JsonSyntax, Leaf
from trailwarden.patterns.pattern import FilterPattern
from trailwarden.patterns.perhaps import PERHAPS, YES, Truth, evaluator
from trailwarden.patterns.slots import is_rooted, slot
from trailwarden.patterns.tables import Ids, Table, is_memorable

__all__ = ["Column", "Ids", "PatternIndex"]

_REMEMBERED_ANSWERS = 1000


class Column(NamedTuple):
    """A field that patterns are looked up by.

    ``read`` reads its value from a record; ``find`` gives, for a value, the numbers of the patterns
    that it may satisfy: none where it is of no interest.
    """

    path: Path
    read: Getter
    find: Callable[[Any], Ids]


class PatternIndex:
    """A matcher for many patterns at once.

    ``extra`` are further top-level fields that the caller wants decoded. ``struct`` is the type to
    decode a message into; :meth:`reader` reads an extra field from it.
    """

    def __init__(self, patterns: Sequence[FilterPattern], extra: Sequence[str] = ()) -> None:
        roots: dict[int, Condition] = {}
        always: list[int] = []
        unknown: list[int] = []
        for number, pattern in enumerate(patterns):
            if isinstance(pattern.syntax, EverythingSyntax):
                always.append(number)
            elif isinstance(pattern.syntax, JsonSyntax) and is_rooted(pattern.syntax.root):
                roots[number] = pattern.syntax.root
            else:
                unknown.append(number)
        self.always: Ids = tuple(always)
        self.unknown: Ids = tuple(unknown)  # only the text of a message can answer these

        paths = {slot(leaf.selector) for root in roots.values() for leaf in leaves(root)}
        self._layout = Layout([*((name,) for name in extra), *sorted(paths)])
        self.struct = self._layout.struct
        getters = {path: self._layout.getter(path) for path in paths}

        chooser = Chooser(roots.values())
        by_path: defaultdict[Path, defaultdict[Leaf, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for number, root in roots.items():
            for leaf in chooser.cover(root):
                by_path[slot(leaf.selector)][leaf].append(number)
        self._tables = {path: Table(found) for path, found in sorted(by_path.items())}
        tests: dict[Leaf, Callable[[Any], Truth]] = {}
        self._roots = roots
        self._truths: dict[int, Callable[[Any], Truth]] = {}
        self._build = partial(evaluator, getters=getters, tests=tests)
        self._candidates = [(getters[path], table) for path, table in self._tables.items()]
        self._answers: dict[Ids, _Answers] = {}
        self.find: Callable[[Iterable[Any]], list[int]] = self._compile_find()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Where to look first, by path: a record that is of no interest there matches nothing.

        That holds only without ``always`` and ``unknown``, which match wherever else they like.
        """
        return tuple(
            Column(path, read, table.find)
            for (path, table), (read, _) in zip(self._tables.items(), self._candidates, strict=True)
        )

    def reader(self, field: str) -> Getter:
        """A reader for an extra field."""
        return self._layout.getter((field,))

    def _compile_find(self) -> Callable[[Iterable[Any]], list[int]]:
        """Build ``find(records)``: positions of the records that some pattern may match."""
        names: dict[str, Any] = {}
        lines: list[str] = []
        conditions: list[str] = []
        for position, (path, table) in enumerate(self._tables.items()):
            before, expression, needed = self._layout.expression(path, "record")
            lines += [line for line in before if line not in lines]
            names |= needed | {f"table{position}": table}
            conditions.append(f"table{position}[{expression}]")
        if self.always or self.unknown:
            conditions = ["True"]
        source = (
            "def find(records):\n"
            "    found = []\n"
            "    for position, record in enumerate(records):\n"
            "        try:\n"
            + "".join(f"            {line}\n" for line in lines)
            + f"            if {' or '.join(conditions) or 'False'}:\n"
            "                found.append(position)\n"
            "        except TypeError:\n"  # a list or an object cannot be looked up
            "            found.append(position)\n"
            "    return found\n"
        )
        exec(source, names)  # noqa: S102 - built above from numbers and quoted keys only
        find: Callable[[Iterable[Any]], list[int]] = names["find"]
        return find

    def match(self, record: Any) -> tuple[Ids, Ids]:
        """Numbers of the patterns that match ``record``, and of those that perhaps do.

        Both are sorted; only the plain evaluator can answer for the second.
        """
        candidates: Ids = ()
        for read, table in self._candidates:
            found = table.find(read(record))
            if found:
                candidates = tuple(sorted({*candidates, *found})) if candidates else found
        if not candidates:
            return self.always, self.unknown
        answers = self._answers.get(candidates)
        if answers is None:
            answers = self._answers[candidates] = _Answers(self, candidates)
        return answers.of(record)

    def paths_of(self, number: int) -> set[Path]:
        """The paths that a pattern reads."""
        return {slot(leaf.selector) for leaf in leaves(self._roots[number])}

    def evaluate(self, candidates: Ids, record: Any) -> tuple[Ids, Ids]:
        """The same as :meth:`match`, where only ``candidates`` can match."""
        truths = [(number, self._truth(number)(record)) for number in candidates]
        certain = [number for number, truth in truths if truth == YES]
        perhaps = [number for number, truth in truths if truth == PERHAPS]
        return tuple(sorted({*self.always, *certain})), tuple(sorted({*self.unknown, *perhaps}))

    def reader_of(self, path: Path) -> Getter:
        """A reader for a path that some pattern reads."""
        return self._layout.getter(path)

    def _truth(self, number: int) -> Callable[[Any], Truth]:
        # Built when first needed: of ten thousand patterns, few are ever evaluated.
        truth = self._truths.get(number)
        if truth is None:
            truth = self._truths[number] = self._build(self._roots[number])
        return truth


class _Answers:
    """What the same few patterns said of records that are alike where they look.

    Bursts of one call by one caller are what alarms are made of.
    """

    def __init__(self, index: PatternIndex, candidates: Ids) -> None:
        self._index = index
        self._candidates = candidates
        paths = sorted(set().union(*(index.paths_of(number) for number in candidates)))
        self._readers = [index.reader_of(path) for path in paths]
        self._known: dict[tuple[Any, ...], tuple[Ids, Ids]] = {}

    def of(self, record: Any) -> tuple[Ids, Ids]:
        values = tuple([read(record) for read in self._readers])
        if not all(map(is_memorable, values)):
            return self._index.evaluate(self._candidates, record)
        found = self._known.get(values)
        if found is None:
            if len(self._known) >= _REMEMBERED_ANSWERS:
                self._known.clear()
            found = self._known[values] = self._index.evaluate(self._candidates, record)
        return found
