"""What a parameter's declaration allows as its value."""

from __future__ import annotations

from dataclasses import dataclass

from trailwarden.alarms.scalars import Properties
from trailwarden.errors import AlarmConfigurationError, DefinitionError
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Items, Mark, Scalar
from trailwarden.text import visible

_MAX_LENGTH = 4096  # characters, as in CloudFormation


@dataclass(frozen=True, slots=True)
class Constraints:
    """Checks values of the parameter ``name``, which came from ``mark``."""

    document: Document
    findings: Findings
    declaration: Entries
    name: str
    mark: Mark

    def check(self, value: str, *, is_number: bool) -> None:
        """Raises :class:`~trailwarden.errors.DefinitionError` for a value that is not allowed."""
        if len(value) > _MAX_LENGTH:
            raise self._refused(value, f"is longer than {_MAX_LENGTH:,} characters")
        self._check_allowed(value)
        self._check_range(value, len(value), "Length", below="shorter than", above="longer than")
        if is_number:
            self._check_number(value)
        self._check_pattern(value)

    def _check_allowed(self, value: str) -> None:
        allowed = self.declaration.get("AllowedValues")
        if not isinstance(allowed, Items):
            return
        values = [item.text for item in allowed.items if isinstance(item, Scalar)]
        if value not in values:
            shown = visible(", ".join(values), 500)
            raise self._refused(value, f"is none of its AllowedValues: {shown}")

    def _check_range(
        self, value: str, size: float, quantity: str, *, below: str, above: str
    ) -> None:
        least = self._limit(f"Min{quantity}")
        if least is not None and size < least:
            raise self._refused(value, f"is {below} its Min{quantity} {least:g}")
        most = self._limit(f"Max{quantity}")
        if most is not None and size > most:
            raise self._refused(value, f"is {above} its Max{quantity} {most:g}")

    def _check_number(self, value: str) -> None:
        try:
            number = Properties({self.name: value}).number(self.name) or 0.0
        except AlarmConfigurationError:
            raise self._refused(value, "is not a number") from None
        self._check_range(value, number, "Value", below="below", above="above")

    def _check_pattern(self, value: str) -> None:
        pattern = self.declaration.get("AllowedPattern")
        if not isinstance(pattern, Scalar):
            return
        import re2  # noqa: PLC0415 - few templates need it

        options = re2.Options()
        options.log_errors = False
        try:
            matches = re2.fullmatch(pattern.text, value, options=options) is not None
        except re2.error:
            self.findings.note(
                "pattern-not-checked",
                f"the AllowedPattern of the parameter {self.name} is a regular expression that "
                "cannot be matched in linear time, so its value is not checked",
                self.document.location(pattern.mark, f"Parameters.{self.name}.AllowedPattern"),
            )
            return
        if not matches:
            shown = visible(pattern.text, 200)
            raise self._refused(value, f"does not match its AllowedPattern {shown}")

    def _limit(self, key: str) -> float | None:
        """The limit under ``key``, if there is one."""
        node = self.declaration.get(key)
        if not isinstance(node, Scalar):
            return None
        try:
            return Properties({key: node.text}).number(key)
        except AlarmConfigurationError as error:
            raise self.document.error(
                node.mark, f"Parameters.{self.name}.{key}", error.message, error.cure
            ) from None

    def _refused(self, value: str, why: str) -> DefinitionError:
        secret = self.declaration.get("NoEcho")
        is_secret = isinstance(secret, Scalar) and secret.text.lower() == "true"
        shown = "the value" if is_secret else repr(visible(value, 100))
        return self.document.error(
            self.mark,
            f"Parameters.{self.name}",
            f"{shown} of the parameter {self.name} {why}",
            f"give another value: --parameter {self.name}=VALUE",
        )
