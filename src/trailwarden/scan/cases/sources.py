"""Whose call it is, for names that the catalogue of controls knows: ``StopLogging``."""

from __future__ import annotations

from functools import cache

from trailwarden.stack.controls import VERSIONS, controls
from trailwarden.text import nearest

_SIGN_IN = "signin.amazonaws.com"
_OTHERS = {
    "ConsoleLogin": {_SIGN_IN},
    "CredentialVerification": {_SIGN_IN},
    "AssumeRoot": {"sts.amazonaws.com"},
}
# Calls that services which the catalogue does not know have as well.
_SHARED_NAMES = """
    AttachPolicy CreateAccount CreateOrganization CreatePolicyVersion CreateRoute
    CreateSecurityGroup CreateVpcEndpoint CreateVpcPeeringConnection DeleteOrganization
    DeletePolicyVersion DeleteResourcePolicy DeleteRoute DeleteSecurityGroup
    DeleteVpcPeeringConnection DetachPolicy PutResourcePolicy SetDefaultPolicyVersion UpdatePolicy
"""
_SHARED = frozenset(_SHARED_NAMES.split())


def sources_of(event: str) -> tuple[str, ...]:
    """The event sources that have an event of this name, sorted; none where that is unknown."""
    return () if event in _SHARED else _all().get(event, ())


def near_event(name: str) -> str:
    """The event of the catalogue that is nearly called so, if there is one."""
    known = [] if name in _SHARED else nearest(name, [*_all(), *_SHARED])
    return known[0] if known and known[0] != name else ""


@cache
def _all() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {name: set(sources) for name, sources in _OTHERS.items()}
    for control in controls():
        named = control.named(VERSIONS[-1])
        for calls in (*filter(None, (named,)), *control.forgotten):
            for name in calls.names:
                found.setdefault(name, set()).add(calls.source)
    return {name: tuple(sorted(sources)) for name, sources in found.items()}
