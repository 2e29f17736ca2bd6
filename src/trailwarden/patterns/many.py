"""Many patterns over many messages, at a cost that does not grow with the patterns.

Three ideas: decode only the fields that some pattern reads (:mod:`layout`); look patterns up by a
cover (:mod:`cover`) in tables that remember, per selector, which patterns a value may satisfy; and
evaluate only the patterns found. What cannot be known from the decoded fields (the spelling of a
float, an element under a wildcard) is answered with *perhaps*, and the caller asks the plain
evaluator. The answer is never *no* where the plain evaluator says yes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType

from trailwarden.patterns.cover import Chooser, leaves, literal_of
from trailwarden.patterns.layout import Getter, Layout, Path, can_name
from trailwarden.patterns.model import (
    And,
    Condition,
    EverythingSyntax,
    JsonSyntax,
    Key,
    Leaf,
    NotExists,
    Or,
    Selector,
)
from trailwarden.patterns.pattern import FilterPattern
from trailwarden.patterns.values import MISSING, leaf_matcher

NO, PERHAPS, YES = 0, 1, 2
Truth = int
Ids = tuple[int, ...]

_REMEMBERED_VALUES = 50_000
_REMEMBERED_LENGTH = 256
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
            elif isinstance(pattern.syntax, JsonSyntax) and _is_rooted(pattern.syntax.root):
                roots[number] = pattern.syntax.root
            else:
                unknown.append(number)
        self.always: Ids = tuple(always)
        self.unknown: Ids = tuple(unknown)  # only the text of a message can answer these

        paths = {_slot(leaf.selector) for root in roots.values() for leaf in leaves(root)}
        self._layout = Layout([*((name,) for name in extra), *sorted(paths)])
        self.struct = self._layout.struct
        getters = {path: self._layout.getter(path) for path in paths}

        chooser = Chooser(roots.values())
        by_path: defaultdict[Path, defaultdict[Leaf, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for number, root in roots.items():
            for leaf in chooser.cover(root):
                by_path[_slot(leaf.selector)][leaf].append(number)
        self._tables = {path: _Table(found) for path, found in sorted(by_path.items())}
        tests: dict[Leaf, Callable[[Any], Truth]] = {}
        self._roots = roots
        self._truths: dict[int, Callable[[Any], Truth]] = {}
        self._build = partial(_evaluator, getters=getters, tests=tests)
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
        return {_slot(leaf.selector) for leaf in leaves(self._roots[number])}

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
        if not all(map(_is_memorable, values)):
            return self._index.evaluate(self._candidates, record)
        found = self._known.get(values)
        if found is None:
            if len(self._known) >= _REMEMBERED_ANSWERS:
                self._known.clear()
            found = self._known[values] = self._index.evaluate(self._candidates, record)
        return found


def _is_memorable(value: Any) -> bool:
    """True for what may be a key. Numbers may not: 1, 1.0 and True would be one."""
    if type(value) is str:
        return len(value) <= _REMEMBERED_LENGTH
    return value is UNSET or value is None


class _Table(dict[Any, Ids]):
    """Value of one selector → numbers of the patterns whose cover it may satisfy.

    Filled as values are met. Only what is memorable is kept: that is what CloudTrail holds where
    patterns look.
    """

    def __init__(self, found: Mapping[Leaf, Sequence[int]]) -> None:
        super().__init__()
        self._literals: defaultdict[str, list[int]] = defaultdict(list)
        self._tests: list[tuple[Callable[[Any], Truth], Sequence[int]]] = []
        self._others: list[tuple[Callable[[Any], Truth], Sequence[int]]] = []
        for leaf, numbers in found.items():
            test = _leaf_test(leaf)
            literal = literal_of(leaf)
            if literal is not None and _is_decoded(leaf.selector):
                # Against a string, simply equality.
                self._literals[literal].extend(numbers)
                self._others.append((test, numbers))
            else:
                self._tests.append((test, numbers))

    def __missing__(self, value: Any) -> Ids:
        found = self._search(value)
        if not _is_memorable(value):
            return found
        if len(self) >= _REMEMBERED_VALUES:
            self.clear()
        self[value] = found
        return found

    def find(self, value: Any) -> Ids:
        """The same for any value, also one that cannot be a key."""
        return self[value] if isinstance(value, str | UnsetType) else self._search(value)

    def _search(self, value: Any) -> Ids:
        found: set[int] = set()
        if type(value) is str:
            found.update(self._literals.get(value, ()))
        elif value is not UNSET:  # a literal never holds for an absent value
            for test, numbers in self._others:
                if test(value):
                    found.update(numbers)
        for test, numbers in self._tests:
            if test(value):
                found.update(numbers)
        return tuple(sorted(found))


def _slot(selector: Selector) -> Path:
    """The keys a selector starts with: as far as fields can be decoded by name."""
    names: list[str] = []
    for step in selector.steps:
        if not isinstance(step, Key) or not can_name(step.name):
            break
        names.append(step.name)
    return tuple(names)


def _is_decoded(selector: Selector) -> bool:
    """True where the slot holds the very value that is selected, and not just the way to it."""
    return len(_slot(selector)) == len(selector.steps)


def _is_rooted(root: Condition) -> bool:
    return all(_slot(leaf.selector) for leaf in leaves(root))


def _leaf_test(leaf: Leaf) -> Callable[[Any], Truth]:
    """A test of the value found at the leaf's slot."""
    if not _is_decoded(leaf.selector):
        return _deep_test(leaf)
    holds = leaf_matcher(leaf)

    def test(value: Any) -> Truth:
        kind = type(value)
        if kind is float or (kind is int and value == 0):
            return PERHAPS  # 1.0 or 1e0, 0 or -0: the spelling is gone
        return YES if holds(MISSING if value is UNSET else value) else NO

    return test


def _deep_test(leaf: Leaf) -> Callable[[Any], Truth]:
    """The slot is only the way to an element: an absent one satisfies nothing but NOT EXISTS."""
    absent = PERHAPS if isinstance(leaf, NotExists) else NO
    return lambda value: absent if value is UNSET else PERHAPS


def _evaluator(
    node: Condition,
    *,
    getters: Mapping[Path, Getter],
    tests: dict[Leaf, Callable[[Any], Truth]],
) -> Callable[[Any], Truth]:
    if isinstance(node, And | Or):
        children = [_evaluator(child, getters=getters, tests=tests) for child in node.children]
        return partial(_all if isinstance(node, And) else _any, children)
    read = getters[_slot(node.selector)]
    test = tests.get(node)
    if test is None:
        test = tests[node] = _leaf_test(node)
    return lambda record: test(read(record))


def _all(children: Sequence[Callable[[Any], Truth]], record: Any) -> Truth:
    lowest = YES
    for child in children:
        truth = child(record)
        if truth == NO:
            return NO
        lowest = min(lowest, truth)
    return lowest


def _any(children: Sequence[Callable[[Any], Truth]], record: Any) -> Truth:
    highest = NO
    for child in children:
        truth = child(record)
        if truth == YES:
            return YES
        highest = max(highest, truth)
    return highest
