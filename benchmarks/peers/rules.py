"""The 14 filters of CIS 1.2.0 as anybody would write them in Python."""

from __future__ import annotations

from typing import Any

IAM = frozenset(
    [
        "DeleteGroupPolicy",
        "DeleteRolePolicy",
        "DeleteUserPolicy",
        "PutGroupPolicy",
        "PutRolePolicy",
        "PutUserPolicy",
        "CreatePolicy",
        "DeletePolicy",
        "CreatePolicyVersion",
        "DeletePolicyVersion",
        "AttachRolePolicy",
        "DetachRolePolicy",
        "AttachUserPolicy",
        "DetachUserPolicy",
        "AttachGroupPolicy",
        "DetachGroupPolicy",
    ]
)
TRAIL = frozenset(["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"])
KMS = frozenset(("DisableKey", "ScheduleKeyDeletion"))
S3 = frozenset(
    [
        "PutBucketAcl",
        "PutBucketPolicy",
        "PutBucketCors",
        "PutBucketLifecycle",
        "PutBucketReplication",
        "DeleteBucketPolicy",
        "DeleteBucketCors",
        "DeleteBucketLifecycle",
        "DeleteBucketReplication",
    ]
)
CONFIG = frozenset(
    [
        "StopConfigurationRecorder",
        "DeleteDeliveryChannel",
        "PutDeliveryChannel",
        "PutConfigurationRecorder",
    ]
)
SECURITY_GROUP = frozenset(
    [
        "AuthorizeSecurityGroupIngress",
        "AuthorizeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
    ]
)
NACL = frozenset(
    [
        "CreateNetworkAcl",
        "CreateNetworkAclEntry",
        "DeleteNetworkAcl",
        "DeleteNetworkAclEntry",
        "ReplaceNetworkAclEntry",
        "ReplaceNetworkAclAssociation",
    ]
)
GATEWAY = frozenset(
    [
        "CreateCustomerGateway",
        "DeleteCustomerGateway",
        "AttachInternetGateway",
        "CreateInternetGateway",
        "DeleteInternetGateway",
        "DetachInternetGateway",
    ]
)
ROUTE = frozenset(
    [
        "CreateRoute",
        "CreateRouteTable",
        "ReplaceRoute",
        "ReplaceRouteTableAssociation",
        "DeleteRouteTable",
        "DeleteRoute",
        "DisassociateRouteTable",
    ]
)
VPC = frozenset(
    [
        "CreateVpc",
        "DeleteVpc",
        "ModifyVpcAttribute",
        "AcceptVpcPeeringConnection",
        "CreateVpcPeeringConnection",
        "DeleteVpcPeeringConnection",
        "RejectVpcPeeringConnection",
        "AttachClassicLinkVpc",
        "DetachClassicLinkVpc",
        "DisableVpcClassicLink",
        "EnableVpcClassicLink",
    ]
)


def matches(record: dict[str, Any]) -> int:
    """How many of the filters match ``record``."""
    name = record.get("eventName")
    source = record.get("eventSource")
    error = record.get("errorCode") or ""
    identity = record.get("userIdentity") or {}
    login = name == "ConsoleLogin"
    mfa = (record.get("additionalEventData") or {}).get("MFAUsed")
    return sum(
        (
            error.endswith("UnauthorizedOperation") or error.startswith("AccessDenied"),
            login and mfa is not None and mfa != "Yes",
            identity.get("type") == "Root"
            and "invokedBy" not in identity
            and record.get("eventType") not in (None, "AwsServiceEvent"),
            name in IAM,
            name in TRAIL,
            login and record.get("errorMessage") == "Failed authentication",
            source == "kms.amazonaws.com" and name in KMS,
            source == "s3.amazonaws.com" and name in S3,
            source == "config.amazonaws.com" and name in CONFIG,
            name in SECURITY_GROUP,
            name in NACL,
            name in GATEWAY,
            name in ROUTE,
            name in VPC,
        )
    )
