"""Signing in: the console, STS and the identity provider."""

from __future__ import annotations

from dataclasses import replace

from trailwarden.simulate.call import Call, Json

_LOGIN_TO = "https://console.aws.amazon.com/console/home?region=<region>"


def _sign_in_event(name: str, result: str = "Success", extra: Json = None) -> Call:
    return Call(
        "signin",
        name,
        response={name: result},
        extra=extra,
        read_only=False,
        event_type="AwsConsoleSignIn",
    )


LOGIN_WITH_MFA = _sign_in_event(
    "ConsoleLogin",
    extra={
        "LoginTo": _LOGIN_TO,
        "MobileVersion": "No",
        "MFAIdentifier": "arn:aws:iam::<account>:mfa/<user>",
        "MFAUsed": "Yes",
    },
)
_NO_MFA: Json = {"LoginTo": _LOGIN_TO, "MobileVersion": "No", "MFAUsed": "No"}
LOGIN_WITHOUT_MFA = _sign_in_event("ConsoleLogin", extra=_NO_MFA)
# A federated session's second factor is the identity provider's business: MFAUsed is No.
LOGIN_FEDERATED = _sign_in_event("ConsoleLogin", extra={"MobileVersion": "No", "MFAUsed": "No"})
_FAILED = _sign_in_event("ConsoleLogin", "Failure", _NO_MFA)
WRONG_PASSWORD = replace(_FAILED, error_message="Failed authentication")
NO_SUCH_USER = replace(_FAILED, error_message="No username found in supplied account")
CHECK_MFA = _sign_in_event("CheckMfa", extra={"MfaType": "Virtual MFA"})
PASSWORD_RECOVERY_REQUESTED = _sign_in_event("PasswordRecoveryRequested")
PASSWORD_RECOVERY_COMPLETED = _sign_in_event("PasswordRecoveryCompleted")

_CREDENTIALS: Json = {
    "accessKeyId": "<new_key>",
    "sessionToken": "<token>",
    "expiration": "<expires_long>",
}


def _assume(
    name: str,
    request: dict[str, object],
    response: dict[str, object] | None = None,
    *,
    account: str = "<account>",
) -> Call:
    role = f"arn:aws:iam::{account}:role/<assumed_role>"
    assumed = {
        "assumedRoleId": "<assumed_role_id>:<session_name>",
        "arn": f"arn:aws:sts::{account}:assumed-role/<assumed_role>/<session_name>",
    }
    return Call(
        "sts",
        name,
        {"roleArn": role, "roleSessionName": "<session_name>", **request},
        {"credentials": _CREDENTIALS, "assumedRoleUser": assumed, **(response or {})},
        resource=(role, "AWS::IAM::Role"),
        shared=name == "AssumeRole",
    )


ASSUME_ROLE = _assume("AssumeRole", {"durationSeconds": 3600})
ASSUME_ROLE_ELSEWHERE = _assume("AssumeRole", {"durationSeconds": 3600}, account="<elsewhere>")
ASSUME_ROLE_WITH_EXTERNAL_ID = _assume("AssumeRole", {"externalId": "<external_id>"})
ASSUME_ROLE_WITH_SAML = _assume(
    "AssumeRoleWithSAML",
    {
        "sAMLAssertionID": "_<uuid>",
        "principalArn": "arn:aws:iam::<account>:saml-provider/<provider>",
    },
    {
        "subjectType": "persistent",
        "issuer": "https://portal.sso.us-east-1.amazonaws.com/saml/assertion/<number>",
        "audience": "https://signin.aws.amazon.com/saml",
    },
)
ASSUME_ROLE_WITH_WEB_IDENTITY = _assume(
    "AssumeRoleWithWebIdentity",
    {"durationSeconds": 3600},
    {
        "subjectFromWebIdentityToken": "repo:<company>/<app>:ref:refs/heads/main",
        "provider": "arn:aws:iam::<account>:oidc-provider/token.actions.githubusercontent.com",
        "audience": "sts.amazonaws.com",
    },
)
GET_CALLER_IDENTITY = Call("sts", "GetCallerIdentity")
