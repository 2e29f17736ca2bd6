"""Composite alarms whose actions another alarm holds back (C-31 to C-36), in a continuous run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from trailwarden.alarms import Action, ActionSuppressor, CompositeAlarm, State, alarm_name
from trailwarden.monitor.outcome import Transition
from trailwarden.times import epoch_seconds

MAX_KEPT = 20  # events of the change that waits


class Held(msgspec.Struct):
    """What must outlive a process: both states, a period that runs, and the change that waits."""

    composite: State
    suppressor: State
    timer: float | None = None
    pending: Transition | None = None


class Suppression:
    """Holds back the changes of one composite alarm. ``held`` is kept up to date."""

    def __init__(self, alarm: CompositeAlarm, held: Held) -> None:
        self.name = alarm.alarm_name
        self.suppressor = alarm_name(alarm.actions_suppressor or "")
        self.held = held
        self._rules = ActionSuppressor(
            alarm.actions_suppressor_wait_period or 0,
            alarm.actions_suppressor_extension_period or 0,
            held.composite,
            held.suppressor,
            pending=held.pending is not None,
            timer=held.timer,
        )

    def decided(
        self, changes: Sequence[tuple[str, Transition]], until: datetime
    ) -> list[Transition]:
        """The changes whose actions run before ``until``, given all that was decided up to it."""
        rules, held = self._rules, self.held
        told: list[Transition] = []
        # Of one instant, the suppressor's change comes before the composite alarm's.
        for name, change in sorted(changes, key=lambda c: (c[1].time, c[0] != self.suppressor)):
            at = epoch_seconds(change.time)
            if name == self.suppressor:
                told += self._acted(rules.suppressor_changed(at, change.to_state))
                held.suppressor = change.to_state
            if name == self.name and not change.initial:
                told += self._acted(rules.composite_changed(at, change.to_state))
                held.pending = replace(change, events=change.events[:MAX_KEPT])
            if name == self.name:
                held.composite = change.to_state
        told += self._acted(rules.advance(epoch_seconds(until)))
        held.timer = rules.timer
        return told

    def _acted(self, actions: Sequence[Action]) -> list[Transition]:
        if not actions or self.held.pending is None:
            return []
        told, self.held.pending = self.held.pending, None
        return [told]
