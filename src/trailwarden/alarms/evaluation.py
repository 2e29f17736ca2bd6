"""Deciding an alarm's state from the datapoints of its evaluation range (rules E-10 to E-21).

Datapoints are spelled as one byte per period, oldest first, as in AWS's tables: ``-`` missing,
``0`` not breaching, ``X`` breaching. Small letters mark a percentile of too few samples (E-30).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from trailwarden.alarms.model import COMPARISONS, STATES, MetricAlarm, State
from trailwarden.alarms.validation import check_evaluation
from trailwarden.errors import AlarmConfigurationError

MISSING, FINE, BREACHING = b"-", b"0", b"X"
FINE_LOW, BREACHING_LOW = b"o", b"x"


def treatment_of(alarm: MetricAlarm) -> str:
    """How the alarm treats missing data; the default depends on the namespace (rule C-8)."""
    default = "ignore" if alarm.namespace == "AWS/DynamoDB" else "missing"
    return alarm.treat_missing_data or default


def needed_to_alarm(alarm: MetricAlarm) -> int:
    """M: DatapointsToAlarm, EvaluationPeriods where it is not set."""
    return alarm.datapoints_to_alarm or alarm.evaluation_periods


@dataclass(frozen=True, slots=True)
class Decision:
    """The part of an alarm that decides: N, M, the comparison and the treatment."""

    periods: int
    to_alarm: int
    breaches: Callable[[float, float], bool]
    threshold: float
    treatment: str

    @classmethod
    def of(cls, alarm: MetricAlarm) -> Decision:
        """Raises ValueError for an alarm without a threshold to compare with."""
        breaches = COMPARISONS.get(alarm.comparison_operator)
        if breaches is None or alarm.threshold is None:
            raise ValueError(f"{alarm.alarm_name!r} has no comparison with a fixed threshold")
        return cls(
            periods=alarm.evaluation_periods,
            to_alarm=needed_to_alarm(alarm),
            breaches=breaches,
            threshold=alarm.threshold,
            treatment=treatment_of(alarm),
        )

    def spell(self, value: float | None, is_low: bool = False) -> bytes:
        """The byte for one datapoint (rule T-8: doubles are compared as they are)."""
        if value is None:
            return MISSING
        if self.breaches(value, self.threshold):
            return BREACHING_LOW if is_low else BREACHING
        return FINE_LOW if is_low else FINE

    def state(self, spelled: bytes, previous: State) -> State:
        """The state after an evaluation whose range holds ``spelled``."""
        real = spelled.translate(None, MISSING)
        used = real[-self.periods :]
        if FINE_LOW in used or BREACHING_LOW in used:
            return previous  # rule E-30
        if len(real) >= self.periods:  # rule E-12
            return "ALARM" if used.count(BREACHING) >= self.to_alarm else "OK"
        if not real:
            return self._without_data(previous)
        return self._with_gaps(real, len(spelled.lstrip(MISSING)), previous)

    def foreseen(self, spelled: bytes, previous: State) -> State:
        """The state while samples are still to come: ALARM begins only where it is certain.

        That is where whatever fills the gaps can only confirm it, given a statistic that more
        samples only raise, compared by *greater*. Points older than the newest N count until newer
        ones arrive: they can make an ALARM last, and never begin one. The first OK is foreseen as
        well, so that an ALARM is not said to follow on too little data.
        """
        if spelled[-self.periods :].count(BREACHING) >= self.to_alarm:
            return "ALARM"
        if previous == "OK":
            return previous
        state = self.state(spelled, previous)
        return previous if state == "ALARM" else state

    def _without_data(self, previous: State) -> State:
        """Rule E-13."""
        if self.treatment == "missing":
            return "INSUFFICIENT_DATA"
        if self.treatment == "ignore":
            return previous
        return "ALARM" if self.treatment == "breaching" else "OK"

    def _with_gaps(self, real: bytes, age: int, previous: State) -> State:
        """Rules E-14 to E-19. ``age`` is that of the oldest real point, from 1 for the newest."""
        breaching = real.count(BREACHING)
        if self.treatment == "breaching":
            filled = breaching + self.periods - len(real)
            return "ALARM" if filled >= self.to_alarm else "OK"
        if breaching >= self.to_alarm:
            return "ALARM"
        if self.treatment == "notBreaching" or FINE in real:
            return "OK"
        if self.treatment == "ignore":
            return previous
        return "ALARM" if age >= self.to_alarm else "OK"


def evaluate(alarm: MetricAlarm, datapoints: Sequence[float | None], previous: State) -> State:
    """The state of ``alarm`` after an evaluation.

    ``datapoints`` holds one value per period of the evaluation range, oldest first, None where
    there is none. ``previous`` is the state before. Raises ValueError for an alarm that CloudWatch
    could not evaluate (its period, its periods, its comparison), a state that there is not and a
    datapoint that is not finite; TypeError for what is no alarm and no number.
    """
    _check(alarm, datapoints, previous)
    decision = Decision.of(alarm)
    return decision.state(b"".join(map(decision.spell, datapoints)), previous)


def _check(alarm: object, datapoints: Sequence[object], previous: object) -> None:
    if not isinstance(alarm, MetricAlarm):
        raise TypeError(f"the alarm must be a MetricAlarm, not {type(alarm).__name__}")
    if previous not in STATES:
        raise ValueError(f"the previous state must be one of {', '.join(STATES)}, not {previous!r}")
    for value in datapoints:
        if value is None:
            continue
        if not isinstance(value, int | float):
            raise TypeError(f"a datapoint must be a number or None, not {value!r}")
        if not isfinite(value):
            raise ValueError(f"a datapoint must be finite, not {value}")
    try:
        check_evaluation(alarm)
    except AlarmConfigurationError as error:
        raise ValueError(f"{error.message}; {error.cure}") from None
