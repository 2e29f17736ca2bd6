"""Coverage of a pattern by messages: which of its clauses did make a difference.

A clause is one comparison: a leaf of the syntax tree. It *decides* where the pattern's truth is the
other one if the clause's truth were, with all others as they are. A clause is covered by a message
on which it holds and decides, together with one on which it does not hold and decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.explain_model import Kind, Node
from trailwarden.patterns.explaining import explain
from trailwarden.patterns.implying import redundant
from trailwarden.patterns.jsonmatch import JsonMatcher
from trailwarden.patterns.messages import Message, object_of
from trailwarden.patterns.model import Condition, JsonSyntax
from trailwarden.patterns.pattern import FilterPattern

_GROUPS = (Kind.AND, Kind.OR, Kind.NOT)
_CLAUSES = (Kind.CONDITION, Kind.TERM, Kind.FIELD)
_MOST_KNOWN = 10_000  # combinations of truths that are remembered
_Reader = Callable[[Message], Sequence[bool]]


@dataclass(slots=True)
class Clause:
    """One comparison, and what the messages have shown of it so far.

    ``text`` is its canonical spelling. ``redundant`` is the clause beside it that makes it one
    that no message can cover, or empty: whatever satisfies this one satisfies that one too.
    """

    text: str
    redundant: str = ""
    true: bool = False
    false: bool = False
    decided_true: bool = False
    decided_false: bool = False

    @property
    def is_covered(self) -> bool:
        return self.decided_true and self.decided_false

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words; nothing of a clause that is covered."""
        if self.true and self.false and not (self.decided_true or self.decided_false):
            return ("never decided",)
        found = []
        if not self.decided_true:
            found.append("true decided nothing" if self.true else "never true")
        if not self.decided_false:
            found.append("false decided nothing" if self.false else "never false")
        return tuple(found)

    def see(self, holds: bool, decides: bool) -> None:
        if holds:
            self.true = True
            self.decided_true |= decides
        else:
            self.false = True
            self.decided_false |= decides


class Coverage:
    """What messages have shown of ``pattern``. The empty pattern has no clauses."""

    def __init__(self, pattern: FilterPattern) -> None:
        self._pattern = pattern
        self._root = _part(explain(pattern, "").root, [0])
        self._read = _reader(pattern)
        beside = _redundant(pattern)
        self._known: set[tuple[bool, ...]] = set()
        self._clauses = [
            Clause(part.text, beside[part.number]) if part.is_clause else None
            for part in _ends(self._root)
        ]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, from the left."""
        return tuple(clause for clause in self._clauses if clause is not None)

    def add(self, message: Message) -> None:
        """Look at one message. No text or bytes make it raise."""
        if all(clause is None or clause.is_covered for clause in self._clauses):
            return
        truths = tuple(self._read(message))
        if truths in self._known:
            return  # most records are alike to a pattern
        if len(self._known) < _MOST_KNOWN:
            self._known.add(truths)
        self._root.judge(truths)
        for number, decides in self._root.deciding():
            clause = self._clauses[number]
            if clause is not None:
                clause.see(truths[number], decides)


@dataclass(slots=True)
class _Part:
    """A node of the tree, with its truth for one message. An end has a number and no parts."""

    kind: Kind
    text: str
    counts: bool
    is_clause: bool
    number: int = -1
    parts: list[_Part] = field(default_factory=list)
    holds: bool = False

    def judge(self, truths: Sequence[bool]) -> bool:
        """Work out the truth of this part and of all below, from those of the ends."""
        if self.kind not in _GROUPS:
            self.holds = truths[self.number]
            return self.holds
        truth = [(part.judge(truths), part.counts) for part in self.parts]
        counted = [holds for holds, counts in truth if counts]
        if self.kind is Kind.NOT:
            self.holds = not counted[0]
        else:
            self.holds = all(counted) if self.kind is Kind.AND else any(counted)
        return self.holds

    def deciding(self, decides: bool = True) -> Iterator[tuple[int, bool]]:
        """The numbers of all ends, and whether the truth of the whole hangs on each."""
        if self.kind not in _GROUPS:
            yield self.number, decides
            return
        # In an and whatever does not hold settles it, in an or whatever holds.
        settles = self.kind is Kind.OR
        settling = sum(part.counts and part.holds is settles for part in self.parts)
        for part in self.parts:
            others = settling - (part.counts and part.holds is settles)
            alone = self.kind is Kind.NOT or others == 0
            yield from part.deciding(decides and part.counts and alone)


def _part(node: Node, numbers: list[int]) -> _Part:
    """The tree below ``node``, its ends numbered from the left. ``numbers`` holds the next one."""
    part = _Part(node.kind, node.text, node.counts, _is_clause(node))
    if node.kind in _GROUPS:
        part.parts = [_part(child, numbers) for child in node.children]
    else:
        part.number = numbers[0]
        numbers[0] += 1
    return part


def _is_clause(node: Node) -> bool:
    """A field without a test, a number of values and a term that is ignored are none."""
    return node.kind in _CLAUSES and node.counts and bool(node.operator)


def _ends(part: _Part) -> Iterator[_Part]:
    if part.kind in _GROUPS:
        for child in part.parts:
            yield from _ends(child)
    else:
        yield part


def _reader(pattern: FilterPattern) -> _Reader:
    """What tells the truth of every end for a message."""
    if isinstance(pattern.syntax, JsonSyntax):
        return _json_reader(pattern.syntax.root)
    return lambda message: [node.holds for node in _end_nodes(explain(pattern, message).root)]


def _json_reader(root: Condition) -> _Reader:
    """The same without the words, which take most of an explanation's time."""
    tests = [JsonMatcher(JsonSyntax(leaf)).matches for leaf in leaves(root)]

    def read(message: Message) -> list[bool]:
        fields = object_of(message)
        return [False] * len(tests) if fields is None else [test(fields) for test in tests]

    return read


def _end_nodes(node: Node) -> Iterator[Node]:
    if node.kind in _GROUPS:
        for child in node.children:
            yield from _end_nodes(child)
    else:
        yield node


def _redundant(pattern: FilterPattern) -> Sequence[str]:
    """For every end the clause that makes it redundant, or nothing."""
    if isinstance(pattern.syntax, JsonSyntax):
        return list(redundant(pattern.syntax.root))
    return [""] * sum(1 for _ in _end_nodes(explain(pattern, "").root))
