"""The people of an account by name: who works there, and who the story will happen to."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from trailwarden.simulate.estate import Account, Estate
from trailwarden.simulate.identifiers import pick
from trailwarden.simulate.people import (
    BROWSERS,
    COMMAND_LINES,
    OFFICE,
    console_user,
    key_user,
    sso_session,
)
from trailwarden.simulate.principal import Principal

_CLOCKS = (-3, 0, 1, 1, 2)  # hours ahead of UTC: everybody's working day lies within one UTC day
_ENGINEERS = 4


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session of a permission set; ``clock`` is in hours ahead of UTC."""

    name: str
    principal: Principal
    clock: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works in an account."""

    administrator: Person
    engineers: tuple[Person, ...]
    script: Principal  # an IAM user whose access key runs on a workstation
    operator: Principal  # an IAM user who signs in to the console


def _clock(estate: Estate, person: str) -> int:
    """A person's time zone."""
    return pick(estate.random("clock", person), _CLOCKS)


def _desk(rng: Random) -> str:
    """The address of a workstation in the office."""
    return f"{OFFICE}{int(rng.random() * 60) + 130}"


def cast_of(estate: Estate, account: Account) -> Cast:
    """The people of an account. The administrator is the same in all of them."""
    place = estate.accounts.index(account)
    boss, *others = estate.people
    chosen = [others[(place * 3 + number) % len(others)] for number in range(_ENGINEERS)]
    rng = estate.random("cast", account.id)

    def person(name: str, permission_set: str, *, from_console: bool) -> Person:
        session = sso_session(estate, account, name, permission_set, from_console=from_console)
        return Person(name, session, _clock(estate, name))

    script, operator = estate.things(account.id, estate.home)["user"][:2]
    return Cast(
        administrator=person(boss, "AdministratorAccess", from_console=True),
        engineers=tuple(
            person(name, "PowerUserAccess", from_console=number % 2 == 0)
            for number, name in enumerate(chosen)
        ),
        script=key_user(
            estate,
            account,
            script,
            source_ip=_desk(rng),
            user_agent=pick(rng, COMMAND_LINES),
        ),
        operator=console_user(
            estate,
            account,
            operator,
            source_ip=_desk(rng),
            user_agent=pick(rng, BROWSERS),
        ),
    )
