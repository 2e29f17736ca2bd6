"""What ``trailwarden.toml`` says, as frozen data. Durations are seconds, sizes bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Literal

ChannelKind = Literal["sns", "webhook", "smtp", "apprise", "exec", "stdout"]
SourceKind = Literal["folder", "s3", "sqs", "logs"]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never appears in logs, messages or ``repr``."""

    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where records come from.

    ``address`` is a folder's path, ``s3://BUCKET/PREFIX``, an SQS queue's URL, or the name of a
    log group. ``lateness`` overrides the watch's for this source; ``poll`` is the pause between
    two looks.
    """

    kind: SourceKind
    address: str
    name: str = ""
    poll: float | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One way to tell people. ``options`` are those of its kind, checked when it is read.

    Channels for people wait ``group_wait`` seconds and tell in one message what has the same
    values of ``group_by`` (of alarm, filter, principal, account, state); ``repeat`` tells an alarm
    again that is still in ALARM, 0 never.
    """

    name: str
    kind: ChannelKind
    options: Mapping[str, str | int | bool | Secret | tuple[str, ...]]
    group_by: tuple[str, ...] = ("alarm",)
    group_wait: float = 0.0
    repeat: float = 0.0


@dataclass(frozen=True, slots=True)
class Mute:
    """What is not told: all given matchers must match (globs, case matters).

    ``days`` are 0 (Monday) to 6, empty for every day; ``start`` and ``end`` a time of day (UTC),
    which may go over midnight; None for the whole day. What is muted is recorded and counted.
    """

    reason: str = ""
    alarm: str | None = None
    principal: str | None = None
    account: str | None = None
    state: str | None = None
    days: frozenset[int] = frozenset()
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. ``topics`` maps a topic's name or ARN, or ``*``, to channels' names."""

    stack: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    region: str | None = None
    lateness: float = 900.0
    since: str | None = None
    listen: str | None = None
    sources: tuple[SourceSettings, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mutes: tuple[Mute, ...] = ()
