"""``userIdentity`` of every kind of caller, as JSON text whose slots a session fills in."""

from __future__ import annotations

from trailwarden.simulate.call import compact


def _session(issuer: dict[str, str] | None, mfa: bool, **more: object) -> dict[str, object]:
    context: dict[str, object] = {}
    if issuer is not None:
        context["sessionIssuer"] = issuer
    context["attributes"] = {
        "creationDate": "<created>",
        "mfaAuthenticated": "true" if mfa else "false",
    }
    return {**context, **more}


def iam_user(account: str, name: str, user_id: str, access_key: str) -> str:
    """An IAM user with a long-lived access key."""
    return compact(_user(account, name, user_id) | {"accessKeyId": access_key, "userName": name})


def iam_user_at_console(account: str, name: str, user_id: str, *, mfa: bool) -> str:
    """An IAM user signed in to the console."""
    return compact(
        _user(account, name, user_id)
        | {
            "accessKeyId": "<access_key>",
            "userName": name,
            "sessionContext": _session(None, mfa),
        }
    )


def iam_user_signing_in(account: str, name: str, user_id: str) -> str:
    """An IAM user on the sign-in page, who has no key yet."""
    return compact(_user(account, name, user_id) | {"userName": name})


def unknown_user(account: str) -> str:
    """Somebody who typed a name that does not exist: CloudTrail hides what was typed."""
    return compact(
        {
            "type": "IAMUser",
            "accountId": account,
            "accessKeyId": "",
            "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
        }
    )


def _user(account: str, name: str, user_id: str) -> dict[str, object]:
    return {
        "type": "IAMUser",
        "principalId": user_id,
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
    }


def root(account: str) -> str:
    """The account's owner, signed in to the console."""
    return compact(_root(account, "<access_key>") | {"sessionContext": _session(None, False)})


def root_signing_in(account: str) -> str:
    """The account's owner on the sign-in page."""
    return compact(_root(account, ""))


def _root(account: str, access_key: str) -> dict[str, object]:
    return {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
        "accessKeyId": access_key,
    }


def assumed_role(
    account: str,
    role: str,
    role_id: str,
    session: str,
    *,
    path: str = "/",
    invoked_by: str = "",
    mfa: bool = False,
    context: dict[str, object] | None = None,
    more: dict[str, object] | None = None,
) -> str:
    """A session of a role. ``session`` is its name; ``context`` is added to sessionContext."""
    issuer = {
        "type": "Role",
        "principalId": role_id,
        "arn": f"arn:aws:iam::{account}:role{path}{role}",
        "accountId": account,
        "userName": role,
    }
    identity: dict[str, object] = {
        "type": "AssumedRole",
        "principalId": f"{role_id}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
        "accountId": account,
    }
    if not invoked_by or path == "/":
        identity["accessKeyId"] = "<access_key>"
    identity["sessionContext"] = _session(issuer, mfa, **(context or {}))
    if invoked_by:
        identity["invokedBy"] = invoked_by
    return compact(identity | (more or {}))


def service(host: str) -> str:
    """An AWS service on its own account."""
    return compact({"type": "AWSService", "invokedBy": host})


def service_event(account: str, host: str) -> str:
    """A service event: it has no caller, and therefore no type."""
    return compact({"accountId": account, "invokedBy": host})


def other_account(account: str, principal_id: str) -> str:
    """A caller from an account outside; its name stays there."""
    return compact({"type": "AWSAccount", "principalId": principal_id, "accountId": account})


def saml_user(person: str, provider: str) -> str:
    """Somebody the identity provider vouches for, on the way into a role."""
    return compact(
        {
            "type": "SAMLUser",
            "principalId": f"{provider}:{person}",
            "userName": person,
            "identityProvider": provider,
        }
    )


def web_identity(provider_arn: str, subject: str) -> str:
    """A workload with a token of an OpenID Connect provider."""
    return compact(
        {
            "type": "WebIdentityUser",
            "principalId": f"{provider_arn}:sts.amazonaws.com:{subject}",
            "userName": subject,
            "identityProvider": provider_arn,
        }
    )
