"""Where the watch and the channels meet: routes and postmen from the settings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from trailwarden.notify.backoff import delay
from trailwarden.notify.channels import open_channel
from trailwarden.notify.composing import compose
from trailwarden.notify.grouping import due_groups, next_due
from trailwarden.notify.muting import muted_by
from trailwarden.notify.routing import channels_for
from trailwarden.settings import ChannelSettings, Settings
from trailwarden.watch import Destination, Ready, Waiting

if TYPE_CHECKING:
    from trailwarden.monitor.announcement import Announcement
    from trailwarden.notify.outgoing import Channel
    from trailwarden.stack import Stack

STDOUT = ChannelSettings("stdout", "stdout", {})
_NO_ACCOUNT, _NO_REGION = "000000000000", "us-east-1"


def with_channels(settings: Settings) -> Settings:
    """The settings; without any channel, all that there is to tell goes to standard output.

    On a terminal it does not: there the log tells it.
    """
    if settings.channels or sys.stdout.isatty():
        return settings
    from dataclasses import replace

    return replace(settings, channels=(STDOUT,), topics={"*": (STDOUT.name,)})


class Router:
    """Says where announcements go, by the topics that the alarms name.

    Where nobody set up topics, alarms without actions are told as well.
    """

    def __init__(self, settings: Settings, stack: Stack) -> None:
        self._settings = settings
        self._stack = stack
        self._tells_all = settings.channels == (STDOUT,)

    def __call__(self, announcement: Announcement, now: datetime) -> list[Destination]:
        topics = announcement.topics
        if not topics and self._tells_all:
            return self._destinations(announcement, "", (STDOUT.name,), now)
        return [
            destination
            for topic in dict.fromkeys(topics)
            for destination in self._destinations(
                announcement, topic, channels_for(topic, self._settings.topics, self._stack), now
            )
        ]

    def _destinations(
        self, announcement: Announcement, topic: str, channels: Sequence[str], now: datetime
    ) -> list[Destination]:
        mute = muted_by(announcement, self._settings.mutes, now=now)
        why = None if mute is None else mute.reason or "muted"
        return [Destination(topic, channel, why) for channel in channels]


class ChannelPostman:
    """Composes messages for one channel and hands them over."""

    def __init__(
        self, settings: ChannelSettings, channel: Channel, stack: Stack, general: Settings
    ) -> None:
        self._settings = settings
        self._channel = channel
        self._stack = stack
        self._general = general
        self._random = Random()

    @property
    def name(self) -> str:
        return self._settings.name

    def ready(self, waiting: Sequence[Waiting], now: datetime) -> Ready:
        groups = due_groups(waiting, self._settings, now)
        return Ready([group.members for group in groups], next_due(waiting, self._settings, now))

    def send(self, group: Sequence[Waiting]) -> None:
        announcements = [message.announcement for message in group]
        message = compose(
            announcements,
            self._stack,
            group[0].topic,
            region=self._general.region or self._stack.region or _NO_REGION,
            account=self._account(announcements),
        )
        self._channel.send(message)

    def _account(self, announcements: Sequence[Announcement]) -> str:
        """The alarms' account; where nobody said, that of the first event."""
        known = self._general.account or self._stack.account
        events = (event for one in announcements for event in one.transition.events)
        return known or next((e.account for e in events if e.account), _NO_ACCOUNT)

    def pause(self, attempts: int) -> float:
        return delay(attempts, self._settings.kind, jitter=self._random)

    def close(self) -> None:
        self._channel.close()


def postmen(settings: Settings, stack: Stack, home: Path) -> list[ChannelPostman]:
    """A postman for each channel. Raises UsageError for options that cannot be used."""
    return [
        ChannelPostman(one, open_channel(one, home=home), stack, settings)
        for one in settings.channels
    ]
