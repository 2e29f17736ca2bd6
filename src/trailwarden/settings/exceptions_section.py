"""``[[exceptions]]``: controls that are accepted not to be whole, by whom, why and until when."""

from __future__ import annotations

import re
from datetime import date, datetime

from trailwarden.settings.findings import shown
from trailwarden.settings.model import ControlException
from trailwarden.settings.tables import Table

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_exceptions(tables: list[Table]) -> tuple[ControlException, ...]:
    """The exceptions, in the order of the file."""
    return tuple(map(_read, tables))


def _read(table: Table) -> ControlException:
    table.require("control", "reason", "owner", "expires")
    found = ControlException(
        control=table.text("control") or "",
        reason=table.text("reason") or "",
        owner=table.text("owner") or "",
        expires=_date(table) or date.max,
        location=table.findings.place(table.path),
    )
    table.finish()
    return found


def _date(table: Table) -> date | None:
    """The last day on which the exception holds (UTC)."""
    value = table.get("expires")
    if isinstance(value, datetime):
        table.error("expires", "this is a time, not a date", "write a day, such as 2026-12-31")
        return None
    if isinstance(value, date):
        return value
    text = table.text("expires")
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # no day of the calendar
    table.error("expires", f"{shown(text)} is no date", "write a day, such as 2026-12-31")
    return None
