"""The trails, their log groups, and the role with which CloudTrail delivers to these."""

from __future__ import annotations

from trailwarden.deploy import policies
from trailwarden.deploy.encryption import KEY
from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.values import Equals, GetAtt, If, Not, Ref, Sub, Value

_GROUP = "What the trail records"
# What PutRetentionPolicy takes. CIS and Security Hub want a year.
_RETENTIONS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip


def trails() -> Template:
    """Both trails, with what they deliver to and by, and their parameters."""
    part = Template()
    part.parameters["RetentionInDays"] = Parameter(
        "Where events are kept, and for how long",
        "How many days CloudWatch Logs keeps events, where they can be searched.",
        365,
        allowed_values=_RETENTIONS,
    )
    part.parameters["OrganizationId"] = Parameter(
        _GROUP,
        "The id of the organization (o-...) for a trail of all its accounts. Empty for this "
        "account alone. It takes the management account or a delegated administrator.",
        "",
        allowed_pattern=r"(o-[a-z0-9]{10,32})?",
    )
    part.parameters["DataEvents"] = Parameter(
        _GROUP,
        "ENABLED for a second trail with every access to objects in S3 and every call of Lambda "
        "functions. It is paid by volume.",
        "DISABLED",
        allowed_values=("DISABLED", "ENABLED"),
    )
    part.conditions["HasOrganization"] = Not(Equals(Ref("OrganizationId"), ""))
    part.conditions["HasDataEvents"] = Equals(Ref("DataEvents"), "ENABLED")
    part.resources.update(_resources())
    part.outputs.update(
        {
            "TrailArn": Output("The trail of management events.", GetAtt("Trail", "Arn")),
            "LogGroupName": Output("The log group that metric filters read.", Ref("TrailLogGroup")),
        }
    )
    return part


def _resources() -> dict[str, Resource]:
    return {
        "TrailLogGroup": _log_group(),
        "DataLogGroup": _log_group(
            "HasDataEvents",
            "Data events have a log group of their own: every denied anonymous read would count "
            "as a refused call in the other one.",
        ),
        "TrailRole": _role(),
        "Trail": Resource(
            "AWS::CloudTrail::Trail",
            {
                "TrailName": policies.TRAIL_NAME,
                **_delivery("TrailLogGroup"),
                "EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All"}],
            },
            depends_on="TrailBucketPolicy",
            comment="Without SnsTopicName: it would announce every log file, every few minutes.",
        ),
        "DataTrail": Resource(
            "AWS::CloudTrail::Trail",
            {
                "TrailName": policies.DATA_TRAIL_NAME,
                **_delivery("DataLogGroup"),
                "AdvancedEventSelectors": _data_events(),
            },
            condition="HasDataEvents",
            depends_on="TrailBucketPolicy",
        ),
    }


def _role() -> Resource:
    return Resource(
        "AWS::IAM::Role",
        {
            "Description": "Lets CloudTrail deliver events to CloudWatch Logs",
            "AssumeRolePolicyDocument": policies.role_trust(),
            "Policies": [
                {"PolicyName": "DeliverToLogs", "PolicyDocument": policies.role_permissions()}
            ],
        },
        comment="CloudTrail takes this role without aws:SourceArn and aws:SourceAccount: a "
        "condition on them would keep the trail from being made. The names of the streams keep out "
        "what is of other accounts.",
    )


def _log_group(condition: str | None = None, comment: str = "") -> Resource:
    return Resource(
        "AWS::Logs::LogGroup",
        {"RetentionInDays": Ref("RetentionInDays"), "KmsKeyId": KEY},
        condition=condition,
        is_kept=True,
        comment=comment,
    )


def _delivery(log_group: str) -> dict[str, Value]:
    """From all Regions, provably unchanged, to the bucket and to a log group."""
    return {
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "IsOrganizationTrail": If("HasOrganization", True, False),
        "EnableLogFileValidation": True,
        "S3BucketName": Ref("TrailBucket"),
        "KMSKeyId": KEY,
        "CloudWatchLogsLogGroupArn": GetAtt(log_group, "Arn"),
        "CloudWatchLogsRoleArn": GetAtt("TrailRole", "Arn"),
    }


def _data_events() -> list[Value]:
    """All of S3 and Lambda but the trails' own bucket, where each delivery would be an event."""
    own: dict[str, Value] = {
        "Field": "resources.ARN",
        "NotStartsWith": [Sub("${TrailBucket.Arn}/")],
    }
    return [
        {"Name": "Objects in S3", "FieldSelectors": [*_data("AWS::S3::Object"), own]},
        {"Name": "Lambda functions", "FieldSelectors": _data("AWS::Lambda::Function")},
    ]


def _data(resource_type: str) -> list[Value]:
    return [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": [resource_type]},
    ]
