from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.text import visible
from trailwarden.trail import Principal, principal_of

ACCOUNT = "111122223333"


def who(**identity: Any) -> Principal:
    return principal_of({"userIdentity": identity})


def session(role: str, name: str, **context: Any) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLEEXAMPLEEXA:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAEXAMPLEEXAMPLEEX",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLEEXAMPLEEXA",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/path/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": "2024-05-01T12:00:00Z", "mfaAuthenticated": "false"},
            **context,
        },
    }


def _reserved(role: str, path: str) -> dict[str, Any]:
    """A session of a role in the path that AWS keeps for itself."""
    fields = session(role, "alice@example.com")
    issuer = fields["sessionContext"]["sessionIssuer"]
    issuer["arn"] = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/{path}{role}"
    return fields


SSO = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
ROOT = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root", "accountId": ACCOUNT}


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        (ROOT, f"Root ({ACCOUNT})"),
        ({"type": "Root"}, "Root"),
        ({"type": "Root", "arn": f"arn:aws-cn:iam::{ACCOUNT}:root"}, f"Root ({ACCOUNT})"),
        ({**ROOT, "invokedBy": "signin.amazonaws.com"}, f"Root ({ACCOUNT})"),
        ({**ROOT, "sessionContext": {"assumedRoot": "true"}}, f"Root, assumed ({ACCOUNT})"),
        (
            {**ROOT, "sessionContext": {"assumedRoot": "true", "sourceIdentity": "alice"}},
            f"Root, assumed as alice ({ACCOUNT})",
        ),
        (
            {
                "type": "IAMUser",
                "principalId": "AIDAEXAMPLEEXAMPLEEXA",
                "arn": f"arn:aws:iam::{ACCOUNT}:user/division/alice",
                "accountId": ACCOUNT,
                "userName": "alice",
            },
            f"user/alice ({ACCOUNT})",
        ),
        (
            {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/division/alice"},
            f"user/alice ({ACCOUNT})",
        ),
        (
            {"type": "IAMUser", "principalId": "AIDAEXAMPLE", "accountId": ACCOUNT},
            f"user/AIDAEXAMPLE ({ACCOUNT})",
        ),
        (
            {
                "type": "IAMUser",
                "accountId": ACCOUNT,
                "accessKeyId": "",
                "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
            },
            f"user/HIDDEN_DUE_TO_SECURITY_REASONS ({ACCOUNT})",
        ),
        (session("Admin", "alice"), f"role/Admin/alice ({ACCOUNT})"),
        (session("Admin", "s1", sourceIdentity="alice"), f"role/Admin/s1 as alice ({ACCOUNT})"),
        (session("Admin", "alice", sourceIdentity="alice"), f"role/Admin/alice ({ACCOUNT})"),
        (
            session("Admin", "alice", assumedRoot="true"),  # as in the call of AssumeRoot itself
            f"role/Admin/alice ({ACCOUNT})",
        ),
        (
            {**session("Admin", "alice"), "invokedBy": "cloudformation.amazonaws.com"},
            f"role/Admin/alice ({ACCOUNT})",
        ),
        (
            _reserved(SSO, "sso.amazonaws.com/"),
            f"sso/AdministratorAccess/alice@example.com ({ACCOUNT})",
        ),
        (
            _reserved(SSO, "sso.amazonaws.com/eu-west-1/"),
            f"sso/AdministratorAccess/alice@example.com ({ACCOUNT})",
        ),
        # Anybody may choose a role's name; only Identity Center makes roles in its path.
        (session(SSO, "mallory"), f"role/{SSO}/mallory ({ACCOUNT})"),
        (_reserved(SSO, "sso.amazonaws.com.evil/"), f"role/{SSO}/alice@example.com ({ACCOUNT})"),
        (
            {**_reserved("Other", "sso.amazonaws.com/"), "userName": SSO},
            f"role/Other/alice@example.com ({ACCOUNT})",
        ),
        (
            {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{SSO}/mallory"},
            f"role/{SSO}/mallory ({ACCOUNT})",
        ),
        (
            {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/alice"},
            f"role/Admin/alice ({ACCOUNT})",
        ),
        (
            {"type": "AssumedRole", "principalId": "AROAEXAMPLE:alice", "accountId": ACCOUNT},
            f"role/AROAEXAMPLE/alice ({ACCOUNT})",
        ),
        (
            {
                "type": "FederatedUser",
                "principalId": f"{ACCOUNT}:bob",
                "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
                "accountId": ACCOUNT,
                "sessionContext": {"sessionIssuer": {"type": "IAMUser", "userName": "broker"}},
            },
            f"federated-user/bob ({ACCOUNT})",
        ),
        (
            {
                "type": "SAMLUser",
                "principalId": "kNMk2uZqNmyoMRdWMCwFWUDQv2w=:bob",
                "userName": "bob",
                "identityProvider": "https://idp.example.com/saml",
            },
            "saml-user/bob (https://idp.example.com/saml)",
        ),
        (
            {
                "type": "WebIdentityUser",
                "principalId": "accounts.google.com:app:bob",
                "userName": "bob",
                "identityProvider": "accounts.google.com",
            },
            "web-identity/bob (accounts.google.com)",
        ),
        (
            {"type": "WebIdentityUser", "principalId": "accounts.google.com:app:bob"},
            "web-identity/accounts.google.com:app:bob",
        ),
        (
            {
                "type": "IdentityCenterUser",
                "accountId": ACCOUNT,
                "onBehalfOf": {
                    "userId": "544894e8-80c1-707f-60e3-3ba6510dfac1",
                    "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-90",
                },
                "credentialId": "x",
            },
            "identity-center/544894e8-80c1-707f-60e3-3ba6510dfac1 (d-90)",
        ),
        (
            {"type": "IdentityCenterUser", "accountId": ACCOUNT, "userName": "bob"},
            f"identity-center/bob ({ACCOUNT})",
        ),
        (
            {"type": "Directory", "userName": "bob", "accountId": ACCOUNT},
            f"directory/bob ({ACCOUNT})",
        ),
        (
            {"type": "AWSAccount", "principalId": "AROAEXAMPLE:bob", "accountId": "444455556666"},
            "account/444455556666/AROAEXAMPLE:bob",
        ),
        ({"type": "AWSAccount", "accountId": "444455556666"}, "account/444455556666"),
        ({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"}, "account/ANONYMOUS_PRINCIPAL"),
        (
            {"type": "AWSService", "invokedBy": "inspector2.amazonaws.com"},
            "service/inspector2.amazonaws.com",
        ),
        ({"type": "AWSService"}, "unknown"),
        (
            {"type": "Unknown", "principalId": "p", "accountId": ACCOUNT, "userName": "bob"},
            f"unknown/bob ({ACCOUNT})",
        ),
        ({"type": "SomethingNew", "arn": "arn:x"}, "unknown/arn:x"),
        ({"accountId": ACCOUNT, "invokedBy": "ec2.amazonaws.com"}, "service/ec2.amazonaws.com"),
        ({"type": "IAMUser"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_names(identity: dict[str, Any], name: str) -> None:
    assert who(**identity).name == name


def test_the_kind_is_the_type_of_the_identity() -> None:
    assert who(**ROOT).kind == "Root"
    assert who(**session(SSO, "x")).kind == "AssumedRole"
    assert who(type="SomethingNew").kind == "SomethingNew"
    assert who(invokedBy="ec2.amazonaws.com").kind == "AWSService"
    assert who().kind == "Unknown"


def test_different_accounts_are_different_principals() -> None:
    one = who(type="IAMUser", userName="alice", accountId="1")
    two = who(type="IAMUser", userName="alice", accountId="2")
    assert one.name != two.name


def test_names_are_harmless_and_bounded() -> None:
    found = who(type="x" * 1000, userName="\x1b[31m\u202e" + "a" * 1000)
    assert found.name.startswith(r"unknown/\x1b[31m\u202eaaa")
    assert len(found.name) == 300
    assert len(found.kind) == 40


@pytest.mark.parametrize("identity", [None, "x", 7, [], [{}], True])
def test_an_absurd_identity_is_unknown(identity: object) -> None:
    assert principal_of({"userIdentity": identity}) == Principal("unknown", "Unknown")
    assert principal_of({}) == Principal("unknown", "Unknown")


NAMES = st.sampled_from(
    ("type", "arn", "accountId", "principalId", "userName", "invokedBy", "sessionContext",
     "sessionIssuer", "onBehalfOf", "sourceIdentity", "identityProvider", "assumedRoot")
)  # fmt: skip
TYPES = st.sampled_from(
    ("Root", "IAMUser", "AssumedRole", "FederatedUser", "SAMLUser", "WebIdentityUser", "AWSService",
     "AWSAccount", "Directory", "IdentityCenterUser", "Role", "Unknown")
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | TYPES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, ANYTHING), TYPES)
def test_no_identity_raises(identity: dict[str, Any], kind: str) -> None:
    for found in (who(**identity), who(**{**identity, "type": kind})):
        assert found.name
        assert visible(found.name) == found.name
