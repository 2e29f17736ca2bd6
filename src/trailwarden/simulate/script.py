"""What somebody does on purpose, call by call: the story, and changes on ordinary days."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from trailwarden.simulate.call import Call
from trailwarden.simulate.principal import Principal
from trailwarden.simulate.scribe import Event, Scribe


@dataclass(slots=True)
class Step:
    """One thing somebody did: from ``first`` to ``last`` (seconds since the epoch), ``calls`` long.

    ``account`` and ``principal`` say where and who, ``text`` what it was.
    """

    account: str
    principal: str
    text: str
    first: int = 0
    last: int = 0
    calls: int = 0


class Script:
    """Writes records one after the other and remembers what they amount to.

    ``now`` (seconds since the epoch) is when the next call happens.
    """

    def __init__(self, scribe: Scribe, rng: Random, home: str, now: int) -> None:
        self.random = rng
        self.now = float(now)
        self.events: list[Event] = []
        self.steps: list[Step] = []
        self._scribe = scribe
        self._home = home

    def wait(self, seconds: float) -> None:
        """Let about so much time pass."""
        self.now += seconds * (0.7 + 0.6 * self.random.random())

    def step(self, principal: Principal, text: str) -> None:
        """Begin a new step, which ``principal`` takes."""
        self.steps.append(Step(principal.account, principal.name, text))

    def act(
        self,
        principal: Principal,
        *calls: Call,
        region: str = "",
        pause: float = 6.0,
        **given: str,
    ) -> None:
        """``principal`` makes ``calls``, about ``pause`` seconds apart; ``given`` fills slots."""
        for call in calls:
            time = int(self.now)
            event = self._scribe.write(principal, call, region or self._home, time, given)
            self.events.append(event)
            step = self.steps[-1]
            step.first = step.first or time
            step.last = time
            step.calls += 1
            self.wait(pause)
