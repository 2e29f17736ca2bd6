"""IAM: reads by people and scanners, and changes of users, keys and policies."""

from __future__ import annotations

from trailwarden.simulate.call import Call, Json, compact

_POLICY = "arn:aws:iam::<account>:policy/<policy>"
_ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
_DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"


def _read(name: str, request: Json = None) -> Call:
    return Call("iam", name, request)


def _change(name: str, request: Json, response: Json = None) -> Call:
    return Call("iam", name, request, response, read_only=False)


GET_ACCOUNT_SUMMARY = _read("GetAccountSummary")
GET_ACCOUNT_PASSWORD_POLICY = _read("GetAccountPasswordPolicy")
GET_ACCOUNT_AUTHORIZATION_DETAILS = _read("GetAccountAuthorizationDetails", {"maxItems": 1000})
LIST_USERS = _read("ListUsers")
LIST_ROLES = _read("ListRoles", {"maxItems": 100})
LIST_GROUPS = _read("ListGroups")
LIST_POLICIES = _read("ListPolicies", {"scope": "Local", "onlyAttached": False})
LIST_ACCOUNT_ALIASES = _read("ListAccountAliases")
LIST_ACCESS_KEYS = _read("ListAccessKeys", {"userName": "<user>"})
LIST_MFA_DEVICES = _read("ListMFADevices", {"userName": "<user>"})
LIST_ATTACHED_USER_POLICIES = _read("ListAttachedUserPolicies", {"userName": "<user>"})
LIST_USER_POLICIES = _read("ListUserPolicies", {"userName": "<user>"})
LIST_GROUPS_FOR_USER = _read("ListGroupsForUser", {"userName": "<user>"})
GET_USER = _read("GetUser", {"userName": "<user>"})
GET_ROLE = _read("GetRole", {"roleName": "<role>"})
GET_ROLE_POLICY = _read("GetRolePolicy", {"roleName": "<role>", "policyName": "<app>-access"})
LIST_ROLE_POLICIES = _read("ListRolePolicies", {"roleName": "<role>"})
LIST_ATTACHED_ROLE_POLICIES = _read("ListAttachedRolePolicies", {"roleName": "<role>"})
LIST_INSTANCE_PROFILES_FOR_ROLE = _read("ListInstanceProfilesForRole", {"roleName": "<role>"})
GET_POLICY = _read("GetPolicy", {"policyArn": _POLICY})
GET_POLICY_VERSION = _read("GetPolicyVersion", {"policyArn": _POLICY, "versionId": "v3"})
LIST_POLICY_VERSIONS = _read("ListPolicyVersions", {"policyArn": _POLICY})
GENERATE_CREDENTIAL_REPORT = _change("GenerateCredentialReport", None, {"state": "STARTED"})

CREATE_USER = _change(
    "CreateUser",
    {"userName": "<user>", "path": "/"},
    {
        "user": {
            "path": "/",
            "userName": "<user>",
            "userId": "<user_id>",
            "arn": "arn:aws:iam::<account>:user/<user>",
            "createDate": "<now_long>",
        }
    },
)
CREATE_LOGIN_PROFILE = _change(
    "CreateLoginProfile",
    {"userName": "<user>", "passwordResetRequired": False},
    {
        "loginProfile": {
            "userName": "<user>",
            "createDate": "<now_long>",
            "passwordResetRequired": False,
        }
    },
)
DELETE_LOGIN_PROFILE = _change("DeleteLoginProfile", {"userName": "<user>"})
CREATE_ACCESS_KEY = _change(
    "CreateAccessKey",
    {"userName": "<user>"},
    {
        "accessKey": {
            "accessKeyId": "<new_key>",
            "status": "Active",
            "userName": "<user>",
            "createDate": "<now_long>",
        }
    },
)
DISABLE_ACCESS_KEY = _change(
    "UpdateAccessKey", {"userName": "<user>", "accessKeyId": "<old_key>", "status": "Inactive"}
)
ATTACH_ADMINISTRATOR_ACCESS = _change(
    "AttachUserPolicy", {"userName": "<user>", "policyArn": _ADMINISTRATOR_ACCESS}
)
DETACH_ADMINISTRATOR_ACCESS = _change(
    "DetachUserPolicy", {"userName": "<user>", "policyArn": _ADMINISTRATOR_ACCESS}
)
ATTACH_DENY_ALL = _change("AttachUserPolicy", {"userName": "<user>", "policyArn": _DENY_ALL})
PUT_USER_POLICY = _change(
    "PutUserPolicy",
    {
        "userName": "<user>",
        "policyName": "sync",
        "policyDocument": compact(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
            }
        ),
    },
)
CREATE_POLICY_VERSION = _change(
    "CreatePolicyVersion",
    {
        "policyArn": _POLICY,
        "policyDocument": compact(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "ReadQueue",
                        "Effect": "Allow",
                        "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
                        "Resource": "arn:aws:sqs:*:<account>:<queue>",
                    }
                ],
            }
        ),
        "setAsDefault": True,
    },
    {"policyVersion": {"versionId": "v4", "isDefaultVersion": True, "createDate": "<now_long>"}},
)
DELETE_POLICY_VERSION = _change("DeletePolicyVersion", {"policyArn": _POLICY, "versionId": "v1"})
UPDATE_ASSUME_ROLE_POLICY = _change(
    "UpdateAssumeRolePolicy",
    {
        "roleName": "<role>",
        "policyDocument": compact(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:aws:iam::<outside_account>:root"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    },
)
