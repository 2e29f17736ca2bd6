"""The settings of a continuous run: ``trailwarden.toml``."""

from trailwarden.settings.lint_section import LintSettings
from trailwarden.settings.model import (
    ChannelKind,
    ChannelSettings,
    ControlException,
    Mute,
    OptionValue,
    Secret,
    Settings,
    SettingsNote,
    SourceKind,
    SourceSettings,
)
from trailwarden.settings.reader import read_exceptions_file, read_lint_file, read_settings

__all__ = [
    "ChannelKind",
    "ChannelSettings",
    "ControlException",
    "LintSettings",
    "Mute",
    "OptionValue",
    "Secret",
    "Settings",
    "SettingsNote",
    "SourceKind",
    "SourceSettings",
    "read_exceptions_file",
    "read_lint_file",
    "read_settings",
]
