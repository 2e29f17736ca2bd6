"""Channels with several targets, each of them a delivery of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.utils import quote

from trailwarden.notify.channels.letter import mailboxes
from trailwarden.settings.model import ChannelSettings, OptionValue, Secret, Settings

# Apprise takes several URLs in one text.
_BETWEEN = re.compile(r"[\s,]+(?=[A-Za-z0-9]{1,20}://)")


def with_single_targets(settings: Settings) -> Settings:
    """The settings with a channel for each URL or recipient of those with several: ``chat#1``, …

    One that fails is then tried again alone, and holds up nobody else.
    """
    parts = {one.name: list(_parts(one)) for one in settings.channels}
    return replace(
        settings,
        channels=tuple(part for those in parts.values() for part in those),
        topics={
            topic: tuple(part.name for name in names for part in parts.get(name, ()))
            for topic, names in settings.topics.items()
        },
    )


def _parts(channel: ChannelSettings) -> Iterator[ChannelSettings]:
    option, targets = _targets(channel)
    if len(targets) < 2:
        yield channel
        return
    for number, target in enumerate(targets, 1):
        options = {**channel.options, option: (target,)}
        yield replace(channel, name=f"{channel.name}#{number}", options=options)


def _targets(channel: ChannelSettings) -> tuple[str, list[str]]:
    """The option that names the channel's targets, and each of them; none where one is unusable."""
    if channel.kind == "apprise":
        texts = _texts(channel.options.get("urls"))
        return "urls", [url for text in texts for url in _BETWEEN.split(text.strip()) if url]
    if channel.kind == "smtp":
        found = [mailboxes(text) for text in _texts(channel.options.get("to"))]
        if all(found):
            return "to", [_address(*one) for group in found for one in group]
    return "", []


def _address(name: str, address: str) -> str:
    return f'"{quote(name)}" <{address}>' if name else address


def _texts(value: OptionValue | None) -> tuple[str, ...]:
    value = value.value if isinstance(value, Secret) else value
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
