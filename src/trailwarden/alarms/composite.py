"""Composite alarms: their order of evaluation, and their state in time (C-26 to C-30, C-40)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from graphlib import CycleError, TopologicalSorter

from trailwarden.alarms.changes import StateChange
from trailwarden.alarms.model import CompositeAlarm, State
from trailwarden.alarms.rule import alarm_name, parse_rule
from trailwarden.alarms.spelling import json_text, long_date, timestamp
from trailwarden.errors import AlarmConfigurationError, RuleError

MAX_USES = 150  # rule C-25


def evaluation_order(
    composites: Sequence[CompositeAlarm], metric_alarms: Collection[str]
) -> tuple[CompositeAlarm, ...]:
    """``composites`` so that every one comes after those it refers to.

    ``metric_alarms`` are the names of all other alarms. Raises AlarmConfigurationError for a
    reference to an unknown alarm, for a cycle, and where too many rules use one alarm.
    """
    by_name = {alarm.alarm_name: alarm for alarm in composites}
    known = {*by_name, *metric_alarms}
    children = {name: _known_children(alarm, known) for name, alarm in by_name.items()}
    uses = Counter(child for names in children.values() for child in names)
    for child, count in uses.items():
        if count > MAX_USES:
            raise AlarmConfigurationError(
                f"AlarmRule: {count} composite alarms use {child!r}, at most {MAX_USES} may",
                field="AlarmRule",
                cure="let a composite alarm stand between them",
            )
    try:
        order = tuple(TopologicalSorter(children).static_order())
    except CycleError as error:
        path = " -> ".join(reversed(error.args[1]))
        raise AlarmConfigurationError(
            f"AlarmRule: composite alarms depend on each other in a cycle: {path}",
            field="AlarmRule",
            cure="change one of these rules, for instance to FALSE",
        ) from None
    return tuple(by_name[name] for name in order if name in by_name)


def _known_children(alarm: CompositeAlarm, known: Collection[str]) -> tuple[str, ...]:
    children = parse_rule(alarm.alarm_rule).children()
    for child in children:
        if child not in known:
            raise RuleError(
                f"AlarmRule: {alarm.alarm_name!r} refers to {child!r}, which is not an alarm here",
                rule=alarm.alarm_rule,
                offset=max(0, alarm.alarm_rule.find(child)),
                cure="correct the name, or define that alarm in the same stack",
            )
    suppressor = alarm.actions_suppressor
    if suppressor is not None and alarm_name(suppressor) not in known:
        raise AlarmConfigurationError(
            f"ActionsSuppressor: {alarm_name(suppressor)!r} is not an alarm here",
            field="ActionsSuppressor",
            cure="correct the name, or define that alarm in the same stack",
        )
    return children


class CompositeRun:
    """One composite alarm in time.

    ``arn_of`` gives the ARN of an alarm's name, which state reasons mention. Raises
    :class:`~trailwarden.errors.RuleError`.
    """

    def __init__(
        self,
        alarm: CompositeAlarm,
        arn_of: Callable[[str], str],
        state: State = "INSUFFICIENT_DATA",
    ) -> None:
        self.alarm = alarm
        self.state: State = state
        self.rule = parse_rule(alarm.alarm_rule)
        self._children = self.rule.children()
        self._arn_of = arn_of

    def start(self, time: datetime, states: Mapping[str, State]) -> StateChange | None:
        """The first evaluation (rule C-26). ``states`` holds every child's state."""
        state = self._evaluated(states)
        if state == self.state:
            return None
        arn = self._arn_of(self.alarm.alarm_name)
        reason = f"{arn} was created and its alarm rule evaluates to {state}"
        return self._change(time, state, reason, None, initial=state != "ALARM")

    def update(
        self, time: datetime, states: Mapping[str, State], before: Mapping[str, State]
    ) -> StateChange | None:
        """Evaluate after changes of other alarms at ``time``.

        ``before`` holds the former states of the alarms that changed (rule C-30: all of one
        instant together), ``states`` the present states of all children.
        """
        changed = [child for child in self._children if child in before]
        if not changed:
            return None
        state = self._evaluated(states)
        if state == self.state:
            return None
        child = self._cause(changed, states, before)
        arn = self._arn_of(child)
        reason = f"{arn} transitioned to {states[child]} at {long_date(time)}"
        return self._change(time, state, reason, (child, states[child]))

    def _evaluated(self, states: Mapping[str, State]) -> State:
        return "ALARM" if self.rule.evaluate(states) else "OK"

    def _cause(
        self, changed: list[str], states: Mapping[str, State], before: Mapping[str, State]
    ) -> str:
        """The first child without whose change the rule would not have changed."""
        now = {child: states[child] for child in self._children}
        for child in changed:
            if self._evaluated({**now, child: before[child]}) == self.state:
                return child
        return changed[0]

    def _change(
        self,
        time: datetime,
        state: State,
        reason: str,
        cause: tuple[str, State] | None,
        *,
        initial: bool = False,
    ) -> StateChange:
        triggering = [
            {"arn": self._arn_of(name), "state": {"value": value, "timestamp": timestamp(time)}}
            for name, value in ([cause] if cause else [])
        ]
        change = StateChange(
            time=time,
            from_state=self.state,
            to_state=state,
            reason=reason,
            reason_data=json_text({"triggeringAlarms": triggering}),
            window_start=time,
            window_end=time,
            initial=initial,
            child=cause[0] if cause else None,
        )
        self.state = state
        return change
