"""Events that a pattern looks for: those of other services too, or not all that were meant."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import And, Comparison, Condition, Leaf, Operator, Or
from trailwarden.stack.lint.conditions import Rooted
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import json_rule
from trailwarden.stack.lint.fields import SHARED_NAMES, path_of
from trailwarden.text import some_of

_SHOWN = 3  # names in one finding


@json_rule("TW126", "warning")
def name_of_many_services(one: Rooted) -> Iterator[Said]:
    """Services share names of events (CreatePolicy of IoT, CreateRoute of API Gateway), so that a
    filter without an event source counts what it is not about.
    """
    names = [name for name in dict.fromkeys(_unsourced(one.root)) if name in SHARED_NAMES]
    if names:
        yield (
            f"the filter {one.name} looks for {some_of(names, _SHOWN)} of any service: "
            "others have events of this name",
            f"add ($.eventSource = {SHARED_NAMES[names[0]]}.amazonaws.com) &&",
        )


def _unsourced(node: Condition) -> Iterator[str]:
    """The event names that count whatever the event source is."""
    if isinstance(node, And):
        if any(_on_source(child) for child in node.children):
            return
        for child in node.children:
            yield from _unsourced(child)
    elif isinstance(node, Or):
        for child in node.children:
            yield from _unsourced(child)
    elif path_of(node.selector) == "eventName" and (name := literal_of(node)) is not None:
        yield name


def _on_source(node: Condition) -> bool:
    """True for a condition on the event source, and for alternatives of such."""
    return all(
        path_of(leaf.selector) == "eventSource"
        and isinstance(leaf, Comparison)
        and leaf.operator is Operator.EQUAL
        for leaf in leaves(node)
    )


@json_rule("TW127", "warning")
def one_message_of_failed_sign_in(one: Rooted) -> Iterator[Said]:
    """A failed sign-in has more messages than ``Failed authentication``: a wrong user name has
    another.
    """
    parts = list(leaves(one.root))
    if any(_is(leaf, "errorMessage", "Failed authentication") for leaf in parts) and not any(
        path_of(leaf.selector) == "responseElements.ConsoleLogin" for leaf in parts
    ):
        yield (
            f"the filter {one.name} knows one message of failed sign-ins: one with a wrong user "
            "name has another",
            'look for $.responseElements.ConsoleLogin = "Failure" as well',
        )


@json_rule("TW128", "warning")
def root_without_console(one: Rooted) -> Iterator[Said]:
    """``invokedBy NOT EXISTS`` leaves out what root does in the console, where records carry
    ``signin.amazonaws.com``.
    """
    parts = list(leaves(one.root))
    if not any(_is(leaf, "userIdentity.type", "Root") for leaf in parts):
        return
    about = [leaf for leaf in parts if path_of(leaf.selector) == "userIdentity.invokedBy"]
    if about and not any(isinstance(leaf, Comparison) for leaf in about):
        yield (
            f"the filter {one.name} leaves out what root does in the console: such records may "
            "have invokedBy signin.amazonaws.com",
            'add || ($.userIdentity.invokedBy = "signin.amazonaws.com")',
        )


def _is(leaf: Leaf, path: str, text: str) -> bool:
    return path_of(leaf.selector) == path and literal_of(leaf) == text
