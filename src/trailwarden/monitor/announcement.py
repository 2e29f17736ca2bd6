"""What a continuous run has to tell: plain data that can wait in a database and be sent later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trailwarden.monitor.outcome import PrincipalCount, Transition

Kind = Literal["transition", "amendment", "late-match", "repeat", "test"]


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to tell the topics of an alarm.

    ``id`` is the same whenever the same thing is told: receivers may rely on it. ``decided`` (UTC)
    is when it was decided, ``transition.time`` when it happened. A ``late-match`` is no transition:
    its events came too late to change what was decided (rule W-13), and both of its states are the
    alarm's present one. An ``amendment`` is an update of the incident that began with the ALARM of
    that time: it tells who matched (or what they did) that nobody was told of in this stretch in
    ALARM; both of its states are ALARM. ``filters`` are names of the metric filters behind the
    alarm, ``topics`` the ARNs to tell. ``before`` says how often the principals had matched these
    filters before; who is missing there is new. ``ends`` are the ids of the ALARM and its updates
    that a change out of ALARM ends.
    """

    id: str
    kind: Kind
    alarm: str
    transition: Transition
    decided: datetime
    topics: tuple[str, ...]
    filters: tuple[str, ...] = ()
    before: tuple[PrincipalCount, ...] = ()
    ends: tuple[str, ...] = ()
