"""What stands in a template beside plain data: the few intrinsic functions that ours need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a parameter, or the name or ARN of a resource, by its logical id."""

    name: str


@dataclass(frozen=True, slots=True)
class GetAtt:
    """An attribute of a resource."""

    name: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Sub:
    """A text with ``${NAME}`` in it: parameters, and pseudo parameters such as AWS::StackName."""

    text: str


@dataclass(frozen=True, slots=True)
class If:
    """``then`` where the condition of this name holds, ``other`` where it does not."""

    condition: str
    then: Value
    other: Value


@dataclass(frozen=True, slots=True)
class Equals:
    """True if both are the same text. Stands in conditions only."""

    left: Ref
    right: str


@dataclass(frozen=True, slots=True)
class Not:
    """Stands in conditions only."""

    inner: Equals


Intrinsic: TypeAlias = Ref | GetAtt | Sub | If | Equals | Not
Value: TypeAlias = (
    "str | int | bool | Intrinsic | list[Value] | tuple[Value, ...] | dict[str, Value]"
)

NO_VALUE = Ref("AWS::NoValue")
"""As a property or in a list, the same as leaving it out."""

STACK_NAME = "${AWS::StackName}"
