"""``[[mutes]]``: what is not told."""

from __future__ import annotations

import re
from datetime import time

from trailwarden.settings.findings import did_you_mean, shown
from trailwarden.settings.model import Mute
from trailwarden.settings.tables import Table

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(day[:3] for day in _DAYS)
_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?", re.ASCII)
_MIDNIGHT = time(0)


def read_mutes(tables: list[Table]) -> tuple[Mute, ...]:
    """The mutes, in the order of the file."""
    return tuple(map(_read, tables))


def _read(table: Table) -> Mute:
    mute = Mute(
        reason=table.text("reason") or "",
        alarm=table.text("alarm"),
        principal=table.text("principal"),
        account=_account(table),
        state=_state(table),
        days=_days(table),
        start=_time_of_day(table, "from"),
        end=_time_of_day(table, "to"),
    )
    table.finish()
    _check_window(table, mute)
    if not table.values.keys() & {"alarm", "principal", "account", "state", "days", "from", "to"}:
        table.findings.error(
            table.path,
            "this would mute everything, for ever",
            "say what it mutes: alarm, principal, account, state, days, or from and to; "
            'alarm = "*" means all',
        )
    return mute


def _check_window(table: Table, mute: Mute) -> None:
    given = [key for key in ("from", "to") if key in table.values]
    if len(given) == 1:
        missing = "to" if given == ["from"] else "from"
        table.error(given[0], f"{shown(missing)} is missing", "give both, or none of them")
    elif mute.start is not None and mute.start == mute.end:
        table.error("to", "from and to are the same time", "leave both out for the whole day")


def _account(table: Table) -> str | None:
    """A glob for twelve digits."""
    value = table.text("account")
    if value is not None and not re.fullmatch(r"[\d*?\[\]!-]+", value):
        table.error(
            "account", f"{table.as_written('account')} is no account", "write twelve digits, or a *"
        )
    return value


def _state(table: Table) -> str | None:
    value = table.text("state")
    if value is not None and value not in _STATES and not re.search(r"[*?\[]", value):
        table.error(
            "state",
            f"{table.as_written('state')} is no state",
            did_you_mean(value.upper(), _STATES),
        )
    return value


def _days(table: Table) -> frozenset[int]:
    days = table.members("days", (*_DAYS, *_SHORT), "day", fold=True)
    if days == () and table.values["days"] == []:
        table.error("days", "no day is named", "name some, or remove the key for every day")
    return frozenset(_SHORT.index(day[:3]) for day in days or ())


def _time_of_day(table: Table, key: str) -> time | None:
    value = table.get(key)
    if isinstance(value, time):
        return value
    text = table.text(key)
    if text is None:
        return None
    match = _TIME.fullmatch(text.strip())
    if match is not None:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if hour == 24 and minute == second == 0:
            return _MIDNIGHT
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    table.error(
        key, f"{table.as_written(key)} is no time of day", 'write HH:MM in UTC, such as "22:00"'
    )
    return None
