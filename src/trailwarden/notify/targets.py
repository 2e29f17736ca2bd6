"""Channels with several targets, each of them a delivery of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trailwarden.settings.model import ChannelSettings, OptionValue, Secret, Settings

# Apprise takes several URLs in one text.
_BETWEEN = re.compile(r"[\s,]+(?=[A-Za-z0-9]{1,20}://)")


def with_single_targets(settings: Settings) -> Settings:
    """The settings with a channel for each URL of those that have several: ``chat#1``, ``chat#2``.

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
    urls = _urls(channel.options.get("urls")) if channel.kind == "apprise" else []
    if len(urls) < 2:
        yield channel
        return
    for number, url in enumerate(urls, 1):
        options = {**channel.options, "urls": (url,)}
        yield replace(channel, name=f"{channel.name}#{number}", options=options)


def _urls(value: OptionValue | None) -> list[str]:
    value = value.value if isinstance(value, Secret) else value
    texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return [url for text in texts for url in _BETWEEN.split(text.strip()) if url]
