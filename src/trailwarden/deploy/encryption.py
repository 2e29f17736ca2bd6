"""The key: one of the stack's own, one that there is already, or none."""

from __future__ import annotations

from trailwarden.deploy import policies
from trailwarden.deploy.request import Request
from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.values import NO_VALUE, Equals, GetAtt, If, Ref

_NEW, _NONE = "new", "none"

KEY = If("CreatesKey", GetAtt("Key", "Arn"), If("UsesNoKey", NO_VALUE, Ref("KmsKey")))
"""The ARN of the key, where there is one."""


def encryption(request: Request) -> Template:
    """The key of the stack, and the parameter that may name another one."""
    part = Template()
    part.parameters["KmsKey"] = Parameter(
        "Encryption",
        f"{_NEW} for a key of this stack, {_NONE} for encryption by AWS alone, or the ARN of a key"
        " whose policy lets CloudTrail, CloudWatch Logs and CloudWatch alarms use it.",
        _NEW,
        allowed_pattern=rf"({_NEW}|{_NONE}|arn:[a-z-]+:kms:[a-z0-9-]+:\d{{12}}:key/[A-Za-z0-9-]+)",
    )
    part.conditions["CreatesKey"] = Equals(Ref("KmsKey"), _NEW)
    part.conditions["UsesNoKey"] = Equals(Ref("KmsKey"), _NONE)
    part.resources["Key"] = Resource(
        "AWS::KMS::Key",
        {
            "Description": "CloudTrail log files, log groups and topics of the security monitoring",
            "EnableKeyRotation": True,
            "KeyPolicy": policies.key(for_trails=request.has_trail, for_alarms=request.has_alarms),
        },
        condition="CreatesKey",
        is_kept=True,
        comment="Kept when the stack goes: nobody could read the log files without it.",
    )
    part.outputs["KeyArn"] = Output(
        "The key that encrypts log files, log groups and topics.",
        GetAtt("Key", "Arn"),
        "CreatesKey",
    )
    return part
