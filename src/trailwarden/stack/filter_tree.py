"""A filter policy as a tree: keys, the conditions on their values, and alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from trailwarden.errors import RequestError
from trailwarden.stack.filter_conditions import KINDS, Condition, condition_of, refusal
from trailwarden.text import visible

_MOST_COMBINATIONS = 150  # rule S-25


@dataclass(frozen=True, slots=True)
class Leaf:
    """A key's array: any of its conditions lets a value through.

    ``if_present`` and ``if_absent`` stand for ``{"exists": true}`` and ``{"exists": false}``.
    """

    conditions: tuple[Condition, ...]
    if_present: bool
    if_absent: bool
    combinations: int

    def accepts(self, value: object) -> bool:
        scalars = list(_scalars(value))
        if not scalars:
            return self.if_absent  # rule S-23: every other condition is false
        return self.if_present or any(
            condition(scalar) for condition in self.conditions for scalar in scalars
        )


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a policy: all keys must hold, and one of every group of alternatives."""

    keys: tuple[tuple[str, Leaf | Node], ...]
    alternatives: tuple[tuple[Node, ...], ...]

    @property
    def combinations(self) -> int:
        """The product over all arrays; alternatives add up."""
        return prod(part.combinations for _, part in self.keys) * prod(
            sum(node.combinations for node in group) for group in self.alternatives
        )

    @property
    def is_nested(self) -> bool:
        return any(isinstance(part, Node) for _, part in self.keys) or any(
            node.is_nested for group in self.alternatives for node in group
        )

    def accepts(self, value: object) -> bool:
        """True for an object whose keys hold, or an array with such an object (rule S-24)."""
        objects = list(_objects(value)) or [{}]
        return any(map(self._holds, objects))

    def _holds(self, fields: Mapping[str, object]) -> bool:
        return all(part.accepts(fields.get(key, ())) for key, part in self.keys) and all(
            any(node._holds(fields) for node in group) for group in self.alternatives
        )


def tree_of(policy: Mapping[str, object], depth: int = 1, level: int = 1) -> Node:
    """Read a policy. Raises :class:`~trailwarden.errors.RequestError`.

    ``depth`` counts nested keys, ``level`` alternatives as well.
    """
    keys: list[tuple[str, Leaf | Node]] = []
    alternatives: list[tuple[Node, ...]] = []
    if level > _MOST_COMBINATIONS:
        raise _too_complex()
    for key, value in policy.items():
        if group := _alternatives(key, value):
            alternatives.append(tuple(tree_of(part, depth, level + 1) for part in group))
        elif isinstance(value, Mapping):
            keys.append((key, tree_of(value, depth + 1, level + 1)))
        elif isinstance(value, list):
            keys.append((key, _leaf_of(value, depth)))
        else:
            raise refusal(
                f"{visible(key, 60)!r} has a bare value",
                "put the value into an array",
                f'"{key}" must be an object or an array',
            )
    node = Node(tuple(keys), tuple(alternatives))
    if node.combinations > _MOST_COMBINATIONS:
        raise _too_complex()
    return node


def _alternatives(key: str, value: object) -> list[Mapping[str, object]]:
    """The objects under ``$or``; none where that is an ordinary key with conditions."""
    if key != "$or" or not isinstance(value, list):
        return []
    objects = [part for part in value if isinstance(part, Mapping)]
    is_group = len(objects) == len(value) > 1
    return objects if is_group and not any(KINDS & part.keys() for part in objects) else []


def _leaf_of(definitions: list[object], depth: int) -> Leaf:
    if not definitions:
        raise refusal(
            "an array is empty", "name a value or a condition", "Empty arrays are not allowed"
        )
    exists: list[object] = []
    others: list[object] = []
    for definition in definitions:
        if isinstance(definition, Mapping) and set(definition) == {"exists"}:
            exists.append(definition["exists"])
        else:
            others.append(definition)
    if not all(isinstance(wanted, bool) for wanted in exists):
        raise refusal("exists must be true or false", 'write {"exists": true}')
    return Leaf(
        conditions=tuple(map(condition_of, others)),
        if_present=True in exists,
        if_absent=False in exists,
        combinations=len(definitions) * depth,
    )


def _too_complex() -> RequestError:
    return refusal(
        f"the policy has more than {_MOST_COMBINATIONS} combinations of values",
        "name fewer values, or use prefixes",
        "Filter policy is too complex",
    )


def _scalars(value: object) -> Iterator[object]:
    """The values in a field: itself, or those of its arrays. Objects are none."""
    return (part for part in _flat(value) if not isinstance(part, Mapping))


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    return (part for part in _flat(value) if isinstance(part, Mapping))


def _flat(value: object) -> Iterator[object]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list | tuple):
            waiting += part
        else:
            yield part
