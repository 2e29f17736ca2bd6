"""How much of what there is a stack holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trailwarden.stack.model import Stack
from trailwarden.text import visible

_DENIED = "access-denied"
_TOLD = frozenset({_DENIED, "no-metric-filters", "no-trail-log-group"})
_ALARM = "AWS::CloudWatch::Alarm"
_CHAIN = frozenset({_ALARM, "AWS::CloudWatch::CompositeAlarm", "AWS::Logs::MetricFilter"})
_NAME = 100  # characters


@dataclass(frozen=True, slots=True)
class Scope:
    """With ``is_whole`` what the stack does not hold is nowhere. Otherwise it is not known.

    ``where`` says what was looked through, ``cure`` how to know more.
    """

    is_whole: bool
    where: str
    cure: str
    has_unread_alarms: bool = False


def scope_of(stack: Stack, *, is_live: bool) -> Scope:
    """A live account is whole if all of it could be read."""
    if not is_live:
        unread = any(one.type == _ALARM for one in stack.not_run)
        cure = "audit the live account (--stack aws)"
        return Scope(False, "in this template", cure, unread)
    if any(note.code == _DENIED for note in stack.notes):
        cure = "allow the calls that the notes of this audit name"
        return Scope(False, "in what may be read of the account", cure)
    return Scope(True, "in the account", "look it up in the account")


def notes_of(stack: Stack) -> Iterator[str]:
    """What was left out of the stack, and so of the audit; harmless on a terminal."""
    for note in stack.notes:
        if note.code in _TOLD:
            yield visible(note.message, 500)
    for one in stack.not_run:
        if one.type in _CHAIN:
            yield f"{visible(one.name, _NAME)} is not run: {visible(one.reason, 300)}"
