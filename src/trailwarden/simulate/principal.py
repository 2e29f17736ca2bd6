"""Who calls: a principal and its sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trailwarden.simulate.estate import Estate
from trailwarden.simulate.identifiers import unique_id
from trailwarden.simulate.values import instant

_HOUR = 3600


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """``name`` is what reports call it (``user/amara``), ``account`` whose trail records it.

    ``identity`` is its userIdentity. Sessions live ``session_hours``; a fleet has ``members``
    sessions side by side, each with the ``member`` it stands for (the name of a slot). A principal
    that is not ``is_direct`` acts through a service, whose host stands for its address.
    """

    name: str
    account: str
    arn: str
    identity: str
    source_ip: str
    user_agent: str
    session_hours: int = 6
    members: int = 1
    member: str = ""
    is_direct: bool = True
    from_console: bool = False


class Sessions:
    """The sessions principals have at a time: their keys, their beginnings, their addresses."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._known: dict[tuple[Principal, str, int, int], Mapping[str, str]] = {}
        self._phases: dict[tuple[Principal, int], int] = {}

    def at(self, principal: Principal, region: str, time: int, number: int) -> Mapping[str, str]:
        """Values for the slots of ``principal``'s session in force at ``time``.

        ``number`` tells the sessions of a fleet apart.
        """
        length = principal.session_hours * _HOUR
        phase = self._phases.get((principal, number))
        if phase is None:
            rng = self._estate.random("phase", principal.account, principal.name, number)
            phase = self._phases[principal, number] = int(rng.random() * length)
        key = (principal, region, number, (time + phase) // length)
        session = self._known.get(key)
        if session is None:
            session = self._known[key] = self._open(*key, key[3] * length - phase)
        return session

    def _open(
        self, principal: Principal, region: str, number: int, period: int, created: int
    ) -> Mapping[str, str]:
        name, account = principal.name, principal.account
        rng = self._estate.random("session", account, name, region, number, period)
        values = {
            "access_key": unique_id(rng, "ASIA"),
            "created": instant(created),
            "source_ip": principal.source_ip or f"203.0.113.{int(rng.random() * 120) + 130}",
            "user_agent": principal.user_agent,
        }
        if principal.member:
            things = self._estate.things(account, region)[principal.member]
            values[principal.member] = things[number % len(things)]
        return values
