"""What tuning wants to know of every match: a collector of hits that notes it beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.hits import Extractor, Hits
from trailwarden.text import visible
from trailwarden.trail import Principal, principal_of, record
from trailwarden.trail.record import object_field, text_field
from trailwarden.tuning.target import Target, address_of, caller_of, nameable_event

_LONG, _SHORT = 160, 80  # characters of what is shown only


class Trait(msgspec.Struct, array_like=True, frozen=True):
    """One match in short. Texts are one line and bounded; absent fields are empty.

    ``who`` is the principal, a role's without the session's name unless that tells a person.
    ``event`` is only there where a pattern can name it; ``shown_event`` always is.
    """

    who: str
    kind: str
    is_person: bool
    caller: Target | None
    address: Target | None
    event: str
    shown_event: str
    source: str
    service: str
    agent: str
    error: str
    failed: bool

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(one for one in (self.caller, self.address) if one is not None)

    @property
    def is_root(self) -> bool:
        return self.kind == "Root"


def trait_of(fields: Mapping[str, Any]) -> Trait:
    """The trait of a decoded record. Never raises, whatever the record holds."""
    principal = principal_of(fields)
    who = object_field(fields, "userIdentity")
    error = record.error_code(fields) or _failure(fields)
    is_person = _wears_role(principal.name)
    return Trait(
        who=principal.name if is_person else _without_session(principal.name),
        kind=principal.kind,
        is_person=is_person,
        caller=caller_of(fields),
        address=address_of(fields),
        event=nameable_event(fields),
        shown_event=visible(record.event_name(fields), _SHORT),
        source=visible(record.source_ip(fields), _SHORT),
        service=visible(text_field(who, "invokedBy"), _SHORT),
        agent=visible(record.user_agent(fields), _LONG),
        error=visible(error, _SHORT),
        failed=bool(error),
    )


def _failure(fields: Mapping[str, Any]) -> str:
    """Why a call failed that has no error code, as sign-ins have none."""
    answer = object_field(fields, "responseElements")
    is_failure = text_field(answer, "ConsoleLogin") == "Failure"
    return text_field(fields, "errorMessage") or ("Failure" if is_failure else "")


def _wears_role(name: str) -> bool:
    """True for a session of Identity Center, or one that is named like a mail address."""
    return name.startswith("sso/") or (name.startswith("role/") and "@" in name)


def _without_session(name: str) -> str:
    """``role/Deploy/run-7 (1111…)`` is ``role/Deploy (1111…)``: sessions come and go."""
    if not name.startswith("role/"):
        return name
    head, bracket, account = name.rpartition(" (")
    parts = (head if bracket else name).split("/", 2)
    return "/".join(parts[:2]) + bracket + (account if bracket else "")


class _Noted(msgspec.Struct, array_like=True):
    traits: list[Trait]
    of_hits: list[int]


class TraitHits(Hits):
    """Hits with the trait of each; samples of events are left behind."""

    def __init__(self, extractor: Extractor, source: str) -> None:
        super().__init__(extractor, source)
        self._traits: dict[Trait, int] = {}
        self._of_hits: list[int] = []

    def note(self, hit: Hit, principal: Principal, fields: Mapping[str, Any]) -> None:
        self._of_hits.append(self._traits.setdefault(trait_of(fields), len(self._traits)))

    def put_into(self, digest: Digest) -> None:
        super().put_into(digest)
        # One name for all: who did it is counted here, and not a second time by the monitor.
        digest.principals = [""] * len(digest.principals)
        digest.events = []
        digest.extra = _ENCODER.encode(_Noted(list(self._traits), self._of_hits))


def traits_in(digest: Digest) -> list[Trait]:
    """The traits of a digest's hits, one each."""
    if not digest.extra:
        return []
    noted = _DECODER.decode(digest.extra)
    return [noted.traits[number] for number in noted.of_hits]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Noted)
