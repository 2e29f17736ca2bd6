"""The body of a message: CloudWatch's JSON, and the key ``Trailwarden`` after all others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from trailwarden.alarms import CompositeAlarm, MetricAlarm
from trailwarden.alarms.spelling import json_text
from trailwarden.monitor.announcement import Announcement
from trailwarden.monitor.outcome import Transition
from trailwarden.notify.added import LONGEST, MOST_EVENTS, MOST_PRINCIPALS, added_key
from trailwarden.notify.message import message_of
from trailwarden.notify.notice import Notice

MOST_BYTES = 256 * 1024  # SNS takes no larger message
_SIZES = (  # of events, principals and names: events go first, the ends of names before people
    (MOST_EVENTS, MOST_PRINCIPALS, LONGEST),
    (5, MOST_PRINCIPALS, LONGEST),
    (2, MOST_PRINCIPALS, LONGEST),
    (0, MOST_PRINCIPALS, LONGEST),
    (0, MOST_PRINCIPALS, 150),
    (0, MOST_PRINCIPALS, 50),
    (0, 5, 50),
    (0, 0, 50),
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def body_of(
    announcement: Announcement,
    alarm: MetricAlarm | CompositeAlarm,
    grouped: Sequence[str] = (),
    *,
    region: str,
    account: str,
) -> str:
    """Compact JSON of at most 256 KiB, encoded as UTF-8."""
    change = _change(announcement, alarm)
    message = _encodable(message_of(Notice(alarm, change, region=region, account=account)))
    body = message
    for events, principals, longest in _SIZES:
        added = added_key(
            announcement, grouped, events=events, principals=principals, longest=longest
        )
        body = f'{message[:-1]},"Trailwarden":{_encodable(json_text(added))}}}'
        if len(body.encode()) <= MOST_BYTES:
            break
    return body


def _change(announcement: Announcement, alarm: MetricAlarm | CompositeAlarm) -> Transition:
    """The transition to tell. One that is none has one state (rule W-13)."""
    change = announcement.transition
    if announcement.kind == "late-match":
        change = replace(change, from_state=change.to_state)
    if isinstance(alarm, CompositeAlarm) and not _tells_children(change.reason_data):
        change = replace(change, reason_data='{"triggeringAlarms":[]}')
    return change


def _tells_children(reason_data: str) -> bool:
    """Tests, and alarms that were something else when it was decided, have no such data."""
    try:
        data = json.loads(reason_data)
    except ValueError:
        return False
    return isinstance(data, dict) and isinstance(data.get("triggeringAlarms"), list)


def _encodable(text: str) -> str:
    """Half of a surrogate pair, as a log may hold it, cannot be encoded."""
    return _SURROGATES.sub("\ufffd", text)
