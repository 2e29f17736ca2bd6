"""The units of CloudWatch's metrics (rule M-10)."""

from __future__ import annotations

_AMOUNTS = (
    *("Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"),
    *("Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"),
    "Count",
)
UNITS = (
    *("Seconds", "Microseconds", "Milliseconds", "Percent", "None"),
    *_AMOUNTS,
    *(f"{amount}/Second" for amount in _AMOUNTS),
)
