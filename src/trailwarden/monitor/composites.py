"""A stack's composite alarms: evaluated when a child changes, children first (C-26 to C-30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trailwarden.alarms import CompositeRun, State, StateChange
from trailwarden.monitor.incidents import Culprits, Part
from trailwarden.monitor.track import Step, transition_of


class Composites:
    """Runs composite alarms; ``runs`` are in order of evaluation, ``states`` those of all alarms.

    ``states`` is kept up to date here.
    """

    def __init__(
        self, runs: Sequence[CompositeRun], states: dict[str, State], culprits: Culprits
    ) -> None:
        self._runs = runs
        self._states = states
        self._culprits = culprits
        self._alarming: dict[str, tuple[Part, ...]] = {}  # what is behind the alarms in ALARM

    def resume(self, states: Mapping[str, State]) -> None:
        """Go on from the states that an earlier run left."""
        for run in self._runs:
            run.state = states.get(run.alarm.alarm_name, run.state)

    def evaluate(self, time: datetime, steps: Sequence[Step], *, first: bool) -> list[Step]:
        """Evaluate at ``time``, when metric alarms made ``steps``; returns the composites' own."""
        before: dict[str, State] = {}
        for step in steps:
            self._note(step, before)
        made: list[Step] = []
        for run in self._runs:
            change = (
                run.start(time, self._states) if first else run.update(time, self._states, before)
            )
            if change is not None:
                step = self._step(run, change)
                self._note(step, before)
                made.append(step)
        return made

    def _note(self, step: Step, before: dict[str, State]) -> None:
        before[step.name] = step.change.from_state
        self._states[step.name] = step.change.to_state
        self._alarming[step.name] = step.parts

    def _step(self, run: CompositeRun, change: StateChange) -> Step:
        parts: tuple[Part, ...] = ()
        if change.to_state == "ALARM":
            for child in run.rule.children():
                parts += self._alarming.get(child, ())
        transition = transition_of(change, self._culprits.behind(parts), parts)
        return Step(run.alarm.alarm_name, change, transition, parts)
