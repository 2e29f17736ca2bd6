"""Every match by itself, without the record: what a list of all of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from trailwarden.monitor.digest import Hit
from trailwarden.monitor.events import FIELD_LIMIT
from trailwarden.text import visible
from trailwarden.times import from_epoch
from trailwarden.trail import Principal, record
from trailwarden.trail.targets import targets_of


class MatchedRecord(msgspec.Struct, array_like=True, frozen=True):
    """A record that some filter matched. Texts are one line and bounded; absent ones are empty.

    ``time`` is eventTime, or where that is absent the time at which the record counts; UTC.
    ``with_mfa`` says whether the caller had shown a second factor, None where nobody knows.
    ``targets`` are the resources that the record names. ``file`` is the log file that holds it.
    """

    time: datetime
    principal: str
    principal_kind: str
    access_key: str
    with_mfa: bool | None
    source_ip: str
    user_agent: str
    account: str
    region: str
    error_code: str
    error_message: str
    targets: tuple[str, ...]
    event_name: str
    event_source: str
    read_only: bool | None
    event_id: str
    file: str


class Match(msgspec.Struct, frozen=True):
    """A record, and the filter that matched it. ``alarms`` are those that watch its metric."""

    filter: str
    alarms: tuple[str, ...]
    record: MatchedRecord


def matched_record(
    hit: Hit, principal: Principal, fields: Mapping[str, Any], source: str
) -> MatchedRecord:
    """What is kept of a decoded record, found in the log file ``source``."""
    return MatchedRecord(
        time=record.event_time(fields) or from_epoch(hit.second),
        principal=principal.name,
        principal_kind=principal.kind,
        access_key=visible(record.access_key(fields), FIELD_LIMIT),
        with_mfa=record.with_mfa(fields),
        source_ip=visible(record.source_ip(fields), FIELD_LIMIT),
        user_agent=visible(record.user_agent(fields), FIELD_LIMIT),
        account=visible(record.account(fields), FIELD_LIMIT),
        region=visible(record.region(fields), FIELD_LIMIT),
        error_code=visible(record.error_code(fields), FIELD_LIMIT),
        error_message=visible(record.error_message(fields), FIELD_LIMIT),
        targets=targets_of(fields),
        event_name=visible(record.event_name(fields), FIELD_LIMIT),
        event_source=visible(record.event_source(fields), FIELD_LIMIT),
        read_only=record.read_only(fields),
        event_id=visible(record.event_id(fields), FIELD_LIMIT),
        file=source,
    )
