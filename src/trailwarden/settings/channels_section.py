"""``[channels.NAME]``: the ways to tell people and machines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar, cast

from trailwarden.settings.findings import shown
from trailwarden.settings.model import ChannelKind, ChannelSettings
from trailwarden.settings.options import Option, read_options
from trailwarden.settings.tables import Table

GROUP_BY = ("alarm", "filter", "principal", "account", "state")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_LONGEST_WAIT = 86_400.0
_SHORTEST_REPEAT, _LONGEST_REPEAT = 60.0, 30 * 86_400.0
_Kind = TypeVar("_Kind", bound=str)


def read_channels(
    table: Table, options: Mapping[_Kind, Mapping[str, Option]]
) -> tuple[ChannelSettings, ...]:
    """The channels that can be used; ``options`` says what each kind of channel takes."""
    by_kind: dict[str, Mapping[str, Option]] = {str(kind): value for kind, value in options.items()}
    found: list[ChannelSettings] = []
    for name in table.values:
        if not _NAME.fullmatch(name):
            table.error(
                name,
                f"{shown(name)} is no name for a channel",
                "use letters, digits, '.', '_' and '-', at most 64",
            )
        part = table.table(name)
        channel = None if part is None else _read(part, name, by_kind)
        found += [] if channel is None else [channel]
    return tuple(found)


def _read(
    table: Table, name: str, options: Mapping[str, Mapping[str, Option]]
) -> ChannelSettings | None:
    table.require("type")
    kind = table.choice("type", options)
    # An empty array: nothing needs to be the same, so all go into one message.
    group_by = table.members("group_by", GROUP_BY, "thing to group by")
    group_wait = table.duration("group_wait", most=_LONGEST_WAIT)
    repeat = _repeat(table)
    if kind is None:
        return None  # which other keys there may be is not known
    given = read_options(table, options[kind])
    table.finish()
    return ChannelSettings(
        name=name,
        kind=cast("ChannelKind", kind),
        options=given,
        group_by=("alarm",) if group_by is None else group_by,
        group_wait=group_wait or 0.0,
        repeat=repeat or 0.0,
    )


def _repeat(table: Table) -> float | None:
    seconds = table.duration("repeat", most=_LONGEST_REPEAT)
    if seconds is not None and 0 < seconds < _SHORTEST_REPEAT:
        table.error(
            "repeat", "an alarm would be told too often", "write 1m or more, or 0 for never"
        )
    return seconds
