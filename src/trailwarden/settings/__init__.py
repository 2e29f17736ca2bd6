"""The settings of a continuous run: ``trailwarden.toml``."""

from trailwarden.settings.model import (
    ChannelKind,
    ChannelSettings,
    Mute,
    Secret,
    Settings,
    SourceKind,
    SourceSettings,
)

__all__ = [
    "ChannelKind",
    "ChannelSettings",
    "Mute",
    "Secret",
    "Settings",
    "SourceKind",
    "SourceSettings",
]
