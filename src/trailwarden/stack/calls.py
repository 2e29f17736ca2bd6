"""One use of an intrinsic function, and what a function needs to be worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from trailwarden.errors import DefinitionError
from trailwarden.stack.nodes import Items, Node, Scalar, kind_of, unknown_in
from trailwarden.stack.template import null_error
from trailwarden.stack.unknown import UnknownValueError

if TYPE_CHECKING:
    from trailwarden.stack.intrinsics import Resolver


class Truth(NamedTuple):
    """What a condition says; ``value`` is None where that depends on something ``unknown``."""

    value: bool | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """``name`` with its ``argument``, which is not worked out yet; ``path`` is the call's place."""

    resolver: Resolver
    name: str
    argument: Node
    path: str

    def error(self, message: str, cure: str = "", node: Node | None = None) -> DefinitionError:
        mark = (node or self.argument).mark
        return self.resolver.document.error(mark, self.path, f"{self.name}: {message}", cure)

    def must_be_known(
        self, message: str, names: tuple[str, ...], node: Node | None = None
    ) -> UnknownValueError:
        mark = (node or self.argument).mark
        return UnknownValueError(
            f"{self.name}: {message}, and is not before deployment",
            names=names,
            location=self.resolver.document.location(mark, self.path),
            cure=self.resolver.parameters.cure(names),
        )

    def arguments(self, least: int, most: int | None = None) -> tuple[Node, ...]:
        """The arguments, not worked out, if their number is right."""
        most = least if most is None else most
        node = self.argument
        if isinstance(node, Items) and least <= len(node.items) <= most:
            return node.items
        given = len(node.items) if isinstance(node, Items) else kind_of(node)
        wanted = str(least) if least == most else f"{least} to {most}"
        raise self.error(
            f"takes a list of {wanted} arguments, not {given}", "complete or correct its list"
        )

    def resolve(self, node: Node) -> Node:
        """What an argument gives; there must be something."""
        found = self.resolver.resolve(node, self.path)
        if found is None:
            raise self.error("AWS::NoValue cannot be used here", "give a value", node)
        return found

    def text(self, node: Node) -> Scalar:
        """An argument that must give a single value."""
        found = self.resolve(node)
        if not isinstance(found, Scalar):
            raise self.error(
                f"a single value must stand here, not {kind_of(found)}", "give a text", node
            )
        if found.kind == "null":
            raise null_error(self.resolver.document, found.mark, self.path)
        return found

    def known(self, node: Node) -> str:
        """An argument whose value must be known now."""
        found = self.text(node)
        if found.unknown:
            raise self.must_be_known(f"{found.text} must be known here", found.unknown, node)
        return found.text

    def items(self, node: Node) -> tuple[Node, ...] | None:
        """An argument that must give a list; None for a list that is unknown."""
        found = self.resolve(node)
        if isinstance(found, Items):
            return found.items
        if isinstance(found, Scalar) and found.unknown:
            return None
        raise self.error(f"a list must stand here, not {kind_of(found)}", "give a list", node)

    def count_text(self, characters: int) -> None:
        """Before a text is made: keep all of them together within limits."""
        self.resolver.count_text(characters, self.argument.mark, self.path)

    def made(self, text: str, unknown: tuple[str, ...] = ()) -> Scalar:
        """A text that the function makes."""
        return self.resolver.made(text, self.argument.mark, unknown)

    def unknown(self, *nodes: Node) -> Scalar:
        """A token for what only the deployment tells: the same for the same arguments."""
        words = " ".join([self.name, *(self.resolver.spelled(node, self.path) for node in nodes)])
        names = tuple(dict.fromkeys(name for node in nodes for name in unknown_in(node)))
        return self.made(f"${{{words}}}", names or (words,))
