"""Alarms that cannot fire, lose the count, or fire and stay for reasons nobody thinks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.alarms.validation import validate
from trailwarden.errors import AlarmConfigurationError
from trailwarden.stack.findings import ALARM_REFUSED
from trailwarden.stack.lint.bursts import PERIOD, threshold_of_one_period
from trailwarden.stack.lint.deploying import remarked
from trailwarden.stack.lint.each import Said, Say, rule_of_each
from trailwarden.stack.lint.feeding import Fed, fed_alarms
from trailwarden.stack.lint.finding import Severity
from trailwarden.stack.lint.places import place_of_alarm, quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack

_MINUTE = 60


def _fault(stack: Stack, fed: Fed, what: str, cure: str) -> Fault:
    message = f"the alarm {quoted(fed.alarm.alarm_name)} {what}"
    return Fault(message, cure, place_of_alarm(stack, fed.alarm))


def _alarm_rule(code: str, severity: Severity) -> Callable[[Say[Fed]], Say[Fed]]:
    return rule_of_each(code, severity, fed_alarms, _fault)


@rule("TW301", "error")
def refused_by_cloudwatch(stack: Stack) -> Iterator[Fault]:
    """Periods, statistics and counts of periods that CloudWatch does not take (C-1 to C-10). Of a
    template only alarms on metrics that no filter here publishes come so far: with such a mistake
    in another one it does not load.
    """
    yield from remarked(
        stack, ALARM_REFUSED, "correct it: CloudFormation cannot deploy the template"
    )
    alarms: list[MetricAlarm | CompositeAlarm] = [*stack.alarms, *stack.composite_alarms]
    for alarm in alarms:
        try:
            validate(alarm)
        except AlarmConfigurationError as error:
            yield Fault(
                f"CloudWatch refuses the alarm {quoted(alarm.alarm_name)}: {error.field} "
                f"{error.message}",
                error.cure,
                place_of_alarm(stack, alarm),
            )


@_alarm_rule("TW302", "error")
def threshold_out_of_reach(fed: Fed) -> Iterator[Said]:
    """Average, Maximum and Minimum of samples of 1 are never above 1 (T-1), however many there are;
    and without a default there is no datapoint of 0 (D-3, M-6).
    """
    bounds = _out_of_reach(fed)
    if bounds is not None:
        yield (
            f"never fires: the {_statistic(fed)} of what the filters add is from {bounds[0]:g} to "
            f"{bounds[1]:g}, the threshold is {fed.alarm.threshold:g}",
            "use Statistic: Sum to count events"
            if fed.grows
            else "give the filter a DefaultValue of 0, so that quiet periods have datapoints",
        )


def _out_of_reach(fed: Fed) -> tuple[float, float] | None:
    """The bounds of the datapoints if none of them can breach, otherwise None."""
    bounds = _bounds(fed)
    # Missing data may make an alarm of its own (E-14).
    if bounds is None or fed.alarm.treat_missing_data == "breaching":
        return None
    return None if fed.breaches(bounds[1] if fed.grows else bounds[0]) else bounds


def _bounds(fed: Fed) -> tuple[float, float] | None:
    """The least and the greatest value that a datapoint can have, or None where not known."""
    samples = fed.samples
    if not samples or fed.alarm.threshold is None:
        return None
    low, high = min(samples), max(samples)
    match fed.alarm.statistic:
        case "Average" | "Maximum" | "Minimum":
            return low, high
        case "SampleCount":
            return 1, float("inf")  # M-6: a period without samples has no datapoint
        case "Sum":
            return (low if low >= 0 else float("-inf")), (high if high <= 0 else float("inf"))
        case _:
            return None


@rule("TW303", "warning")
def statistic_hides_the_count(stack: Stack) -> Iterator[Fault]:
    """Maximum, Minimum and Average of samples that are all alike say that there was an event, and
    not how many: thresholds above one are impossible. Where one event is to fire the alarm, the
    Maximum is as good as the Sum, and this is a note only.
    """
    for fed in fed_alarms(stack):
        if (
            fed.alarm.statistic in ("Average", "Maximum", "Minimum")
            and fed.grows
            and fed.values is not None
            and len(set(fed.values)) == 1
            and _out_of_reach(fed) is None
        ):
            fault = _fault(
                stack,
                fed,
                f"reads the {_statistic(fed)} of a count: one event and a thousand look the same",
                "use Statistic: Sum, Period: 300",
            )
            yield fault._replace(severity="note") if _is_as_the_sum(fed) else fault


def _is_as_the_sum(fed: Fed) -> bool:
    """True where one event breaches, by this statistic as by the Sum, and nothing else does."""
    one_is_enough = fed.values is not None and all(map(fed.breaches, fed.values))
    reads_the_most = fed.alarm.statistic == "Maximum" or not fed.defaults
    return one_is_enough and reads_the_most and not any(map(fed.breaches, fed.defaults))


@_alarm_rule("TW304", "warning")
def default_spoils_the_statistic(fed: Fed) -> Iterator[Said]:
    """Each event that does not match adds a sample of the default (D-2): it lowers the Average, is
    the Minimum, and counts in SampleCount.
    """
    if fed.defaults and fed.alarm.statistic in ("Average", "Minimum", "SampleCount"):
        yield (
            f"reads the {_statistic(fed)} of a metric with a DefaultValue: every event that does "
            "not match is a sample as well",
            "use Statistic: Sum",
        )


@_alarm_rule("TW305", "error")
def default_breaches(fed: Fed) -> Iterator[Said]:
    """A default that breaches makes an alarm of events that do not match (D-2)."""
    if fed.grows and any(fed.breaches(default) for default in fed.defaults):
        yield (
            "fires without any match: the filter's DefaultValue breaches the threshold",
            "raise the threshold, or make DefaultValue 0",
        )


@_alarm_rule("TW306", "warning")
def several_periods_needed(fed: Fed) -> Iterator[Said]:
    """With M above 1 a burst inside fewer than M periods never fires, however large it is. One
    period of 300 seconds whose threshold is the fewest events that fire the alarm now catches it;
    events that come more slowly than that fire it no longer.
    """
    if fed.grows and fed.to_alarm > 1 and fed.alarm.treat_missing_data != "breaching":
        yield (
            f"wants {fed.to_alarm} breaching periods of {fed.alarm.period} seconds: a burst within "
            "fewer never fires",
            _one_period(threshold_of_one_period(fed)),
        )


def _one_period(threshold: int | None) -> str:
    shown = "with a threshold" if threshold is None else f"with Threshold: {threshold}"
    return (
        f"use Statistic: Sum, Period: {PERIOD}, EvaluationPeriods: 1 and DatapointsToAlarm: 1 "
        f"{shown}"
    )


@_alarm_rule("TW307", "warning")
def silence_breaches(fed: Fed) -> Iterator[Said]:
    """With TreatMissingData: breaching a quiet log group is an alarm (E-13, E-14), and with M below
    N two gaps beside one healthy period are (E-21).
    """
    if fed.grows and fed.alarm.treat_missing_data == "breaching":
        yield (
            "fires when no event is counted: its TreatMissingData is breaching",
            "set TreatMissingData to notBreaching; watch over the trail by an alarm on little",
        )


@_alarm_rule("TW308", "warning")
def alarm_held_by_silence(fed: Fed) -> Iterator[Said]:
    """``ignore`` keeps the state while data is missing (E-13), and without a default there is
    nothing but matches: the alarm stays, and the next event is no change that anybody is told of.
    """
    if fed.grows and fed.alarm.treat_missing_data == "ignore" and not fed.all_default:
        yield (
            "stays in ALARM after the first event: its TreatMissingData is ignore, and quiet "
            "periods have no data",
            "set TreatMissingData to notBreaching, and DefaultValue of the filter to 0",
        )


@_alarm_rule("TW309", "note")
def silence_is_insufficient_data(fed: Fed) -> Iterator[Said]:
    """Missing data (also by default, C-8) means INSUFFICIENT_DATA (E-13), where quiet is meant."""
    if fed.alarm.treat_missing_data in (None, "missing") and not fed.all_default:
        yield (
            "is in INSUFFICIENT_DATA while nothing happens",
            "set TreatMissingData to notBreaching",
        )


@rule("TW310", "warning")
def echo(stack: Stack) -> Iterator[Fault]:
    """Windows slide by the minute and an alarm looks back further than its periods: without a
    default a burst may alarm again each time an older window covers all of it (E-22).
    """
    for fed in fed_alarms(stack):
        if _is_sparse_sum(fed) and fed.alarm.period > _MINUTE and not _one_event_breaches(fed):
            yield Fault(
                f"one burst may fire the alarm {quoted(fed.alarm.alarm_name)} again and again: "
                "without a DefaultValue old datapoints come back into view",
                "set DefaultValue of the filter to 0",
                place_of_alarm(stack, fed.alarm),
            )


@_alarm_rule("TW311", "note")
def long_alarm(fed: Fed) -> Iterator[Said]:
    """Without a default the last datapoint is looked at for N + 2 periods (E-10, E-20, E-23): the
    alarm stays, and further events are no change that anybody is told of.
    """
    if _is_sparse_sum(fed) and fed.alarm.treat_missing_data == "notBreaching":
        minutes = (fed.alarm.evaluation_periods + 2) * fed.alarm.period / _MINUTE
        yield (
            f"stays for about {minutes:g} minutes after its last breaching period: quiet periods "
            "have no data",
            "set DefaultValue of the filter to 0",
        )


def _is_sparse_sum(fed: Fed) -> bool:
    """True for an alarm on much whose metric has no datapoints where nothing matches."""
    return fed.grows and not fed.all_default and not _is_wall_clock(fed.alarm)


def _is_wall_clock(alarm: MetricAlarm) -> bool:
    return alarm.evaluation_window is not None  # E-11: such an alarm looks at its periods only


def _one_event_breaches(fed: Fed) -> bool:
    return fed.alarm.statistic != "Sum" or (
        fed.values is not None and all(fed.breaches(value) for value in fed.values)
    )


@_alarm_rule("TW312", "warning")
def period_below_a_minute(fed: Fed) -> Iterator[Said]:
    """Metric filters publish one value for a minute (M-7), so that shorter periods are empty."""
    if fed.alarm.period < _MINUTE:
        yield (
            f"has a period of {fed.alarm.period} seconds, but metric filters publish by the minute",
            "set Period to 60 or 300",
        )


def _statistic(fed: Fed) -> str:
    return fed.alarm.statistic or fed.alarm.extended_statistic or "statistic"
