"""From a principal and a call to a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from trailwarden.simulate.call import Call
from trailwarden.simulate.estate import Estate
from trailwarden.simulate.identifiers import random_for
from trailwarden.simulate.principal import Principal, Sessions
from trailwarden.simulate.services import GLOBAL_REGION, service
from trailwarden.simulate.template import Template
from trailwarden.simulate.values import Values

_NOTHING: Mapping[str, str] = {}


class Event(NamedTuple):
    """A record: ``time`` is its eventTime (seconds since the epoch), ``data`` its JSON (UTF-8)."""

    time: int
    account: str
    region: str
    data: bytes


class Scribe:
    """Writes records. The random parts follow from ``names`` and the order of the calls."""

    def __init__(self, estate: Estate, *names: object) -> None:
        self._estate = estate
        self._sessions = Sessions(estate)
        self._random = random_for("trailwarden", "scribe", *names)
        self._templates: dict[tuple[Principal, Call, str], Template] = {}

    def write(
        self,
        principal: Principal,
        call: Call,
        region: str,
        time: int,
        given: Mapping[str, str] = _NOTHING,
        number: int = 0,
    ) -> Event:
        """The record of ``principal`` making ``call``. ``given`` are values of its choice."""
        if service(call.service).is_global:
            region = GLOBAL_REGION
        template = self._templates.get((principal, call, region))
        if template is None:
            template = self._prepare(principal, call, region)
        session = self._sessions.at(principal, region, time, number)
        things = self._estate.things(principal.account, region)
        values = Values({**session, **given}, time, things, self._random)
        text = template.fill(values)
        return Event(time, principal.account, region, text.encode())

    def _prepare(self, principal: Principal, call: Call, region: str) -> Template:
        text = call.record(is_direct=principal.is_direct, from_console=principal.from_console)
        caller = {"identity": principal.identity, "arn": principal.arn}
        place = {"account": principal.account, "region": region}
        template = Template(text).bind(caller).bind(place)
        self._templates[principal, call, region] = template
        return template
