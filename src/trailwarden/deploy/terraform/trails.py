"""Trails, log groups, the key and the role."""

from __future__ import annotations

from typing import Any

from trailwarden.deploy.template import Resource
from trailwarden.deploy.terraform.blocks import Blocks
from trailwarden.deploy.terraform.names import label, snake
from trailwarden.deploy.values import STACK_NAME, Sub

_DELETION_WINDOW = 30  # days in which the deletion of the key can be called off; the most there is


def key(name: str, origin: Resource, to: Blocks) -> None:
    arguments = {
        "description": origin.properties["Description"],
        "enable_key_rotation": origin.properties["EnableKeyRotation"],
        "deletion_window_in_days": _DELETION_WINDOW,
        "policy": to.policy(name, origin, origin.properties["KeyPolicy"]),
    }
    to.add(name, origin, arguments)


def log_group(name: str, origin: Resource, to: Blocks) -> None:
    arguments = {
        # The key's policy knows log groups by this beginning.
        "name_prefix": to.value(Sub(f"{STACK_NAME}-{label(name, origin)}-")),
        "retention_in_days": to.value(origin.properties["RetentionInDays"]),
        "kms_key_id": to.value(origin.properties["KmsKeyId"]),
    }
    to.add(name, origin, arguments)


def role(name: str, origin: Resource, to: Blocks) -> None:
    given: Any = origin.properties
    arguments = {
        "name_prefix": to.value(Sub(f"{STACK_NAME}-{label(name, origin)}-")),
        "description": given["Description"],
        "assume_role_policy": to.policy(f"{name}Trust", origin, given["AssumeRolePolicyDocument"]),
    }
    to.add(name, origin, arguments)
    (inline,) = given["Policies"]
    permissions = {
        "name": inline["PolicyName"],
        "role": f"${{{to.address(name)}.id}}",
        "policy": to.policy(name, origin, inline["PolicyDocument"]),
    }
    to.add(name, origin, permissions, "aws_iam_role_policy")


_DIRECT = {
    "TrailName": "name",
    "IsLogging": "enable_logging",
    "IsMultiRegionTrail": "is_multi_region_trail",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "IsOrganizationTrail": "is_organization_trail",
    "EnableLogFileValidation": "enable_log_file_validation",
    "S3BucketName": "s3_bucket_name",
    "KMSKeyId": "kms_key_id",
    "CloudWatchLogsLogGroupArn": "cloud_watch_logs_group_arn",
    "CloudWatchLogsRoleArn": "cloud_watch_logs_role_arn",
}


def trail(name: str, origin: Resource, to: Blocks) -> None:
    given: Any = origin.properties
    arguments = {new: to.value(given[old]) for old, new in _DIRECT.items()}
    if "EventSelectors" in given:
        arguments["event_selector"] = [_lowered(one) for one in given["EventSelectors"]]
    if "AdvancedEventSelectors" in given:
        arguments["advanced_event_selector"] = [
            {
                "name": selector["Name"],
                "field_selector": [_lowered(to.value(one)) for one in selector["FieldSelectors"]],
            }
            for selector in given["AdvancedEventSelectors"]
        ]
    # CloudTrail tries whether it may write when the trail is made. What the role may do is a
    # resource of its own here, that nothing in the trail refers to.
    role_of_trail = to.address(given["CloudWatchLogsRoleArn"].name)
    arguments["depends_on"] = [
        to.address(str(origin.depends_on)),
        role_of_trail.replace("aws_iam_role.", "aws_iam_role_policy."),
    ]
    to.add(name, origin, arguments)


def _lowered(given: dict[str, Any]) -> dict[str, Any]:
    return {snake(key): value for key, value in given.items()}
