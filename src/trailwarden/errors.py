"""The one exception tree.

Every error says what is wrong, where, and how to mend it. Errors raised here end a run (exit
status 2); an input that merely could not be used is a :class:`trailwarden.problems.Problem`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands: ``source`` is a file path, a URI or ``<stdin>``.

    ``line`` and ``column`` count from 1. ``key`` is the path to an object inside the source, such
    as ``Resources.RootAlarm.Properties.Period`` or ``Records[17]``.
    """

    source: str
    line: int | None = None
    column: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        text = self.source
        if self.line is not None:
            text += f":{self.line}"
            if self.column is not None:
                text += f":{self.column}"
        if self.key is not None:
            text += f" ({self.key})"
        return text


def caret(text: str, offset: int, width: int = 72) -> str:
    """Two lines: the part of ``text`` around ``offset``, and a caret under that character."""
    start = max(0, offset - width // 2)
    end = min(len(text), start + width)
    left, right = "…" if start else "", "…" if end < len(text) else ""
    shown = "".join(c if c.isprintable() else " " for c in text[start:end])
    return f"  {left}{shown}{right}\n  {' ' * (len(left) + offset - start)}^"


class TrailwardenError(Exception):
    """Base of all errors that Trailwarden raises on purpose.

    ``message`` is one sentence without the place; ``cure`` says how to mend it, or is empty.
    """

    def __init__(self, message: str, *, location: Location | None = None, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.cure = cure

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}" if self.location else self.message
        text += self._pointer()
        return f"{text}\n  cure: {self.cure}" if self.cure else text

    def _pointer(self) -> str:
        """What follows the message to point at a character in a text, or nothing."""
        return ""


class UsageError(TrailwardenError):
    """A command line or a call that cannot be meant: an unknown stack, an unreadable time."""


class DefinitionError(TrailwardenError):
    """A definition that cannot be run: a template, a parameter, a pattern, an alarm."""


class DefinitionErrors(DefinitionError):  # noqa: N818 - they are many
    """Several definitions of one source that cannot be run: ``errors``, in the order of the text.

    Each of them has its own place and cure.
    """

    SHOWN = 50

    def __init__(
        self, errors: Sequence[DefinitionError], *, location: Location | None = None
    ) -> None:
        super().__init__(f"{len(errors):,} errors in the definitions", location=location)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        lines = [str(error) for error in self.errors[: self.SHOWN]]
        if len(self.errors) > self.SHOWN:
            lines.append(f"… and {len(self.errors) - self.SHOWN:,} more")
        return "\n".join(lines)


class PatternError(DefinitionError):
    """A filter pattern with a syntax error.

    ``offset`` (characters, from 0) is the first character that cannot be used; ``aws_message`` is
    what the service answers, where that is known.
    """

    def __init__(
        self,
        message: str,
        *,
        pattern: str,
        offset: int,
        aws_message: str | None = None,
        location: Location | None = None,
        cure: str = "",
    ) -> None:
        super().__init__(message, location=location, cure=cure)
        self.pattern = pattern
        self.offset = offset
        self.aws_message = aws_message

    def caret(self, width: int = 72) -> str:
        """Two lines: the pattern (its part around the offset) and a caret under the offset."""
        return caret(self.pattern, self.offset, width)

    def _pointer(self) -> str:
        return f" (at offset {self.offset})\n{self.caret()}"


class RequestError(DefinitionError):
    """A request (PutMetricFilter, Subscribe) that AWS would refuse. ``field`` is its member."""

    def __init__(
        self, message: str, *, field: str, aws_message: str | None = None, cure: str = ""
    ) -> None:
        super().__init__(message, cure=cure)
        self.field = field
        self.aws_message = aws_message


class AlarmConfigurationError(DefinitionError):
    """An alarm that CloudWatch would refuse. ``field`` is the CloudFormation property."""

    def __init__(
        self, message: str, *, field: str, location: Location | None = None, cure: str = ""
    ) -> None:
        super().__init__(message, location=location, cure=cure)
        self.field = field


class UnsupportedAlarmError(AlarmConfigurationError):
    """An alarm that CloudWatch accepts and Trailwarden cannot evaluate: metric math, say."""


class RuleError(AlarmConfigurationError):
    """An alarm rule of a composite alarm that cannot be used.

    ``offset`` (characters, from 0) is the first character of ``rule`` that is wrong.
    """

    def __init__(self, message: str, *, rule: str, offset: int, cure: str = "") -> None:
        super().__init__(message, field="AlarmRule", cure=cure)
        self.rule = rule
        self.offset = offset

    def caret(self, width: int = 72) -> str:
        """Two lines: the rule (its part around the offset) and a caret under the offset."""
        return caret(self.rule, self.offset, width)

    def _pointer(self) -> str:
        return f" (at offset {self.offset})\n{self.caret()}"


class InputError(TrailwardenError):
    """An input that could not be used. Readers turn it into a problem and go on.

    ``code`` is that of the problem: stable and short (``access-denied``).
    """

    def __init__(
        self, message: str, *, code: str, location: Location | None = None, cure: str = ""
    ) -> None:
        super().__init__(message, location=location, cure=cure)
        self.code = code


class DeliveryError(TrailwardenError):
    """A message that could not be handed over.

    With ``retryable`` it is worth another attempt later, not before ``retry_after`` seconds where
    the receiver asked for that; otherwise none will ever succeed.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        retry_after: float | None = None,
        cure: str = "",
    ) -> None:
        super().__init__(message, cure=cure)
        self.retryable = retryable
        self.retry_after = retry_after
