"""Values that a pattern compares with, and that mean something else than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import Comparison, Condition, Number, Operator, Selector, Text
from trailwarden.stack.lint.conditions import Rooted
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import cloudtrail_rule, json_rule
from trailwarden.stack.lint.fields import TEXTS, VALUES, path_of
from trailwarden.stack.lint.spelling import condition_text, selector_text

_ORDERINGS = (
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
)
_ERROR_CODES = (
    ("AccessDenied", '"AccessDenied*"'),
    ("UnauthorizedOperation", '"*UnauthorizedOperation"'),
)


def _comparisons(root: Condition) -> Iterator[Comparison]:
    return (leaf for leaf in leaves(root) if isinstance(leaf, Comparison))


@json_rule("TW107", "warning")
def star_in_the_middle(one: Rooted) -> Iterator[Said]:
    """A star is a wildcard at an end of a value only; inside it is a plain star (rule 5.4)."""
    for leaf in _comparisons(one.root):
        if isinstance(leaf.value, Text) and "*" in leaf.value.text.strip("*"):
            yield (
                f"the star inside {condition_text(leaf)} of the filter {one.name} is no wildcard, "
                "only one at an end is",
                "list the values, or use a regular expression such as %^Create.*Gateway$%",
            )


@json_rule("TW108", "warning")
def compared_with_boolean(one: Rooted) -> Iterator[Said]:
    """``= true`` is satisfied by the text "true" and never by the boolean, ``= null`` by no null
    (rule 5.3). ``mfaAuthenticated`` of CloudTrail is one of the few fields that hold such texts.
    """
    for leaf in _comparisons(one.root):
        if (
            isinstance(leaf.value, Text)
            and leaf.value.text.lower() in ("true", "false", "null")
            and not _holds_texts(leaf.selector)
        ):
            yield (
                f"{condition_text(leaf)} in the filter {one.name} looks at texts only: a boolean "
                "or null satisfies neither = nor !=",
                f"write {selector_text(leaf.selector)} IS {leaf.value.text.upper()}",
            )


def _holds_texts(selector: Selector) -> bool:
    """True for fields that hold texts by CloudTrail's rules: TW136 knows which ones."""
    return path_of(selector) in VALUES or selector_text(selector).endswith(".mfaAuthenticated")


@cloudtrail_rule("TW124", "error")
def ordering_of_texts(one: Rooted) -> Iterator[Said]:
    """An ordering is never satisfied by a text (rule 5.3), not even by ``"10" > 1``."""
    for leaf in _comparisons(one.root):
        if leaf.operator in _ORDERINGS and path_of(leaf.selector) in TEXTS:
            yield (
                f"{condition_text(leaf)} in the filter {one.name} never holds: CloudTrail writes "
                "this field as a text",
                "compare it with = or !=",
            )


@json_rule("TW125", "warning")
def exact_error_code(one: Rooted) -> Iterator[Said]:
    """``AccessDenied`` without a star misses ``AccessDeniedException``, and EC2 says
    ``Client.UnauthorizedOperation`` (section 10).
    """
    codes = {
        leaf.value.text
        for leaf in _comparisons(one.root)
        if leaf.operator is Operator.EQUAL
        and isinstance(leaf.value, Text)
        and path_of(leaf.selector) == "errorCode"
    }
    for exact, wide in _ERROR_CODES:
        if exact in codes and not any("*" in code and exact in code for code in codes):
            yield (
                f"the filter {one.name} looks for the error code {exact} only, which services "
                "spell in several ways",
                f"write $.errorCode = {wide}",
            )


@json_rule("TW130", "warning")
def number_for_an_account(one: Rooted) -> Iterator[Said]:
    """A bare account number with a leading zero is read as a number as well as a text; quotation
    marks keep it as it is (rule 5.4).
    """
    for leaf in _comparisons(one.root):
        if (
            isinstance(leaf.value, Number)
            and leaf.value.spelling.startswith("0")
            and leaf.value.spelling.strip("0").isdigit()
        ):
            yield (
                f"{condition_text(leaf)} in the filter {one.name} has a number with leading zeros",
                f'write "{leaf.value.spelling}"',
            )
