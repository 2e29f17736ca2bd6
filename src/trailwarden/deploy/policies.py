"""Policies: who may do what with the bucket, the key, the role and the topics.

Each is bound to the trails and alarms of this stack or account. ARNs of trails are built from their
names, because the trail needs the bucket, and CloudFormation cannot make either of two first.
"""

from __future__ import annotations

from typing import Any

from trailwarden.deploy.values import NO_VALUE, GetAtt, If, Ref, Sub, Value

_VERSION = "2012-10-17"
_CLOUDTRAIL: dict[str, Value] = {"Service": "cloudtrail.amazonaws.com"}
_ACCOUNT = Ref("AWS::AccountId")
_TRAIL = "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/"
_LOG_GROUP = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"

TRAIL_NAME = Sub("${AWS::StackName}")  # a trail may have no longer a name than a stack
DATA_TRAIL_NAME = Sub("${AWS::StackName}-data")
TRAILS: list[Value] = [Sub(_TRAIL + TRAIL_NAME.text), Sub(_TRAIL + DATA_TRAIL_NAME.text)]


def document(*statements: dict[str, Value]) -> dict[str, Value]:
    """A policy of these statements."""
    return {"Version": _VERSION, "Statement": list(statements)}


def allow(
    sid: str,
    principal: dict[str, Value],
    actions: list[Value],
    resources: list[Value] | None,
    **conditions: dict[str, Value],
) -> dict[str, Value]:
    """A statement that allows. ``resources`` is None in the trust policy of a role."""
    statement: dict[str, Value] = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
    }
    if resources is not None:
        statement["Resource"] = resources
    if conditions:
        statement["Condition"] = dict(conditions)
    return statement


def _deny_old_transport(bucket: str) -> list[dict[str, Any]]:
    """Refuse plain HTTP, and TLS that is older than 1.2. One condition in each statement: two in
    one hold together only, and would let plain HTTP through.
    """
    both = [GetAtt(bucket, "Arn"), Sub(f"${{{bucket}.Arn}}/*")]
    refused = {"Effect": "Deny", "Principal": "*", "Action": ["s3:*"], "Resource": both}
    return [
        {"Sid": "NoPlainHttp", **refused, "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "NoOldTls", **refused, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
    ]


def trail_bucket() -> dict[str, Value]:
    """Only our trails may write, and only where CloudTrail puts the files of this account."""
    bound: dict[str, Value] = {"aws:SourceArn": TRAILS}
    prefix = "${TrailBucket.Arn}/AWSLogs/"
    return document(
        allow(
            "TrailsLook", _CLOUDTRAIL, ["s3:GetBucketAcl"], [GetAtt("TrailBucket", "Arn")],
            StringEquals=bound,
        ),
        allow(
            "TrailsWrite",
            _CLOUDTRAIL,
            ["s3:PutObject"],
            [
                Sub(prefix + "${AWS::AccountId}/*"),
                If("HasOrganization", Sub(prefix + "${OrganizationId}/*"), NO_VALUE),
            ],
            StringEquals={"s3:x-amz-acl": "bucket-owner-full-control", **bound},
        ),
        *_deny_old_transport("TrailBucket"),
    )  # fmt: skip


def access_log_bucket() -> dict[str, Value]:
    """Only S3 may write, and only about accesses to the bucket of the trails."""
    return document(
        allow(
            "AccessLogs",
            {"Service": "logging.s3.amazonaws.com"},
            ["s3:PutObject"],
            [Sub("${AccessLogBucket.Arn}/*")],
            StringEquals={"aws:SourceAccount": _ACCOUNT},
            ArnEquals={"aws:SourceArn": GetAtt("TrailBucket", "Arn")},
        ),
        *_deny_old_transport("AccessLogBucket"),
    )


def role_trust() -> dict[str, Value]:
    """Without conditions: CloudTrail takes the role of its log group with neither aws:SourceArn
    nor aws:SourceAccount, and one that asks for them is refused when the trail is made.
    """
    return document(allow("Trails", _CLOUDTRAIL, ["sts:AssumeRole"], None))


def role_permissions() -> dict[str, Value]:
    """Log streams carry the account, or the organization, whose events they hold: those of others
    cannot come in, though the trust policy is not bound.
    """
    statement: dict[str, Value] = {
        "Sid": "DeliverToLogs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [
            _account_streams("TrailLogGroup"),
            If("HasOrganization", _organization_streams("TrailLogGroup"), NO_VALUE),
            If("HasDataEvents", _account_streams("DataLogGroup"), NO_VALUE),
            If(
                "HasDataEvents",
                If("HasOrganization", _organization_streams("DataLogGroup"), NO_VALUE),
                NO_VALUE,
            ),
        ],
    }
    return document(statement)


def _account_streams(group: str) -> Sub:
    return Sub(f"{_LOG_GROUP}${{{group}}}:log-stream:${{AWS::AccountId}}_CloudTrail_*")


def _organization_streams(group: str) -> Sub:
    return Sub(f"{_LOG_GROUP}${{{group}}}:log-stream:${{OrganizationId}}_*")


def topic(name: str) -> dict[str, Value]:
    """Only CloudWatch may publish, and only for alarms of this account."""
    alarms = "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:*"
    return document(
        allow(
            "AlarmsOfThisAccount",
            {"Service": "cloudwatch.amazonaws.com"},
            ["sns:Publish"],
            [Ref(name)],
            StringEquals={"aws:SourceAccount": _ACCOUNT},
            ArnLike={"aws:SourceArn": Sub(alarms)},
        )
    )


def key(*, for_trails: bool, for_alarms: bool) -> dict[str, Value]:
    """The account administers the key; services use it for what this stack gives them."""
    statements = [
        allow(
            "AdministeredByTheAccount",
            {"AWS": Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
            ["kms:*"],
            ["*"],
        )
    ]
    if for_trails:
        statements += _key_of_trails()
    if for_alarms:
        # Conditions on the account are left out: it is not documented that they hold where
        # CloudWatch publishes to an encrypted topic, and where they do not, alarms are lost.
        statements.append(
            allow(
                "AlarmsToTopics",
                {"Service": "cloudwatch.amazonaws.com"},
                ["kms:Decrypt", "kms:GenerateDataKey*"],
                ["*"],
            )
        )
    return document(*statements)


def _key_of_trails() -> list[dict[str, Value]]:
    any_trail = Sub("arn:${AWS::Partition}:cloudtrail:*:${AWS::AccountId}:trail/*")
    own_groups = Sub(_LOG_GROUP + "${AWS::StackName}-*")
    return [
        allow(
            "TrailsEncrypt",
            _CLOUDTRAIL,
            ["kms:GenerateDataKey*"],
            ["*"],
            StringEquals={"aws:SourceArn": TRAILS},
            StringLike={"kms:EncryptionContext:aws:cloudtrail:arn": any_trail},
        ),
        allow(
            "TrailsLook", _CLOUDTRAIL, ["kms:DescribeKey"], ["*"],
            StringEquals={"aws:SourceArn": TRAILS},
        ),
        allow(
            "LogGroups",
            {"Service": Sub("logs.${AWS::Region}.${AWS::URLSuffix}")},
            ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*",
             "kms:Describe*"],
            ["*"],
            ArnLike={"kms:EncryptionContext:aws:logs:arn": own_groups},
        ),
    ]  # fmt: skip
