"""The bucket of the log files, and the one with the log of who reads them."""

from __future__ import annotations

from trailwarden.deploy import policies
from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.values import Equals, If, Ref, Value

_GROUP = "Where events are kept, and for how long"
_OLD_VERSIONS = 30  # days for which what was overwritten or deleted can be brought back


def buckets() -> Template:
    """Both buckets, with their policies and parameters."""
    part = Template()
    part.parameters["LogFileRetentionInDays"] = Parameter(
        _GROUP,
        "How many days S3 keeps the log files.",
        1096,
        min_value=365,
    )
    part.parameters["LogBucketName"] = Parameter(
        _GROUP,
        "A bucket for access logs that lets S3 write to it. Empty for one of this stack.",
        "",
        allowed_pattern=r"([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?",
    )
    part.conditions["CreatesAccessLogBucket"] = Equals(Ref("LogBucketName"), "")
    part.resources.update(_trail_bucket())
    part.resources.update(_access_log_bucket())
    part.outputs["TrailBucketName"] = Output(
        "The bucket that the trail writes its log files to.", Ref("TrailBucket")
    )
    return part


def _trail_bucket() -> dict[str, Resource]:
    return {
        "TrailBucket": Resource(
            "AWS::S3::Bucket",
            {
                **_private(),
                "LoggingConfiguration": {
                    "DestinationBucketName": If(
                        "CreatesAccessLogBucket", Ref("AccessLogBucket"), Ref("LogBucketName")
                    ),
                    "LogFilePrefix": "CloudTrail/",
                },
            },
            is_kept=True,
            comment="The trail encrypts its files with the key; what else comes, S3 encrypts.",
        ),
        "TrailBucketPolicy": Resource(
            "AWS::S3::BucketPolicy",
            {"Bucket": Ref("TrailBucket"), "PolicyDocument": policies.trail_bucket()},
        ),
    }


def _access_log_bucket() -> dict[str, Resource]:
    return {
        "AccessLogBucket": Resource(
            "AWS::S3::Bucket",
            _private(),
            condition="CreatesAccessLogBucket",
            is_kept=True,
            comment="S3 delivers access logs only to buckets that it encrypts with its own keys.",
            waived=("CKV_AWS_18",),
        ),
        "AccessLogBucketPolicy": Resource(
            "AWS::S3::BucketPolicy",
            {"Bucket": Ref("AccessLogBucket"), "PolicyDocument": policies.access_log_bucket()},
            condition="CreatesAccessLogBucket",
        ),
    }


def _private() -> dict[str, Value]:
    """Encrypted, versioned, closed to the public, without access lists, and not for ever."""
    return {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
            ]
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "Expiration",
                    "Status": "Enabled",
                    "ExpirationInDays": Ref("LogFileRetentionInDays"),
                    "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_VERSIONS},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                }
            ]
        },
    }
