"""Conditions: true, false, or unknown where they depend on what is unknown until deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from trailwarden.stack.calls import Truth
from trailwarden.stack.loops import expand
from trailwarden.stack.nodes import Entries, Entry, Items, Mark, Node, Scalar, unknown_in
from trailwarden.stack.template import TRANSFORM, did_you_mean, wrong_kind

if TYPE_CHECKING:
    from trailwarden.stack.intrinsics import Resolver

_FUNCTIONS = ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition")


class Conditions:
    """Evaluates the conditions of a template, each of them once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._document = resolver.document
        self._known: dict[str, Truth] = {}
        self._in_work: list[str] = []

    @cached_property
    def _declared(self) -> Mapping[str, Entry]:
        """The template's conditions, loops expanded."""
        return expand(self._resolver, self._resolver.template.conditions, "Conditions")

    def named(self, name: str, mark: Mark, path: str) -> Truth:
        """The condition ``name``, which is used at ``path``.

        Raises :class:`~trailwarden.errors.DefinitionError` for an unknown name, for a cycle, and
        for a condition that is written wrongly.
        """
        if name in self._known:
            return self._known[name]
        declared = self._declared
        if name not in declared and self._resolver.template.has_macros:
            return Truth(None, (name,))
        if name not in declared:
            raise self._document.error(
                mark,
                path,
                f"there is no condition {name!r}",
                did_you_mean(name, declared) or "define it in Conditions",
            )
        if name in self._in_work:
            cycle = " -> ".join([*self._in_work[self._in_work.index(name) :], name])
            raise self._document.error(
                declared[name].key_mark,
                f"Conditions.{name}",
                f"conditions depend on each other in a cycle: {cycle}",
                "change one of them",
            )
        self._in_work.append(name)
        try:
            with self._resolver.nested(mark, path):
                truth = self._evaluate(declared[name].value, f"Conditions.{name}")
        finally:
            self._in_work.pop()
        self._known[name] = truth
        return truth

    def _evaluate(self, node: Node, path: str) -> Truth:
        if isinstance(node, Entries) and TRANSFORM in node.entries:
            return Truth(None, (TRANSFORM,))
        function, argument = self._function(node, path)
        if function == "Condition":
            if not isinstance(argument, Scalar):
                raise wrong_kind(self._document, argument, path, "the name of a condition")
            return self.named(argument.text, argument.mark, path)
        if not isinstance(argument, Items):
            raise wrong_kind(self._document, argument, path, "a list")
        if function == "Fn::Equals":
            return self._equals(argument, path)
        with self._resolver.nested(argument.mark, path):
            truths = [self._evaluate(item, path) for item in argument.items]
        if function == "Fn::Not":
            self._check_count(argument, path, 1)
            value = truths[0].value
            return Truth(None if value is None else not value, truths[0].unknown)
        if not truths:
            raise self._document.error(argument.mark, path, "there is no condition in the list")
        return _any(truths) if function == "Fn::Or" else _all(truths)

    def _function(self, node: Node, path: str) -> tuple[str, Node]:
        if isinstance(node, Entries) and len(node.entries) == 1:
            [(name, entry)] = node.entries.items()
            if name in _FUNCTIONS:
                return name, entry.value
        raise self._document.error(
            node.mark,
            path,
            "a condition must stand here",
            f"use one of {', '.join(_FUNCTIONS)}",
        )

    def _equals(self, argument: Items, path: str) -> Truth:
        self._check_count(argument, path, 2)
        sides = [self._resolver.resolve(item, path) for item in argument.items]
        first, second = (
            "" if side is None else self._resolver.spelled(side, path) for side in sides
        )
        unknown = [name for side in sides if side is not None for name in unknown_in(side)]
        if unknown and first != second:
            return Truth(None, tuple(dict.fromkeys(unknown)))
        return Truth(first == second)

    def _check_count(self, argument: Items, path: str, count: int) -> None:
        if len(argument.items) != count:
            raise self._document.error(
                argument.mark,
                path,
                f"the list must hold {count}, and holds {len(argument.items)}",
                "correct the list",
            )


def _all(truths: Sequence[Truth]) -> Truth:
    if any(truth.value is False for truth in truths):
        return Truth(False)
    return _joined(truths, True)


def _any(truths: Sequence[Truth]) -> Truth:
    if any(truth.value for truth in truths):
        return Truth(True)
    return _joined(truths, False)


def _joined(truths: Sequence[Truth], value: bool) -> Truth:
    unknown = tuple(dict.fromkeys(name for truth in truths for name in truth.unknown))
    return Truth(None, unknown) if unknown else Truth(value)
