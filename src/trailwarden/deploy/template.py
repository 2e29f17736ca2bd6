"""A template as data: parameters, conditions, resources, outputs, in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from trailwarden.deploy.values import Equals, Intrinsic, Not, Value


@dataclass(frozen=True, slots=True)
class Parameter:
    """``group`` is the heading under which the console asks for it."""

    group: str
    description: str
    default: str | int
    allowed_values: tuple[str | int, ...] = ()
    allowed_pattern: str | None = None
    min_value: int | None = None

    @property
    def type(self) -> str:
        return "Number" if isinstance(self.default, int) else "String"


@dataclass(frozen=True, slots=True)
class Resource:
    """``is_kept`` when the stack is deleted or the resource replaced.

    ``comment`` says why it is as it is. ``ignores`` are findings of lint that are meant to be, and
    ``waived`` the checks of checkov that do not hold here, by id.
    """

    type: str
    properties: dict[str, Value]
    condition: str | None = None
    depends_on: str | None = None
    is_kept: bool = False
    comment: str = ""
    ignores: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """A value that the stack tells; only where ``condition`` holds, if it has one."""

    description: str
    value: Intrinsic
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template or a part of one, which has no ``command`` (the command line that makes it)."""

    command: str = ""
    description: str = ""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    conditions: dict[str, Equals | Not] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)

    def add(self, other: Template) -> None:
        """Take in the parts of another one, behind those that are here."""
        self.parameters.update(other.parameters)
        self.conditions.update(other.conditions)
        self.resources.update(other.resources)
        self.outputs.update(other.outputs)
