"""From a record to the bounded event that reports and notifications show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trailwarden.monitor.outcome import Event
from trailwarden.text import visible
from trailwarden.times import EPOCH
from trailwarden.trail import Principal, record

RAW_LIMIT = 16 * 1024
FIELD_LIMIT = 300


def event_of(fields: Mapping[str, Any], raw: bytes, principal: Principal, source: str) -> Event:
    """The event for a decoded record and its JSON text (UTF-8)."""
    text = raw[:RAW_LIMIT].decode("utf-8", "replace")
    return Event(
        event_id=visible(record.event_id(fields), FIELD_LIMIT),
        event_time=record.event_time(fields) or EPOCH,
        event_name=visible(record.event_name(fields), FIELD_LIMIT),
        event_source=visible(record.event_source(fields), FIELD_LIMIT),
        account=visible(record.account(fields), FIELD_LIMIT),
        region=visible(record.region(fields), FIELD_LIMIT),
        principal=principal.name,
        principal_kind=principal.kind,
        source_ip=visible(record.source_ip(fields), FIELD_LIMIT),
        user_agent=visible(record.user_agent(fields), FIELD_LIMIT),
        error_code=visible(record.error_code(fields), FIELD_LIMIT),
        read_only=record.read_only(fields),
        source=source,
        raw=text,
        raw_cut=len(raw) > RAW_LIMIT,
    )
