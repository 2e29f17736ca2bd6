"""``[topics]``: which channels a topic's messages go to."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.settings.tables import Table


def read_topics(table: Table, channels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """A topic's name, ARN or glob → names of ``channels``; none: it is told to nobody, on purpose.

    Keys are taken as they are: ``${Alerts.TopicArn}`` in one is a stack's token.
    """
    found: dict[str, tuple[str, ...]] = {}
    for topic in table.values:
        if not topic.strip():
            table.error(topic, "a topic without a name", "write its name, its ARN, or *")
        found[topic] = table.members(topic, channels, "channel") or ()
    return found
