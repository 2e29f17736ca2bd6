"""How CloudWatch spells numbers and times in texts (rules R-3, C-40)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import encode_basestring

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PLAIN_FROM, _PLAIN_BELOW = 1e-3, 1e7


def java_double(value: float) -> str:
    """``value`` as Java prints a double: ``1.0``, ``613.0``, ``2.147483648E9``, ``1.0E-4``."""
    number = float(value)
    if number == 0 or _PLAIN_FROM <= abs(number) < _PLAIN_BELOW:
        return repr(number)
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 - never NaN or infinite: samples refuse both
    first, *rest = map(str, digits)
    return f"{'-' * sign}{first}.{''.join(rest) or '0'}E{exponent + len(rest)}"


def timestamp(instant: datetime) -> str:
    """``2026-02-26T10:14:11.123+0000``."""
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}+0000"


def long_date(instant: datetime) -> str:
    """``Friday 22 July, 2022 15:57:45 UTC``, in English whatever the locale."""
    utc = instant.astimezone(UTC)
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day} {utc:%d} {month}, {utc.year} {utc:%H:%M:%S} UTC"


def short_date(instant: datetime) -> str:
    """``16/03/24 12:15:00``."""
    return instant.astimezone(UTC).strftime("%d/%m/%y %H:%M:%S")


def json_text(value: object) -> str:
    """Compact JSON whose floats are spelled like Java doubles.

    Keys keep their order; they are plain names that need no escaping.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, float):
        return java_double(value)
    if isinstance(value, dict):
        return "{" + ",".join([f'"{key}":{json_text(item)}' for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([json_text(item) for item in value]) + "]"
    return json.dumps(value)
