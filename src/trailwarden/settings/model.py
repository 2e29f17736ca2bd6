"""What ``trailwarden.toml`` says, as frozen data. Durations are seconds, sizes bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from trailwarden.errors import Location

ChannelKind = Literal["sns", "webhook", "smtp", "apprise", "exec", "stdout"]
SourceKind = Literal["folder", "s3", "sqs", "logs"]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never appears in logs, messages or ``repr``."""

    value: str = field(repr=False)


OptionValue = str | int | bool | Secret | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingsNote:
    """Something that may stay as it is, but might be better. ``code`` is stable and short."""

    code: str
    message: str
    cure: str
    location: Location


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where records come from.

    ``address`` is a folder's path, ``s3://BUCKET/PREFIX``, an SQS queue's URL, or the name of a
    log group. ``poll`` is the pause between two looks. ``buckets`` (names or globs) and
    ``accounts`` are those that a queue's messages may speak of.
    """

    kind: SourceKind
    address: str
    name: str = ""
    poll: float | None = None
    region: str | None = None
    buckets: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One way to tell people. ``options`` are those of its kind, checked when it is read.

    Only options that are given are there: defaults are the channel's own.

    Channels for people wait ``group_wait`` seconds and tell in one message what has the same
    values of ``group_by`` (of alarm, filter, principal, account, state); ``repeat`` tells an alarm
    again that is still in ALARM, 0 never.
    """

    name: str
    kind: ChannelKind
    options: Mapping[str, OptionValue] = field(repr=False)  # the texts of a list may be secret
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
class ControlException:
    """A control of the benchmark that ``owner`` accepts not to be whole, and why.

    ``control`` is its key (``root-usage``), its number in a version (``4.3``), or Security Hub's
    (``CloudWatch.1``). ``expires`` is the last day (UTC) on which it holds.
    """

    control: str
    reason: str
    owner: str
    expires: date
    location: Location


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole file. ``topics`` maps a topic's name or ARN, or a glob, to channels' names.

    ``since`` is an ISO 8601 time or a span before now (``36h``). ``listen`` is HOST:PORT;
    who asks from beyond this host must show ``listen_token``.
    """

    stack: str | tuple[str, ...] | None = None
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
    exceptions: tuple[ControlException, ...] = ()
    listen_token: Secret | None = None
    notes: tuple[SettingsNote, ...] = ()
