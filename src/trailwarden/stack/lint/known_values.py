"""Values that the fields of CloudTrail's records never have, though they look as if they had."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trailwarden.patterns.cover import leaves
from trailwarden.patterns.model import Comparison, Constant, Is, Number, Operator, Regex, Text
from trailwarden.patterns.values import comparison
from trailwarden.stack.lint.conditions import Rooted
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import json_rule
from trailwarden.stack.lint.event_sources import SUFFIXES, meant_source
from trailwarden.stack.lint.fields import VALUES, path_of
from trailwarden.stack.lint.operations import slip_of
from trailwarden.stack.lint.spelling import condition_text
from trailwarden.text import some_of

_SHOWN = 20  # of the values that a field has
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}")
_ERROR_CODES = (
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "Client.UnauthorizedOperation",
    "InvalidClientTokenId",
    "NoSuchBucket",
    "NoSuchEntity",
    "NoSuchEntityException",
    "Throttling",
    "ThrottlingException",
    "UnauthorizedOperation",
    "ValidationException",
    "VpceAccessDenied",
)
_PERCENT = 3  # characters: two signs and something between them


def _tests(one: Rooted) -> Iterator[Comparison]:
    """The equalities and their opposites."""
    for leaf in leaves(one.root):
        if isinstance(leaf, Comparison) and leaf.operator in (Operator.EQUAL, Operator.NOT_EQUAL):
            yield leaf


def _effect(leaf: Comparison) -> str:
    return "never holds" if leaf.operator is Operator.EQUAL else "excludes nothing"


@json_rule("TW136", "warning")
def value_that_the_field_never_has(one: Rooted) -> Iterator[Said]:
    """Values are compared letter by letter: ``userIdentity.type`` is ``Root`` and never ``root``,
    ``MFAUsed`` is ``Yes`` or ``No``. A value that CloudTrail never writes matches nothing, and a
    ``!=`` with it excludes nothing.
    """
    for leaf in _tests(one):
        known = VALUES.get(path_of(leaf.selector))
        if known is None or isinstance(leaf.value, Regex):
            continue
        if not any(map(comparison(Operator.EQUAL, leaf.value), known)) and not _is_spare(one, leaf):
            yield (
                f"{condition_text(leaf)} in the filter {one.name} {_effect(leaf)}: CloudTrail "
                "never writes this value there",
                _meant(leaf.value, known),
            )
    for test in leaves(one.root):
        if isinstance(test, Is) and test.constant is not Constant.NULL:
            known = VALUES.get(path_of(test.selector))
            if known is not None:
                yield (
                    f"{condition_text(test)} in the filter {one.name} never holds: CloudTrail "
                    "writes this field as a text, not as a boolean",
                    f'compare it with = "{_boolean(test.constant, known)}"',
                )
    for leaf in _tests(one):
        if path_of(leaf.selector) == "awsRegion" and isinstance(leaf.value, Text | Number):
            text = leaf.value.text if isinstance(leaf.value, Text) else leaf.value.spelling
            if "*" not in text and not _REGION.fullmatch(text):
                yield (
                    f"{condition_text(leaf)} in the filter {one.name} {_effect(leaf)}: this is "
                    "no name of a Region",
                    "write it as us-east-1 is written",
                )


def _is_spare(one: Rooted, leaf: Comparison) -> bool:
    """True for another spelling of a value that the pattern asks for as well: to be sure."""
    return isinstance(leaf.value, Text) and any(
        other.selector == leaf.selector
        and other.operator is leaf.operator
        and isinstance(other.value, Text)
        and other.value.text.lower() == leaf.value.text.lower()
        and other.value.text in VALUES[path_of(leaf.selector)]
        for other in _tests(one)
    )


def _boolean(constant: Constant, known: tuple[str, ...]) -> str:
    wanted = constant is Constant.TRUE
    for yes, no in (("true", "false"), ("Yes", "No"), ("Success", "Failure")):
        if yes in known:
            return yes if wanted else no
    return known[0]


def _meant(value: Text | Number, known: tuple[str, ...]) -> str:
    text = (value.text if isinstance(value, Text) else value.spelling).strip("*")
    same = [name for name in known if name.lower() == text.lower()]
    near = same or [name for name in known if slip_of(text, name)]
    if near:
        return (
            f"did you mean {near[0]}? Values are case sensitive"
            if same
            else (f"did you mean {near[0]}?")
        )
    return f"its values are {some_of(known, _SHOWN)}"


@json_rule("TW135", "warning")
def event_source_that_is_no_host(one: Rooted) -> Iterator[Said]:
    """``eventSource`` is the host of a service, such as ``iam.amazonaws.com``, in small letters.
    Nothing else equals it: neither ``iam`` nor ``aws.iam``, as EventBridge has it.
    """
    for leaf in _tests(one):
        if path_of(leaf.selector) != "eventSource" or isinstance(leaf.value, Regex):
            continue
        right = _right_source(leaf.value)
        if right is not None:
            yield (
                f"{condition_text(leaf)} in the filter {one.name} {_effect(leaf)}: there is no "
                "such event source",
                f"did you mean {right}?"
                if right
                else "write the service's host, such as iam.amazonaws.com",
            )


def _right_source(value: Text | Number) -> str | None:
    """As meant_source, for a value with wildcards as well."""
    text = value.text if isinstance(value, Text) else value.spelling
    if text.startswith("*"):
        core = text.strip("*")
        ends = text.endswith("*") or any(
            core.endswith(suffix) or suffix.endswith(core) for suffix in SUFFIXES
        )
        return None if ends and core == core.lower() else ""
    if not text.endswith("*"):
        return meant_source(text)
    label, dot, rest = text.rstrip("*").partition(".")
    if label != label.lower() or label == "aws" or " " in text:
        return meant_source(label + "." + SUFFIXES[0]) or ""
    starts = (f"{SUFFIX}" for SUFFIX in SUFFIXES)
    return None if not dot or "." in rest or any(one.startswith(rest) for one in starts) else ""


@json_rule("TW137", "warning")
def misspelt_error_code(one: Rooted) -> Iterator[Said]:
    """An error code with a slip of the pen, or in the wrong case, is none that services answer
    with. Services have codes of their own, so that only what is one slip away from a common one is
    found.
    """
    for leaf in _tests(one):
        if path_of(leaf.selector) != "errorCode" or not isinstance(leaf.value, Text):
            continue
        text = leaf.value.text.strip("*")
        if any(map(comparison(Operator.EQUAL, leaf.value), _ERROR_CODES)):
            continue
        near = [
            right for right in _ERROR_CODES if text.lower() == right.lower() or slip_of(text, right)
        ]
        if near and text not in _ERROR_CODES and not _is_part(leaf.value.text, text):
            yield (
                f"{condition_text(leaf)} in the filter {one.name} {_effect(leaf)}: services "
                "answer with no such code",
                f"did you mean {near[0]}?",
            )


def _is_part(written: str, text: str) -> bool:
    """True for the beginning of a code, or the end of one, with a star for the rest."""
    return (written.endswith("*") and any(one.startswith(text) for one in _ERROR_CODES)) or (
        written.startswith("*") and any(one.endswith(text) for one in _ERROR_CODES)
    )


@json_rule("TW115", "warning")
def quoted_expression(one: Rooted) -> Iterator[Said]:
    """Between quotation marks the signs of a regular expression are plain characters: the value
    would have to hold them.
    """
    for leaf in _tests(one):
        if isinstance(leaf.value, Text):
            text = leaf.value.text
            inner = text.strip("*")
            if len(inner) >= _PERCENT and inner[0] == inner[-1] == "%":
                yield (
                    f"{condition_text(leaf)} in the filter {one.name} {_effect(leaf)}: between "
                    "quotation marks % is a plain character",
                    f"write {inner} without quotation marks",
                )
