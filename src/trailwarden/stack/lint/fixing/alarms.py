"""Fixes of alarms, and of the defaults of the filters behind them."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.alarms.model import MetricAlarm
from trailwarden.stack.lint.bursts import PERIOD, threshold_of_one_period
from trailwarden.stack.lint.feeding import Fed
from trailwarden.stack.lint.fixing.changes import Change, Put
from trailwarden.stack.lint.fixing.registry import fixer
from trailwarden.stack.lint.fixing.site import Site

_DEFAULT = "DefaultValue"
_QUIET = "notBreaching"


@fixer("TW302", "TW303", "TW304", safe=True)
def use_sum(site: Site) -> Iterator[Change]:
    """A Sum of what is never negative reaches whatever another statistic of it reaches."""
    fed = site.fed()
    if fed and fed.grows and fed.values and min(fed.values) > 0 and not any(fed.defaults):
        yield from site.put("Statistic", "Sum")


@fixer("TW306", safe=False)
def use_one_period(site: Site) -> Iterator[Change]:
    """The author has written a number of periods; that a burst is missed may be meant. All of it
    or nothing: one datapoint alone, with the other properties as they are, would hold the alarm
    for hours after a single event.
    """
    fed = site.fed()
    threshold = None if fed is None else threshold_of_one_period(fed)
    if threshold is None:
        return
    values = {
        "Period": str(PERIOD),
        "EvaluationPeriods": "1",
        "DatapointsToAlarm": "1",
        "Threshold": str(threshold),
    }
    changes: list[Change] = list(site.put("Statistic", "Sum"))
    for name, text in values.items():
        changes += site.put(name, text, quoted=False)
    if len(changes) == len(values) + 1:  # none of them is said by a function
        yield from changes


@fixer("TW307", "TW308", safe=False)
def let_silence_be_quiet(site: Site) -> Iterator[Change]:
    """The author has chosen otherwise, on purpose perhaps. What was ignored had no data, which
    has a default then.
    """
    yield from site.put("TreatMissingData", _QUIET)
    fed = site.fed()
    if fed and fed.alarm.treat_missing_data == "ignore":
        yield from give_defaults(site)


@fixer("TW309", safe=True)
def say_that_silence_is_quiet(site: Site) -> Iterator[Change]:
    """Only where an alarm is on much of something is silence the good case; and somebody may want
    to be told of it.
    """
    fed = site.fed()
    if fed and fed.grows and not fed.alarm.insufficient_data_actions:
        yield from site.put("TreatMissingData", _QUIET)


@fixer("TW310", "TW311", safe=True)
def give_defaults(site: Site) -> Iterator[Change]:
    """A default of 0 for each filter of the metric, where all of its alarms read sums: zeros change
    no Sum and no Maximum (M-6), but an Average and a count of samples. AWS takes no default beside
    dimensions.
    """
    fed = site.fed()
    if fed is None:
        return
    metric = (fed.alarm.namespace, fed.alarm.metric_name)
    if not all(map(_bears_zeros, site.scene.readers[metric])):
        return
    for one, at in site.feeding(metric):
        steps = ("MetricTransformations", at)
        if not one.has(*steps, _DEFAULT) and not one.has(*steps, "Dimensions"):
            yield Put(one.path(*steps, _DEFAULT), "0", quoted=False)


def _bears_zeros(fed: Fed) -> bool:
    return fed.grows and fed.alarm.statistic in ("Sum", "Maximum") and not fed.breaches(0)


@fixer("TW312", safe=True)
def use_minutes(site: Site) -> Iterator[Change]:
    """Shorter periods are empty, so that a longer one misses nothing."""
    yield from site.put("Period", "60", quoted=False)


@fixer("TW402", safe=False)
def enable_actions(site: Site) -> Iterator[Change]:
    """Somebody has switched them off, and would be told again."""
    yield from site.put("ActionsEnabled", "true", quoted=False)


@fixer("TW403", safe=False)
def drop_ok_actions(site: Site) -> Iterator[Change]:
    """Somebody may wait for the message. Other topics than those of the alarm stay."""
    alarm = site.alarm()
    if alarm and set(alarm.ok_actions) <= set(alarm.alarm_actions):
        yield from site.drop("OKActions")


@fixer("TW003", safe=True)
def drop_unit(site: Site) -> Iterator[Change]:
    """An alarm with a unit that no filter has never has data (M-3): without one it has."""
    alarm = site.alarm()
    if isinstance(alarm, MetricAlarm):
        units = site.scene.units.get((alarm.namespace, alarm.metric_name))
        if units == {None}:
            yield from site.drop("Unit")
