"""Quantities and conditions in words."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.alarms.evaluation import needed_to_alarm, treatment_of
from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.text import plural, some_of, visible

_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
_END = 20  # characters: an account in brackets, and a bit of the name
_RELATIONS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}
_MISSING = {
    "breaching": "missing data breach",
    "notBreaching": "missing data do not breach",
    "ignore": "missing data change nothing",
}


def duration(seconds: float) -> str:
    """The two largest units of a span: ``2 d 3 h``, ``5 min``, ``1.9 s``, ``45 ms``."""
    if 0 < seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s" if seconds % 1 else f"{seconds:.0f} s"
    rest = round(seconds)
    parts: list[str] = []
    for unit, length in _UNITS:
        whole, rest = divmod(rest, length)
        if whole or parts:
            parts.append(f"{whole:,} {unit}" if whole else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts))


def size(count: int) -> str:
    """``512 bytes``, ``48.1 MiB``."""
    if count < 1024:
        return plural(count, "byte")
    amount = float(count)
    for unit in ("KiB", "MiB", "GiB"):
        amount /= 1024
        if amount < 1024:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1024:,.1f} TiB"


def number(value: float) -> str:
    """``1``, ``0.5``."""
    exact = float(value)
    return str(int(exact)) if exact.is_integer() and abs(exact) < 1e15 else str(exact)


def repeated(count: int) -> str:
    """`` ×3``; nothing for one."""  # noqa: RUF002
    return f" ×{count:,}" if count > 1 else ""  # noqa: RUF001


def shortened(text: str, limit: int) -> str:
    """A name, harmless; of a long one the middle is left out: names of one stack begin alike."""
    shown = visible(text)
    if len(shown) <= limit:
        return shown
    head = limit // 4
    return f"{shown[:head]}…{shown[len(shown) - (limit - head - 1) :]}"


def names(items: Sequence[str], most: int, limit: int = 60) -> str:
    """``a, b, c and 4 more``, harmless."""
    return some_of(items, most, lambda item: shortened(item, limit))


def fitting(items: Sequence[str], room: int) -> str:
    """As many of the items, harmless already, as fit into so many characters; at least one."""
    most = len(items)
    while most > 1 and len(some_of(items, most)) > room:
        most -= 1
    return some_of(items, most)


def whos(principals: Sequence[str], most: int, limit: int = 60) -> str:
    """The same for principals."""
    return some_of(principals, most, lambda one: who(one, limit))


def who(principal: str, limit: int = 90) -> str:
    """A principal, harmless; of a long one the middle is left out, for its end is the account."""
    shown = visible(principal) or "somebody unknown"
    if len(shown) > limit >= 2 * _END:
        return f"{shown[: limit - _END - 1]}…{shown[-_END:]}"
    return visible(shown, limit)


def condition(alarm: MetricAlarm | CompositeAlarm, limit: int = 300) -> str:
    """When an alarm fires, harmless and on one line."""
    if isinstance(alarm, CompositeAlarm):
        return visible(alarm.alarm_rule, limit)
    metric = "/".join(filter(None, (alarm.namespace, alarm.metric_name)))
    dimensions = ", ".join(f"{name}={value}" for name, value in alarm.dimensions)
    metric += f" {{{dimensions}}}" if dimensions else ""
    relation = _RELATIONS.get(alarm.comparison_operator, alarm.comparison_operator)
    statistic = alarm.extended_statistic or alarm.statistic or "?"
    threshold = "?" if alarm.threshold is None else number(alarm.threshold)
    missing = _MISSING.get(treatment_of(alarm))
    when = f"{relation} {threshold} {_periods(alarm)}" + (f"; {missing}" if missing else "")
    return f"{visible(f'{statistic} of {metric}', limit)} {visible(when, limit)}"


def _periods(alarm: MetricAlarm) -> str:
    needed, of, length = needed_to_alarm(alarm), alarm.evaluation_periods, duration(alarm.period)
    if of == 1:
        return f"in {length}"
    if needed == of:
        return f"in {of} periods of {length} in a row"
    return f"in {needed} of {of} periods of {length}"
