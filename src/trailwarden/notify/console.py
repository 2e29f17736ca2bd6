"""Links into the AWS console, in the partition of their region."""

from __future__ import annotations

import re
from urllib.parse import quote

from trailwarden.partitions import partition_of

# Where the consoles of the isolated partitions are is not published.
_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-eusc": "console.amazonaws-eusc.eu",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_REGION = re.compile(r"[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}", re.ASCII)


def console_host(region: str) -> str:
    """The console's host for a region; empty where it is not known."""
    host = _HOSTS.get(partition_of(region))
    return f"{region}.{host}" if host else ""


def event_url(event_id: str, region: str) -> str:
    """CloudTrail's event history of ``region``, showing one event; empty where that cannot be.

    The region of an event is written by whoever wrote the log: one that does not look like a
    region would lead to somebody else's host.
    """
    if not event_id or not _REGION.fullmatch(region):
        return ""
    return _page("cloudtrailv2", region, f"#/events?EventId={_quoted(event_id)}")


def alarm_url(alarm: str, region: str) -> str:
    """The page of an alarm; empty where ``region`` does not look like one."""
    if not alarm or not _REGION.fullmatch(region):
        return ""
    return _page("cloudwatch", region, f"#alarmsV2:alarm/{_quoted(alarm)}")


def _page(service: str, region: str, place: str) -> str:
    host = console_host(region)
    return f"https://{host}/{service}/home?region={region}{place}" if host else ""


def _quoted(text: str) -> str:
    return quote(text[:300], safe="", errors="replace")
