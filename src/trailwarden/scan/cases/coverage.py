"""What the tests of a stack exercise: clauses of its filters, and alarms that went into ALARM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trailwarden.errors import Location
from trailwarden.monitor.outcome import AlarmOutcome
from trailwarden.patterns.coverage import Clause, Coverage
from trailwarden.stack.model import Stack


@dataclass(frozen=True, slots=True)
class FilterCoverage:
    """A metric filter's clauses, from the left, and what the tests have shown of each."""

    name: str
    location: Location | None
    clauses: tuple[Clause, ...]

    @property
    def counted(self) -> tuple[Clause, ...]:
        """Those that can be covered: without what a clause beside it makes redundant."""
        return tuple(clause for clause in self.clauses if not clause.redundant)

    @property
    def covered(self) -> int:
        return sum(clause.is_covered for clause in self.counted)


class StackCoverage:
    """What all tests of ``stack`` have exercised so far."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._coverages = [Coverage(one.pattern) for one in stack.metric_filters]
        metric_alarms = [alarm.alarm_name for alarm in stack.alarms]
        self._fired = dict.fromkeys(
            [*metric_alarms, *(alarm.alarm_name for alarm in stack.composite_alarms)], False
        )

    def add(self, records: Iterable[bytes], alarms: Mapping[str, AlarmOutcome]) -> None:
        """Learn from one test: its records (JSON, UTF-8), and what became of the alarms."""
        for record in records:
            text = record.decode("utf-8", "surrogateescape")  # once for all filters
            for coverage in self._coverages:
                coverage.add(text)
        for name, outcome in alarms.items():
            self._fired[name] |= outcome.fired > 0

    @property
    def filters(self) -> tuple[FilterCoverage, ...]:
        """The stack's filters, in its order."""
        return tuple(
            FilterCoverage(
                one.filter_name,
                self.stack.locations.get(("MetricFilter", one.filter_name)),
                coverage.clauses,
            )
            for one, coverage in zip(self.stack.metric_filters, self._coverages, strict=True)
        )

    @property
    def clauses(self) -> int:
        """How many clauses can be covered."""
        return sum(len(one.counted) for one in self.filters)

    @property
    def covered(self) -> int:
        return sum(one.covered for one in self.filters)

    @property
    def redundant(self) -> int:
        """How many clauses cannot be covered, and do not count."""
        return sum(len(one.clauses) - len(one.counted) for one in self.filters)

    @property
    def percent(self) -> float:
        """Of the clauses, 100 where there are none."""
        return 100 * self.covered / self.clauses if self.clauses else 100.0

    @property
    def alarms(self) -> tuple[str, ...]:
        """All alarms of the stack."""
        return tuple(self._fired)

    @property
    def never_fired(self) -> tuple[str, ...]:
        """The alarms that were in ALARM in no test."""
        return tuple(name for name, fired in self._fired.items() if not fired)
