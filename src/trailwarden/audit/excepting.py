"""Exceptions: controls that somebody accepts not to be whole, until a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from trailwarden.audit.model import ControlAudit, ExceptionState, ExceptionUse
from trailwarden.settings import ControlException
from trailwarden.stack.controls import VERSIONS, Control, Version, controls


def excepted(
    judged: Sequence[ControlAudit], exceptions: Iterable[ControlException], today: date
) -> tuple[tuple[ControlAudit, ...], tuple[ExceptionUse, ...]]:
    """The controls, with the exception that covers each, and what became of every exception.

    ``today`` is a day in UTC. Of several exceptions for one control the last one to expire holds.
    """
    uses = tuple(ExceptionUse(one, _state(one, judged, today)) for one in exceptions)
    holding = sorted(
        (use.exception for use in uses if use.state == "holds"), key=lambda one: one.expires
    )
    found = []
    for one in judged:
        mine = [rule for rule in holding if _is_about(rule, one.control, one.version)]
        found.append(replace(one, exception=mine[-1]) if mine else one)
    return tuple(found), uses


def known_names() -> Iterator[str]:
    """All that an exception may call a control by."""
    for one in controls():
        yield one.key
        if one.security_hub:
            yield one.security_hub
        yield from dict.fromkeys(number for v in VERSIONS if (number := one.id(v)))


def _state(one: ControlException, judged: Iterable[ControlAudit], today: date) -> ExceptionState:
    if one.control not in set(known_names()):
        return "unknown"
    if one.expires < today:
        return "expired"
    is_used = any(_is_about(one, each.control, each.version) for each in judged)
    return "holds" if is_used else "unused"


def _is_about(one: ControlException, control: Control, version: Version) -> bool:
    return one.control in (control.key, control.security_hub, control.id(version))
