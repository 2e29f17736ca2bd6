"""The stack of the second pass: the present alarms, and each candidate with metrics of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from trailwarden.alarms import MetricAlarm
from trailwarden.stack.model import MetricFilter, Stack
from trailwarden.tuning.candidates import AlarmCandidates, Candidate
from trailwarden.tuning.counting import Counts
from trailwarden.tuning.habits import Times
from trailwarden.tuning.traits import Trait

_NAMESPACE = "Trailwarden/tune"


@dataclass(slots=True)
class Silenced:
    """The matches that a candidate takes away."""

    matches: int = 0
    failures: int = 0
    whos: Counts = field(default_factory=Counts)
    events: Counts = field(default_factory=Counts)
    times: Times = field(default_factory=Times)

    def add(self, trait: Trait, second: int) -> None:
        self.matches += 1
        self.failures += trait.failed
        self.whos.add(trait.who)
        self.events.add(trait.shown_event)
        self.times.add(second)


class Trial:
    """``stack`` is what to run; its first filters are those of the original.

    It has the alarms that were chosen, and others that stand for candidates, whose names
    :meth:`name_of` and :meth:`threshold_name` tell; no composite alarms.
    """

    def __init__(self, stack: Stack, chosen: Sequence[AlarmCandidates]) -> None:
        self._filters: list[MetricFilter] = list(stack.metric_filters)
        self._alarms: list[MetricAlarm] = [one.alarm for one in chosen]
        self._taken = {alarm.alarm_name for alarm in self._alarms}
        self._names: dict[tuple[str, Candidate], str] = {}
        self._thresholds: dict[tuple[str, float], str] = {}
        # original filter → (changed filter, candidate)
        self._watched: defaultdict[int, list[tuple[int, Silenced]]] = defaultdict(list)
        self._silenced: dict[str, Silenced] = {}
        for one in chosen:
            self._add(one)
        self.stack = replace(
            stack,
            metric_filters=tuple(self._filters),
            alarms=tuple(self._alarms),
            composite_alarms=(),
        )

    def _add(self, one: AlarmCandidates) -> None:
        name = one.alarm.alarm_name
        for threshold in one.plan.thresholds:
            is_present = threshold == one.alarm.threshold
            made = one.alarm if is_present else self._alarm(one.alarm, threshold=threshold)
            self._thresholds[name, threshold] = made.alarm_name
        for candidate in one.candidates:
            made = self._alarm(one.alarm, own_metric=True)
            self._names[name, candidate] = made.alarm_name
            silenced = self._silenced[made.alarm_name] = Silenced()
            for number in dict.fromkeys(feed.filter for feed in one.feeds):
                self._filter(number, made, candidate, silenced)

    def _alarm(
        self, alarm: MetricAlarm, *, threshold: float | None = None, own_metric: bool = False
    ) -> MetricAlarm:
        name = f"trial {len(self._alarms)}"
        while name in self._taken:
            name += "'"
        made = replace(alarm, alarm_name=name)
        if own_metric:
            made = replace(made, namespace=_NAMESPACE, metric_name=name)
        if threshold is not None:
            made = replace(made, threshold=threshold)
        self._alarms.append(made)
        return made

    def _filter(
        self, number: int, alarm: MetricAlarm, candidate: Candidate, silenced: Silenced
    ) -> None:
        """A copy of filter ``number`` that feeds the candidate's metric."""
        old = self._filters[number]
        is_changed = number == candidate.filter
        pattern = candidate.pattern if is_changed else old.pattern
        if is_changed:
            self._watched[number].append((len(self._filters), silenced))
        metric = alarm.metric_name or ""
        self._filters.append(
            replace(
                old,
                filter_name=f"{metric}.{number}",
                filter_pattern=pattern.text,
                pattern=pattern,
                metric_transformations=tuple(
                    replace(one, metric_namespace=_NAMESPACE, metric_name=metric)
                    for one in old.metric_transformations
                ),
            )
        )

    def add(self, filters: tuple[int, ...], trait: Trait, second: int) -> None:
        """Note a record that ``filters`` of the trial's stack matched."""
        matched = set(filters)
        for number in filters:
            for changed, silenced in self._watched.get(number, ()):
                if changed not in matched:
                    silenced.add(trait, second)

    def name_of(self, alarm: str, candidate: Candidate) -> str:
        """The alarm that stands for ``candidate`` of ``alarm``."""
        return self._names[alarm, candidate]

    def threshold_name(self, alarm: str, threshold: float) -> str:
        """The alarm that is ``alarm`` with ``threshold``."""
        return self._thresholds[alarm, threshold]

    def silenced(self, name: str) -> Silenced:
        """What the candidate that the alarm ``name`` stands for takes away."""
        return self._silenced[name]
