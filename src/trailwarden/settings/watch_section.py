"""``[watch]``: which stack is run, as what, and how long it waits."""

from __future__ import annotations

import re
from datetime import date, datetime

from trailwarden.settings.model import Secret, Settings
from trailwarden.settings.options import read_secret
from trailwarden.settings.tables import Table

ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}", re.ASCII)
_LISTEN = re.compile(r"(?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*):)?(\d{1,5})", re.ASCII)
_AGO = re.compile(r"\d{1,6}[smhdw]", re.ASCII)
MOST_LATENESS = 7 * 86_400.0


def read_watch(table: Table) -> Settings:
    """The settings of the section; those of the others are still empty."""
    defaults = Settings()
    lateness = table.duration("lateness", most=MOST_LATENESS)
    settings = Settings(
        stack=_stack(table),
        parameters=_parameters(table.table("parameters")),
        account=read_account(table, "account"),
        region=read_region(table),
        lateness=defaults.lateness if lateness is None else lateness,
        since=_since(table),
        listen=_listen(table),
        listen_token=_token(table),
    )
    table.finish()
    return settings


def _stack(table: Table) -> str | tuple[str, ...] | None:
    """The name of the stack, or those of the templates that are one together."""
    if isinstance(table.get("stack"), list):
        return table.texts("stack")
    return table.text("stack")


def read_account(table: Table, key: str) -> str | None:
    """An account's twelve digits."""
    value = table.text(key)
    if value is None or ACCOUNT.fullmatch(value):
        return value
    table.error(key, f"{table.as_written(key)} is no account", "write its twelve digits in quotes")
    return None


def read_region(table: Table) -> str | None:
    """A region's name."""
    value = table.text("region")
    if value is None or _REGION.fullmatch(value):
        return value
    table.error(
        "region", f"{table.as_written('region')} is no region", 'write such as "eu-central-1"'
    )
    return None


def _parameters(table: Table | None) -> dict[str, str]:
    """Values of the template's parameters; numbers and booleans as CloudFormation spells them."""
    found: dict[str, str] = {}
    if table is None:
        return found
    for key in table.values:
        value = table.get(key)
        if isinstance(value, bool):
            found[key] = str(value).lower()
        elif isinstance(value, int) and abs(value) < 10**18:
            found[key] = str(value)
        elif value == "":  # a parameter may well be empty
            found[key] = ""
        else:
            text = table.text(key)
            found |= {} if text is None else {key: text}
    return found


def _since(table: Table) -> str | None:
    """A time, or a span before the start of the run; kept as text, as its meaning depends on it."""
    value = table.get("since")
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = table.text("since")
    if text is None or _AGO.fullmatch(text.strip()):
        return text
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        table.error(
            "since",
            f"{table.as_written('since')} is no time",
            "write such as 2024-05-01, 2024-05-01T12:00:00Z, or a span before now: 36h, 7d",
        )
        return None
    return text


def _listen(table: Table) -> str | None:
    text = table.text("listen")
    if text is None:
        return None
    match = _LISTEN.fullmatch(text)
    if match is None or int(match[2]) > 65_535:
        table.error(
            "listen",
            f"{table.as_written('listen')} is no address",
            'write HOST:PORT, such as "127.0.0.1:9464" or "[::1]:9464"',
        )
        return None
    return text


def _token(table: Table) -> Secret | None:
    """Who asks from beyond this host must show it."""
    return read_secret(table, "listen_token")
