"""Refusing an alarm that CloudWatch would not take."""

from __future__ import annotations

from typing import NoReturn

from trailwarden.errors import AlarmConfigurationError


def refuse(field: str, message: str, cure: str) -> NoReturn:
    """Raise AlarmConfigurationError; ``message`` says what is wrong with ``field``."""
    raise AlarmConfigurationError(f"{field}: {message}", field=field, cure=cure)
