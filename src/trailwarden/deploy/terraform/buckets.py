"""Buckets, whose properties are resources of their own in Terraform."""

from __future__ import annotations

from typing import Any

from trailwarden.deploy.template import Resource
from trailwarden.deploy.terraform.blocks import Blocks
from trailwarden.deploy.terraform.names import label, snake
from trailwarden.deploy.values import STACK_NAME, Ref, Sub


def bucket(name: str, origin: Resource, to: Blocks) -> None:
    given: Any = origin.properties
    prefix = label(name, origin).replace("_", "-")
    to.add(name, origin, {"bucket_prefix": to.value(Sub(f"{STACK_NAME}-{prefix}-"))})
    _protection(name, origin, given, to)
    _lifecycle(name, origin, given, to)
    logging = given.get("LoggingConfiguration")
    if logging:
        arguments = {
            "bucket": _itself(name, to),
            "target_bucket": to.value(logging["DestinationBucketName"]),
            "target_prefix": logging["LogFilePrefix"],
            # S3 may look whether it will be allowed to write there.
            "depends_on": [to.address(f"{logging['DestinationBucketName'].then.name}Policy")],
        }
        to.add(name, origin, arguments, "aws_s3_bucket_logging")


def _protection(name: str, origin: Resource, given: Any, to: Blocks) -> None:
    itself = {"bucket": _itself(name, to)}
    (encryption,) = given["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    algorithm = encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
    (ownership,) = given["OwnershipControls"]["Rules"]
    public = given["PublicAccessBlockConfiguration"]
    for kind, arguments in {
        "server_side_encryption_configuration": {
            "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": algorithm}}
        },
        "versioning": {
            "versioning_configuration": {"status": given["VersioningConfiguration"]["Status"]}
        },
        "public_access_block": {snake(key): flag for key, flag in public.items()},
        "ownership_controls": {"rule": {"object_ownership": ownership["ObjectOwnership"]}},
    }.items():
        to.add(name, origin, {**itself, **arguments}, f"aws_s3_bucket_{kind}")


def _lifecycle(name: str, origin: Resource, given: Any, to: Blocks) -> None:
    (rule,) = given["LifecycleConfiguration"]["Rules"]
    arguments = {
        "bucket": _itself(name, to),
        # Rules on old versions need a bucket that has versions.
        "depends_on": [f"aws_s3_bucket_versioning.{label(name, origin)}"],
        "rule": {
            "id": rule["Id"],
            "status": rule["Status"],
            "filter": {},
            "expiration": {"days": to.value(rule["ExpirationInDays"])},
            "noncurrent_version_expiration": {
                "noncurrent_days": rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
            },
            "abort_incomplete_multipart_upload": {
                "days_after_initiation": rule["AbortIncompleteMultipartUpload"][
                    "DaysAfterInitiation"
                ]
            },
        },
    }
    to.add(name, origin, arguments, "aws_s3_bucket_lifecycle_configuration")


def _itself(name: str, to: Blocks) -> Any:
    return to.value(Ref(name))


def bucket_policy(name: str, origin: Resource, to: Blocks) -> None:
    arguments = {
        "bucket": to.value(origin.properties["Bucket"]),
        "policy": to.policy(name, origin, origin.properties["PolicyDocument"]),
    }
    to.add(name, origin, arguments)
