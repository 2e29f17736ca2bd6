"""``[[sources]]``: where records come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast, get_args

from trailwarden.settings.model import SourceKind, SourceSettings
from trailwarden.settings.tables import Table
from trailwarden.settings.watch_section import read_region

_BUCKET = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,62}(/.*)?", re.DOTALL)
_QUEUE = re.compile(r"https?://[^\s/]+/.+")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
_SHORTEST_POLL, _LONGEST_POLL = 0.1, 86_400.0
_FORMS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "folder": (lambda text: "\0" not in text, "write the path of a folder"),
    "s3": (_BUCKET.fullmatch, "write s3://BUCKET/PREFIX"),
    "sqs": (
        _QUEUE.fullmatch,
        "write the queue's URL: https://sqs.REGION.amazonaws.com/ACCOUNT/NAME",
    ),
    "logs": (re.compile(r"[A-Za-z0-9_/.#-]{1,512}").fullmatch, "write the name of a log group"),
}


def read_sources(tables: list[Table]) -> tuple[SourceSettings, ...]:
    """The sources, in the order of the file; no two are the same."""
    found: list[SourceSettings] = []
    taken: dict[tuple[str | None, ...], str] = {}
    for table in tables:
        source = _read(table)
        if source is None:
            continue
        if source.name and ("name", source.name) in taken:
            table.error(
                "name", f"another source is called {table.as_written('name')}", "rename one"
            )
        what = (source.kind, source.address, source.region)
        if what in taken:
            table.error("address", "this source stands twice", "remove one of them")
        taken |= {what: "", ("name", source.name): ""}
        found.append(source)
    return tuple(found)


def _read(table: Table) -> SourceSettings | None:
    table.require("type", "address")
    kind = table.choice("type", get_args(SourceKind))
    address = table.text("address")
    source = SourceSettings(
        kind=cast("SourceKind", kind or "folder"),
        address=address or "",
        name=_name(table),
        poll=table.duration("poll", least=_SHORTEST_POLL, most=_LONGEST_POLL),
        region=read_region(table),
    )
    table.finish()
    if kind is None or address is None:
        return None
    is_right, cure = _FORMS[kind]
    if not is_right(address):
        table.error("address", f"{table.as_written('address')} is no address of {kind}", cure)
        return None
    return source


def _name(table: Table) -> str:
    name = table.text("name") or ""
    if name and not _NAME.fullmatch(name):
        table.error("name", "the name has blanks or is too long", "write a short word")
    return name
