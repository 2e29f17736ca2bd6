"""What there is to tell: an alarm changed its state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from trailwarden.alarms import CompositeAlarm, MetricAlarm, State, alarm_arn


class Change(Protocol):
    """A change of state: an alarm's StateChange, or a run's Transition. ``time`` is in UTC."""

    @property
    def time(self) -> datetime: ...
    @property
    def from_state(self) -> State: ...
    @property
    def to_state(self) -> State: ...
    @property
    def reason(self) -> str: ...
    @property
    def reason_data(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A change of an alarm in a region and an account (twelve digits).

    ``previous`` is the change that led to the old state, None for the first one; ``configured`` is
    when the alarm got its present configuration, None where that is not known.
    """

    alarm: MetricAlarm | CompositeAlarm
    change: Change
    region: str
    account: str
    previous: Change | None = None
    configured: datetime | None = None

    @property
    def arn(self) -> str:
        return alarm_arn(self.region, self.account, self.alarm.alarm_name)

    def triggering_alarms(self) -> list[dict[str, Any]]:
        """The children behind a composite alarm's change, as its reason data tell (rule C-40)."""
        triggering: list[dict[str, Any]] = json.loads(self.change.reason_data)["triggeringAlarms"]
        return triggering
