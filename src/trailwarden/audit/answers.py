"""What is to be said of an alarm by how it answers to an event."""

from __future__ import annotations

from trailwarden.alarms import MetricAlarm
from trailwarden.audit.firing import Firing
from trailwarden.audit.model import Finding, Severity
from trailwarden.stack.lint.places import place_of_alarm, quoted
from trailwarden.stack.model import Stack
from trailwarden.text import plural

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
_SUM = "use Statistic: Sum, Period: 300, EvaluationPeriods: 1"


def answer_of(stack: Stack, alarm: MetricAlarm, firing: Firing) -> tuple[Finding, ...]:
    """Nothing for an alarm that fires for the first event."""
    name = quoted(alarm.alarm_name)
    severity: Severity
    match firing.kind:
        case "burst" if firing.events == 1:
            return ()
        case "burst":
            code, severity = "threshold", "note"
            message = (
                f"the alarm {name} fires from {firing.events:,} events within {span(alarm.period)}"
            )
            cure = ""
        case "quiet":
            code, severity = "quiet-only", "weak"
            message = (
                f"the alarm {name} fires in a quiet log only: other records dilute its "
                f"{alarm.statistic or alarm.extended_statistic}"
            )
            cure = _SUM
        case "spread":
            code, severity = "burst-missed", "weak"
            message = f"the alarm {name} misses a burst: it fires only {_spread(alarm, firing)}"
            cure = f"{_SUM}, and a threshold"
        case "always":
            code, severity = "always-on", "fail"
            message = f"the alarm {name} is in ALARM without any event, so that none changes it"
            cure = "see its threshold, TreatMissingData and the DefaultValue of its filter"
        case _:
            code, severity = "never-fires", "fail"
            message = f"the alarm {name} does not fire, however often it happens"
            cure = "see its threshold and statistic: one event is the value that the filter adds"
    return (_finding(code, severity, message, cure, stack, alarm),)


def _finding(
    code: str, severity: Severity, message: str, cure: str, stack: Stack, alarm: MetricAlarm
) -> Finding:
    return Finding(code, "alarm", severity, message, cure, place_of_alarm(stack, alarm))


def _spread(alarm: MetricAlarm, firing: Firing) -> str:
    within = span(alarm.period * alarm.evaluation_periods)
    each = span(alarm.period)
    every = "" if firing.events == 1 else f" with {firing.events:,} events each"
    return f"for events in {firing.periods:,} different periods of {each}{every}, within {within}"


def span(seconds: int) -> str:
    """``5 minutes``, ``1 hour``: in the largest unit that is exact."""
    unit, length = next(one for one in _UNITS if seconds % one[1] == 0)
    return plural(seconds // length, unit)
