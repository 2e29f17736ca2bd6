"""``[[sources]]``: where records come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast, get_args

from trailwarden.settings.findings import shown
from trailwarden.settings.model import SourceKind, SourceSettings
from trailwarden.settings.tables import Table
from trailwarden.settings.watch_section import ACCOUNT, read_region

_BUCKET = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,62}(/.*)?", re.DOTALL)
_BUCKET_GLOB = re.compile(r"[A-Za-z0-9._*?\[\]!-]{1,255}")
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
        buckets=_buckets(table, kind),
        accounts=_accounts(table, kind),
    )
    table.finish()
    if kind is None or address is None:
        return None
    is_right, cure = _FORMS[kind]
    if not is_right(address):
        table.error("address", f"{table.as_written('address')} is no address of {kind}", cure)
        return None
    return source


def _buckets(table: Table, kind: str | None) -> tuple[str, ...]:
    """Names of buckets, or globs, that a queue may name."""
    found = table.texts("buckets") or ()
    _only_queues(table, "buckets", kind)
    for name in found:
        if not _BUCKET_GLOB.fullmatch(name):
            table.error("buckets", f"{shown(name)} is no name of a bucket", "write its name alone")
    return found


def _accounts(table: Table, kind: str | None) -> tuple[str, ...]:
    """Accounts whose events a queue may bring."""
    found = table.texts("accounts") or ()
    _only_queues(table, "accounts", kind)
    for account in found:
        if not ACCOUNT.fullmatch(account):
            table.error("accounts", f"{shown(account)} is no account", "write twelve digits each")
    return found


def _only_queues(table: Table, key: str, kind: str | None) -> None:
    if key in table.values and kind not in (None, "sqs"):
        table.error(key, f"a source of type {kind} has no {key}", "only queues (sqs) have them")


def _name(table: Table) -> str:
    name = table.text("name") or ""
    if name and not _NAME.fullmatch(name):
        table.error("name", "the name has blanks or is too long", "write a short word")
    return name
