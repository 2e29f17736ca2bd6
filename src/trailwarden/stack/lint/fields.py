"""The fields of CloudTrail records that rules know about."""

from __future__ import annotations

from trailwarden.patterns.model import Key, Selector

TOP_LEVEL = frozenset(
    {
        "additionalEventData",
        "apiVersion",
        "awsRegion",
        "errorCode",
        "errorMessage",
        "eventCategory",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "managementEvent",
        "readOnly",
        "recipientAccountId",
        "requestID",
        "requestParameters",
        "resources",
        "responseElements",
        "serviceEventDetails",
        "sessionCredentialFromConsole",
        "sharedEventID",
        "sourceIPAddress",
        "tlsDetails",
        "userAgent",
        "userIdentity",
        "vpcEndpointId",
    }
)
ALWAYS_THERE = frozenset(
    {
        "awsRegion",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "recipientAccountId",
        "sourceIPAddress",
        "userIdentity.type",
    }
)
# Booleans of the record itself; "true" of mfaAuthenticated and the like is a text.
TEXTS = ALWAYS_THERE | {"errorCode", "errorMessage", "userAgent", "userIdentity.accountId"}
# Logs of applications have an errorCode or a requestId as well; these are CloudTrail's own.
TELLING = frozenset({"eventName", "eventSource", "sourceIPAddress", "userIdentity"})

# Texts of which there are few, whatever the event: the user guide's contents of a record.
VALUES = {
    "userIdentity.type": (
        "Root",
        "IAMUser",
        "AssumedRole",
        "Role",
        "FederatedUser",
        "Directory",
        "AWSAccount",
        "AWSService",
        "IdentityCenterUser",
        "SAMLUser",
        "WebIdentityUser",
        "Unknown",
    ),
    "userIdentity.sessionContext.sessionIssuer.type": ("Role", "Root", "IAMUser", "User"),
    "userIdentity.sessionContext.attributes.mfaAuthenticated": ("true", "false"),
    "eventType": (
        "AwsApiCall",
        "AwsServiceEvent",
        "AwsConsoleAction",
        "AwsConsoleSignIn",
        "AwsCloudTrailInsight",
        "AwsVpceEvent",
        "AwsVpceEvents",
        "AwsAggregatedEvent",
    ),
    "eventCategory": ("Management", "Data", "NetworkActivity", "Insight", "Aggregated"),
    "additionalEventData.MFAUsed": ("Yes", "No"),
    "additionalEventData.MobileVersion": ("Yes", "No"),
    "responseElements.ConsoleLogin": ("Success", "Failure"),
    "responseElements.CheckMfa": ("Success", "Failure"),
    "responseElements.SwitchRole": ("Success", "Failure"),
    "responseElements.ExitRole": ("Success", "Failure"),
    "sessionCredentialFromConsole": ("true",),
}

# Names of events that other services use as well, and the service that is meant in
# a filter of the benchmark.
SHARED_NAMES = {
    "CreatePolicy": "iam",
    "DeletePolicy": "iam",
    "CreatePolicyVersion": "iam",
    "DeletePolicyVersion": "iam",
    "SetDefaultPolicyVersion": "iam",
    "CreateRoute": "ec2",
    "DeleteRoute": "ec2",
    "CreateSecurityGroup": "ec2",
    "DeleteSecurityGroup": "ec2",
    "CreateVpcPeeringConnection": "ec2",
    "DeleteVpcPeeringConnection": "ec2",
}


def path_of(selector: Selector) -> str:
    """``userIdentity.type``; empty for a selector with other steps than keys."""
    keys = [step.name for step in selector.steps if isinstance(step, Key)]
    return ".".join(keys) if len(keys) == len(selector.steps) else ""


def top_of(selector: Selector) -> str:
    """The first key of a selector, or an empty text."""
    first = selector.steps[0]
    return first.name if isinstance(first, Key) else ""


def speaks_of_cloudtrail(selectors: list[Selector]) -> bool:
    """True where a pattern with these selectors is meant for CloudTrail's records."""
    return any(top_of(selector) in TELLING for selector in selectors)
