"""The settings of a continuous run: ``trailwarden.toml``."""

from trailwarden.settings.model import (
    ChannelKind,
    ChannelSettings,
    Mute,
    OptionValue,
    Secret,
    Settings,
    SettingsNote,
    SourceKind,
    SourceSettings,
)
from trailwarden.settings.reader import read_settings

__all__ = [
    "ChannelKind",
    "ChannelSettings",
    "Mute",
    "OptionValue",
    "Secret",
    "Settings",
    "SettingsNote",
    "SourceKind",
    "SourceSettings",
    "read_settings",
]
