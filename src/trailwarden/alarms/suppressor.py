"""When a composite alarm's actions run while another alarm may suppress them (C-31 to C-36).

Times are any numbers that can be compared and added, all in one unit. Timers fire before the events
of the same instant; of these, tell the suppressor's before the composite alarm's.
"""

from __future__ import annotations

from dataclasses import dataclass

from trailwarden.alarms.model import State


@dataclass(frozen=True, slots=True)
class Action:
    """The actions of ``state`` run at ``time``."""

    time: float
    state: State


class ActionSuppressor:
    """Holds back a composite alarm's actions. ``wait`` and ``extension`` are lengths of time.

    ``pending`` and ``timer`` go on where an earlier one stopped: something is held back, and acts
    at that time if it is not None.
    """

    def __init__(
        self,
        wait: float,
        extension: float,
        composite: State,
        suppressor: State,
        *,
        pending: bool = False,
        timer: float | None = None,
    ) -> None:
        self._wait, self._extension = wait, extension
        self._composite, self._suppressor = composite, suppressor
        self._is_pending = pending
        self._timer = timer

    @property
    def timer(self) -> float | None:
        """When what is held back acts, None while nothing is or the suppressor holds it."""
        return self._timer

    def advance(self, time: float) -> list[Action]:
        """The actions that run up to ``time``, which must never go back."""
        if self._timer is None or self._timer > time:
            return []
        action = Action(self._timer, self._composite)
        self._timer, self._is_pending = None, False
        return [action]

    def suppressor_changed(self, time: float, state: State) -> list[Action]:
        """The suppressor enters ``state``; returns the actions that ran before."""
        actions = self.advance(time)
        if self._is_pending and state == "ALARM":
            self._timer = None  # C-33
        elif self._is_pending and self._suppressor == "ALARM":
            self._timer = time + self._extension  # C-34
        self._suppressor = state
        return actions

    def composite_changed(self, time: float, state: State) -> list[Action]:
        """The composite alarm enters ``state``; returns the actions that ran before."""
        actions = self.advance(time)
        self._composite, self._is_pending = state, True
        self._timer = None if self._suppressor == "ALARM" else time + self._wait  # C-31, C-32, C-35
        return actions

    def suppressor_replaced(self, time: float, state: State) -> list[Action]:
        """Another alarm, now in ``state``, becomes the suppressor; running periods end (C-36).

        What is held back stays so until the next change of either alarm.
        """
        actions = self.advance(time)
        self._suppressor, self._timer = state, None
        return actions
