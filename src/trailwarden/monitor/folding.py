"""Sessions of one role as one: whoever assumes a role names the session, and can have hundreds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trailwarden.monitor.outcome import PrincipalCount
from trailwarden.trail.identity import role_of


@dataclass(frozen=True, slots=True)
class Folded:
    """A principal, or a role with all of its ``sessions`` (then more than one)."""

    name: str
    count: int
    sessions: int
    members: tuple[str, ...]

    @property
    def label(self) -> str:
        """``user/anna (111122223333)``, or ``role/Build (111122223333), 100 sessions``."""
        return self.name if self.sessions == 1 else f"{self.name}, {self.sessions:,} sessions"


def folded(principals: Iterable[PrincipalCount]) -> tuple[Folded, ...]:
    """``principals`` with the sessions of each role as one, where the first of them stands."""
    by_role: dict[str, list[PrincipalCount]] = {}
    for one in principals:
        by_role.setdefault(role_of(one.principal), []).append(one)
    return tuple(
        Folded(
            role if len(members) > 1 else members[0].principal,
            sum(one.count for one in members),
            len(members),
            tuple(one.principal for one in members),
        )
        for role, members in by_role.items()
    )
