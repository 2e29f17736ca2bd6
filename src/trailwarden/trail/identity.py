"""Who did it: a name for the caller that is stable, readable, and different for different callers.

======================  =======================================================================
``userIdentity.type``   name
======================  =======================================================================
Root                    ``Root (111122223333)``
… of ``AssumeRoot``     ``Root, assumed (111122223333)``
IAMUser                 ``user/alice (111122223333)``
AssumedRole             ``role/Admin/alice (111122223333)``: the role, and the session's name
… of Identity Center    ``sso/AdministratorAccess/alice@example.com (111122223333)``
FederatedUser           ``federated-user/bob (111122223333)``
SAMLUser                ``saml-user/bob (https://idp…)``: the user, and who vouches for them
WebIdentityUser         ``web-identity/bob (accounts.google.com)``
IdentityCenterUser      ``identity-center/USER-ID (d-1234567890)``: the user, and their store
Directory               ``directory/bob (111122223333)``
AWSAccount              ``account/111122223333/AROA…:session``: somebody of another account
AWSService              ``service/inspector2.amazonaws.com``
Unknown, absent         the best that is there, ``unknown/…``
======================  =======================================================================

A service that acts on somebody's behalf (``invokedBy``) does not change who that is. Where a
source identity was set and says more than the session's name, it follows: ``role/Admin/s1 as
alice (…)``. Sign-ins with a wrong user name have the name that CloudTrail gives them,
``user/HIDDEN_DUE_TO_SECURITY_REASONS (…)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trailwarden.text import visible
from trailwarden.trail.record import Fields, object_field, text_field

NAME_LIMIT = 300  # characters; the longest names that AWS allows stay below
KIND_LIMIT = 40

# aws-reserved/sso.amazonaws.com/[region/]AWSReservedSSO_PERMISSION-SET_0123456789abcdef
# Only Identity Center makes roles in this path; anybody may give a role such a name.
_SSO_ROLE = re.compile(
    r"arn:[^:/]*:iam::\d{12}:role/aws-reserved/sso\.amazonaws\.com/(?:[a-z0-9-]+/)?"
    r"(AWSReservedSSO_(.+)_[0-9a-f]{16})"
)
_ACCOUNT = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d{12}):")
_SESSION = re.compile(r"arn:[^:]*:sts::\d*:assumed-role/([^/]+)/(.+)", re.DOTALL)
_FEDERATED = re.compile(r"arn:[^:]*:sts::\d*:federated-user/(.+)", re.DOTALL)
_USER = re.compile(r"arn:[^:]*:iam::\d*:user/(?:.*/)?([^/]+)", re.DOTALL)
_STORE = re.compile(r".*:identitystore/([^/]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who made a call. ``kind`` is the record's ``userIdentity.type`` (``Unknown`` without one).

    Both are one line without control characters, and bounded in length.
    """

    name: str
    kind: str


def principal_of(fields: Mapping[str, Any]) -> Principal:
    """The principal of a decoded record. Never raises, whatever the record holds."""
    who = object_field(fields, "userIdentity")
    kind = text_field(who, "type")
    describe = _DESCRIPTIONS.get(kind)
    name = describe(who) if describe else ""
    if not name:
        name = _unknown(who)
    return Principal(
        visible(name, NAME_LIMIT), visible(kind or _kind_without_type(who), KIND_LIMIT)
    )


_ROLE_SESSION = re.compile(r"(role/[^/]+)/.*?( \(\d{12}\))?", re.ASCII | re.DOTALL)


def role_of(principal: str) -> str:
    """A principal's name without its session: of ``role/R/s (account)``, ``role/R (account)``.

    Whoever assumes a role names the session, so that one caller can be hundreds of principals.
    Others than roles are what they are.
    """
    found = _ROLE_SESSION.fullmatch(principal)
    return found[1] + (found[2] or "") if found else principal


def _kind_without_type(who: Fields) -> str:
    return "AWSService" if text_field(who, "invokedBy") else "Unknown"


def _in_account(name: str, who: Fields) -> str:
    """``name (account)``: two accounts' alices are two principals."""
    account = text_field(who, "accountId")
    if not account:
        found = _ACCOUNT.match(text_field(who, "arn"))
        account = found[1] if found else ""
    return f"{name} ({account})" if account else name


def _root(who: Fields) -> str:
    session = object_field(who, "sessionContext")
    assumed = session.get("assumedRoot") in ("true", True)  # by sts:AssumeRoot, from outside
    source = text_field(session, "sourceIdentity")
    name = "Root, assumed" if assumed else "Root"
    return _in_account(f"{name} as {source}" if source else name, who)


def _user(who: Fields) -> str:
    name = text_field(who, "userName") or _part(_USER, text_field(who, "arn"))
    name = name or text_field(who, "principalId")
    return _in_account(f"user/{name}", who) if name else ""


def _assumed_role(who: Fields) -> str:
    context = object_field(who, "sessionContext")
    issuer = object_field(context, "sessionIssuer")
    found = _SESSION.fullmatch(text_field(who, "arn"))
    role = text_field(issuer, "userName") or (found[1] if found else "")
    session = found[2] if found else text_field(who, "principalId").partition(":")[2]
    if not role:
        role = text_field(who, "principalId").partition(":")[0]
    if not role and not session:
        return ""
    permission_set = _permission_set(role, text_field(issuer, "arn"))
    name = f"sso/{permission_set}" if permission_set else f"role/{role}"
    if session:
        name += f"/{session}"
    source = text_field(context, "sourceIdentity")
    if source and source != session:
        name += f" as {source}"
    return _in_account(name, who)


def _permission_set(role: str, issuer_arn: str) -> str:
    """The permission set of a role that Identity Center made; ``""`` for any other role."""
    found = _SSO_ROLE.fullmatch(issuer_arn)
    return found[2] if found and found[1] == role else ""


def _federated_user(who: Fields) -> str:
    name = _part(_FEDERATED, text_field(who, "arn")) or text_field(who, "userName")
    name = name or text_field(who, "principalId").partition(":")[2]
    return _in_account(f"federated-user/{name}", who) if name else ""


def _saml_user(who: Fields) -> str:
    return _vouched_for("saml-user", who)


def _web_identity_user(who: Fields) -> str:
    return _vouched_for("web-identity", who)


def _vouched_for(noun: str, who: Fields) -> str:
    name = text_field(who, "userName") or text_field(who, "principalId")
    provider = text_field(who, "identityProvider")
    if not name:
        return ""
    return f"{noun}/{name} ({provider})" if provider else _in_account(f"{noun}/{name}", who)


def _identity_center_user(who: Fields) -> str:
    behalf = object_field(who, "onBehalfOf")
    name = text_field(behalf, "userId") or text_field(who, "userName")
    name = name or text_field(who, "principalId")
    store = _part(_STORE, text_field(behalf, "identityStoreArn"))
    if not name:
        return ""
    shown = f"identity-center/{name}"
    return f"{shown} ({store})" if store else _in_account(shown, who)


def _directory(who: Fields) -> str:
    name = text_field(who, "userName") or text_field(who, "principalId")
    return _in_account(f"directory/{name}", who) if name else ""


def _account(who: Fields) -> str:
    account, who_there = text_field(who, "accountId"), text_field(who, "principalId")
    if not account and not who_there:
        return ""
    parts = ["account", account or "unknown"]
    if who_there and who_there != account:
        parts.append(who_there)
    return "/".join(parts)


def _service(who: Fields) -> str:
    name = text_field(who, "invokedBy") or text_field(who, "principalId")
    return f"service/{name}" if name else ""


def _unknown(who: Fields) -> str:
    """The best that is there."""
    if not text_field(who, "type") and text_field(who, "invokedBy"):
        return _service(who)  # events that a service writes of itself
    for field in ("userName", "arn", "principalId"):
        if text_field(who, field):
            return _in_account(f"unknown/{text_field(who, field)}", who)
    return _in_account("unknown", who)


def _part(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.fullmatch(text)
    return found[1] if found else ""


_DESCRIPTIONS: dict[str, Callable[[Fields], str]] = {
    "Root": _root,
    "IAMUser": _user,
    "AssumedRole": _assumed_role,
    "Role": _assumed_role,
    "FederatedUser": _federated_user,
    "SAMLUser": _saml_user,
    "WebIdentityUser": _web_identity_user,
    "IdentityCenterUser": _identity_center_user,
    "Directory": _directory,
    "AWSAccount": _account,
    "AWSService": _service,
}
