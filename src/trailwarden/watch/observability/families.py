"""The metrics there are: name without ``trailwarden_`` → (what it says, its labels)."""

from __future__ import annotations

from collections.abc import Mapping

Families = Mapping[str, tuple[str, tuple[str, ...]]]

COUNTERS: Families = {
    "records": ("Records that were read, without duplicates.", ("source",)),
    "duplicates": ("Records left out because they were read before.", ()),
    "files": ("Files, or batches of records, that were read.", ("source",)),
    "bytes": ("Bytes that were read, as stored.", ()),
    "matches": ("Records that matched a metric filter.", ("filter",)),
    "late_records": ("Records that came after their minute was decided.", ()),
    "late_matches": ("Matches that came after their minute was decided.", ("filter",)),
    "transitions": ("Changes of an alarm's state.", ("alarm", "to")),
    "announcements": ("What was put down to be told.", ("kind",)),
    "deliveries": ("Attempts to tell, by how they ended.", ("channel", "result")),
    "problems": ("Inputs that could not be used.", ("source", "code")),
}

GAUGES: Families = {
    "alarm_state": ("An alarm's state: 0 OK, 1 ALARM, -1 INSUFFICIENT_DATA.", ("alarm",)),
    "watermark_timestamp_seconds": ("All before this time is decided; NaN at first.", ()),
    "source_drained_timestamp_seconds": (
        "All that the source held at this time was read.",
        ("source",),
    ),
    "outbox_messages": ("Messages that wait to be sent.", ("channel",)),
    "outbox_oldest_seconds": ("The age of the oldest message that waits; 0 if none.", ("channel",)),
    "queue_portions": ("Portions that wait to be read.", ()),
    "state_database_bytes": ("The size of the state's database.", ()),
}

HISTOGRAMS: Families = {
    "arrival_to_decision_seconds": ("From a portion's arrival to what it decides.", ()),
    "delivery_seconds": ("How long an attempt to tell took.", ("channel",)),
}

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds
