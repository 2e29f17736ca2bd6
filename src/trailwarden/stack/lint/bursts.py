"""One long period in the place of several short ones: which threshold says the same of a burst."""

from __future__ import annotations

from math import ceil, floor

from trailwarden.stack.lint.feeding import Fed

PERIOD = 300  # seconds, as in the benchmark's own alarms


def threshold_of_one_period(fed: Fed) -> int | None:
    """The threshold with which a Sum over PERIOD fires for as few events as fire the alarm now.

    None where that cannot be told: matches that add another value than 1, an alarm on little, one
    that fires without events, or another statistic of a metric with other samples.
    """
    alarm = fed.alarm
    if alarm.threshold is None or not fed.grows or set(fed.values or ()) != {1}:
        return None
    if alarm.evaluation_window is not None or fed.breaches(0):
        return None
    is_strict = alarm.comparison_operator == "GreaterThanThreshold"
    if alarm.statistic == "Sum":
        least = floor(alarm.threshold) + 1 if is_strict else ceil(alarm.threshold)
    elif alarm.statistic == "Maximum" or (alarm.statistic and not fed.defaults):
        if alarm.statistic == "SampleCount" or not fed.breaches(1):
            return None
        least = 1
    else:
        return None
    events = fed.to_alarm * least
    return events - 1 if is_strict else events
