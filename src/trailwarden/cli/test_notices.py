"""Where tests and messages meet: what a notification says is composed as watch does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailwarden.notify.composing import compose
from trailwarden.notify.routing import is_topic
from trailwarden.scan.cases import Compose, Composed

if TYPE_CHECKING:
    from trailwarden.monitor.announcement import Announcement
    from trailwarden.stack import Stack

_NO_ACCOUNT, _NO_REGION = "000000000000", "us-east-1"


def composing(stack: Stack) -> Compose:
    """What composes the messages of ``stack``. Its region and account are used where known."""

    def composed(announcement: Announcement, topic: str) -> Composed | None:
        if not is_topic(topic):
            return None
        events = announcement.transition.events
        account = stack.account or next((one.account for one in events if one.account), "")
        message = compose(
            [announcement],
            stack,
            topic,
            region=stack.region or _NO_REGION,
            account=account or _NO_ACCOUNT,
        )
        return Composed(message.subject, message.text, message.body)

    return composed
