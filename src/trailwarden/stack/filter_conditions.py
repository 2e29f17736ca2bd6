"""The conditions of a filter policy: what a value must be like (rule S-22)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import TypeGuard

from trailwarden.errors import RequestError
from trailwarden.text import visible

_AWS_PREFIX = "Invalid parameter: Attributes Reason: FilterPolicy: "
Condition = Callable[[object], bool]  # of a string, number, truth value or null
_LARGEST_NUMBER = 1e9
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LOWER, _UPPER = (">", ">="), ("<", "<=")


def refusal(message: str, cure: str, aws_message: str | None = None) -> RequestError:
    """The error for a policy that SNS refuses; ``aws_message`` without what it begins with."""
    return RequestError(
        f"FilterPolicy: {message}",
        field="FilterPolicy",
        aws_message=aws_message and _AWS_PREFIX + aws_message,
        cure=cure,
    )


def condition_of(definition: object) -> Condition:
    """The test for one element of a key's array, ``exists`` excepted."""
    if not isinstance(definition, Mapping):
        return _equals(definition)
    if len(definition) != 1:
        raise refusal(
            "a condition must have exactly one key",
            "write every condition as an object of its own",
            "Only one key allowed in match expression",
        )
    (kind, operand), *_ = definition.items()
    make = _MAKERS.get(kind)
    if make is None:
        raise refusal(
            f"{visible(str(kind), 60)!r} is not a kind of condition",
            f"use one of {', '.join(sorted(KINDS))}",
            f"Unrecognized match type {kind}",
        )
    return make(operand)


def _equals(wanted: object) -> Condition:
    if isinstance(wanted, bool) or wanted is None:
        return lambda value: value is wanted
    if isinstance(wanted, str):
        return lambda value: isinstance(value, str) and value == wanted
    number = _number(wanted)
    return lambda value: _is_number(value) and value == number


def _text(operand: object, kind: str) -> str:
    if not isinstance(operand, str):
        raise refusal(f"{kind} must be a string", f'write {{"{kind}": "…"}}')
    return operand


def _prefix(operand: object) -> Condition:
    text = _text(operand, "prefix")
    return lambda value: isinstance(value, str) and value.startswith(text)


def _suffix(operand: object) -> Condition:
    text = _text(operand, "suffix")
    return lambda value: isinstance(value, str) and value.endswith(text)


def _equals_ignore_case(operand: object) -> Condition:
    text = _text(operand, "equals-ignore-case").casefold()
    return lambda value: isinstance(value, str) and value.casefold() == text


def _anything_but(operand: object) -> Condition:
    if isinstance(operand, Mapping):
        if set(operand) != {"prefix"}:
            raise refusal("anything-but takes values or a prefix", "write the values as a list")
        excluded = [_prefix(operand["prefix"])]
    else:
        values = operand if isinstance(operand, list) else [operand]
        if not values:
            raise refusal(
                "anything-but has an empty list", "name a value", "Empty arrays are not allowed"
            )
        if not all(isinstance(value, str) or _is_number(value) for value in values):
            raise refusal("anything-but takes strings and numbers", "remove other values")
        excluded = [_equals(value) for value in values]
    return lambda value: not any(is_excluded(value) for is_excluded in excluded)


def _numeric(operand: object) -> Condition:
    parts = operand if isinstance(operand, list) else []
    signs, numbers = parts[::2], parts[1::2]
    is_range = len(signs) == 2 and signs[0] in _LOWER and signs[1] in _UPPER
    if (
        len(signs) != len(numbers)
        or not (len(signs) == 1 or is_range)
        or not all(isinstance(sign, str) and sign in _COMPARISONS for sign in signs)
    ):
        raise refusal(
            "numeric must be one comparison, or a lower bound and an upper one",
            'write for instance {"numeric": [">=", 1, "<", 5]}',
        )
    bounds = [
        (_COMPARISONS[sign], _number(bound)) for sign, bound in zip(signs, numbers, strict=True)
    ]
    if is_range and bounds[0][1] >= bounds[1][1]:
        raise refusal("the range of numeric is empty", "give the lower bound first")
    return lambda value: _is_number(value) and all(holds(value, bound) for holds, bound in bounds)


def _cidr(operand: object) -> Condition:
    try:
        network = ip_network(_text(operand, "cidr"), strict=False)
    except ValueError:
        raise refusal(
            "cidr must be a range of addresses", "write for instance 10.0.0.0/8"
        ) from None

    def is_inside(value: object) -> bool:
        try:
            return isinstance(value, str) and ip_address(value) in network
        except ValueError:
            return False

    return is_inside


_MAKERS: dict[str, Callable[[object], Condition]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _equals_ignore_case,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
}
KINDS = frozenset({*_MAKERS, "exists"})


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object) -> float:
    """A number of a policy: at most a thousand million either way, with five decimals (S-25)."""
    if not _is_number(value):
        raise refusal("a number must stand here", "write a number without quotation marks")
    if not -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER or round(value, 5) != value:
        raise refusal(
            "a number is beyond a thousand million, or has more than five decimals",
            "round the number",
        )
    return value
