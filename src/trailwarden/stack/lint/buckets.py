"""The bucket of a trail, which holds the evidence: who may write and read, and how long it is kept.

Numbers such as CloudTrail.7 are those of Security Hub.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.standing import (
    CLOUDTRAIL,
    delivery_policies,
    is_unknown,
    setting,
    trail_buckets,
)
from trailwarden.stack.lint.statements import Statement
from trailwarden.stack.model import Companion, Stack, Trail
from trailwarden.stack.policies import listed

_YEAR = 365  # days
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_TRANSPORT = "aws:securetransport"


@rule("TW511", "note")
def bucket_without_versioning(stack: Stack) -> Iterator[Fault]:
    """Without versions a deleted or overwritten log file is gone, and neither MFA Delete nor Object
    Lock can be switched on.
    """
    for bucket, _ in trail_buckets(stack):
        status = setting(bucket, "VersioningConfiguration", "Status")
        if (
            status != "Enabled"
            and not is_unknown(status)
            and not is_unknown(setting(bucket, "VersioningConfiguration"))
        ):
            yield _fault(
                bucket,
                "keeps no versions: a deleted log file is gone",
                "set VersioningConfiguration: {Status: Enabled}",
            )


@rule("TW512", "warning")
def bucket_may_be_public(stack: Stack) -> Iterator[Fault]:
    """One wrong policy would publish who does what in the account (CloudTrail.6, S3.8). Buckets of
    which nothing is said have all four blocks since April 2023.
    """
    for bucket, _ in trail_buckets(stack):
        block = setting(bucket, "PublicAccessBlockConfiguration")
        if block is None or is_unknown(block):
            continue
        given = block if isinstance(block, Mapping) else {}
        open_ones = [name for name in _BLOCKS if not _is_true(given.get(name))]
        if open_ones:
            yield _fault(
                bucket,
                f"does not block public access: {', '.join(open_ones)} is not true",
                "set all four of PublicAccessBlockConfiguration to true",
            )


def _is_true(value: object) -> bool:
    return value is True or is_unknown(value) or str(value).lower() == "true"


@rule("TW513", "note")
def bucket_without_own_key(stack: Stack) -> Iterator[Fault]:
    """``aws:kms`` without a key means the key that AWS manages, which satisfies neither CIS nor
    CloudTrail.2; and a trail without KMSKeyId writes with the key of S3 (SSE-S3).
    """
    for bucket, trail in trail_buckets(stack):
        encryption = _encryption(bucket)
        if encryption is None:
            continue
        algorithm, key = encryption
        managed = algorithm.startswith("aws:kms") and (not key or key.endswith("alias/aws/s3"))
        has_own = algorithm.startswith("aws:kms") and not managed
        if managed or not (has_own or (trail is not None and trail.kms_key_id)):
            yield _fault(
                bucket,
                f"encrypts with {algorithm} and names no key of your own: that is AWS's key"
                if managed
                else "has no default encryption with a key of your own",
                "set SSEAlgorithm: aws:kms and KMSMasterKeyID, or the trail's KMSKeyId",
            )


def _encryption(bucket: Companion) -> tuple[str, str] | None:
    """Algorithm and key of the default encryption, empty where absent; None if not known."""
    rules = setting(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration")
    if is_unknown(rules) or is_unknown(setting(bucket, "BucketEncryption")):
        return None
    first = next((one for one in listed(rules) if isinstance(one, Mapping)), {})
    default = first.get("ServerSideEncryptionByDefault")
    if is_unknown(default):
        return None
    given: Mapping[str, Any] = default if isinstance(default, Mapping) else {}
    algorithm = given.get("SSEAlgorithm", "")
    return None if is_unknown(algorithm) else (str(algorithm), str(given.get("KMSMasterKeyID", "")))


@rule("TW514", "note")
def bucket_without_access_log(stack: Stack) -> Iterator[Fault]:
    """An access log tells who read or deleted the evidence (CIS, CloudTrail.7)."""
    for bucket, _ in trail_buckets(stack):
        if not setting(bucket, "LoggingConfiguration") or (
            isinstance(setting(bucket, "LoggingConfiguration"), Mapping)
            and not setting(bucket, "LoggingConfiguration", "DestinationBucketName")
        ):
            yield _fault(
                bucket,
                "writes no access log: who read or deleted log files cannot be told",
                "set LoggingConfiguration with another bucket as DestinationBucketName",
            )


@rule("TW515", "warning")
def evidence_expires(stack: Stack) -> Iterator[Fault]:
    """Intrusions are found after months, and rules of the PCI kind want a year. A bucket that
    forgets before the log group does loses the files that validation is about.
    """
    retention = {one.log_group_name: one.retention_in_days or 0 for one in stack.log_groups}
    for bucket, trail in trail_buckets(stack):
        days = _expiration(bucket, trail)
        group = log_group_of_arn((trail and trail.cloud_watch_logs_log_group_arn) or "")
        least = max(_YEAR, retention.get(group, 0))
        if days is not None and days < least:
            yield _fault(
                bucket,
                f"deletes log files after {days:,} days, "
                + (
                    f"less than {_YEAR}"
                    if days < _YEAR
                    else f"before the log group does ({least:,} days)"
                ),
                f"set ExpirationInDays to {least} or more",
            )


def _expiration(bucket: Companion, trail: Trail | None) -> int | None:
    """After how many days the trail's files expire; None for never, or not known."""
    start = f"{trail.s3_key_prefix}/AWSLogs/" if trail and trail.s3_key_prefix else "AWSLogs/"
    found = []
    for one in listed(setting(bucket, "LifecycleConfiguration", "Rules")):
        if not isinstance(one, Mapping) or one.get("Status") != "Enabled" or one.get("TagFilters"):
            continue
        prefix = str(one.get("Prefix") or "")
        days = str(one.get("ExpirationInDays", ""))
        if days.isdecimal() and len(days) <= 9 and (start.startswith(prefix) or start in prefix):
            found.append(int(days))
    return min(found, default=None)


@rule("TW516", "warning")
def bucket_policy_without_source(stack: Stack) -> Iterator[Fault]:
    """Without a condition on the trail (aws:SourceArn) CloudTrail writes for anybody's trail that
    names this bucket: the confused deputy.
    """
    for policy, statements in delivery_policies(stack):
        if any(one.names(CLOUDTRAIL) and not one.is_bound() for one in _allowing(statements)):
            yield Fault(
                f"the bucket policy {quoted(policy.logical_id)} lets CloudTrail write for the "
                "trails of every account",
                "add Condition: {StringEquals: {aws:SourceArn: the trail's ARN}} to what it "
                "allows cloudtrail.amazonaws.com",
                policy.location,
            )


@rule("TW517", "note")
def bucket_policy_without_tls(stack: Stack) -> Iterator[Fault]:
    """Log files can be read over plain HTTP unless a statement denies it (S3.5)."""
    for policy, statements in delivery_policies(stack):
        denying = [one for one in statements if one.effect == "Deny"]
        if not any(_transport(one) for one in denying):
            yield Fault(
                f"the bucket policy {quoted(policy.logical_id)} does not deny plain HTTP",
                "add a Deny of s3:* for everyone with Bool: {aws:SecureTransport: 'false'}",
                policy.location,
            )


@rule("TW518", "warning")
def tls_deny_that_denies_nothing(stack: Stack) -> Iterator[Fault]:
    """Conditions of a statement hold together: ``aws:SecureTransport: true`` beside a test of the
    TLS version denies old TLS, and lets plain HTTP pass.
    """
    for policy, statements in delivery_policies(stack):
        denying = [one for one in statements if one.effect == "Deny"]
        plain = any(_transport(one) == "false" for one in denying)
        if not plain and any(_transport(one) == "true" for one in denying):
            yield Fault(
                f"the bucket policy {quoted(policy.logical_id)} denies requests with "
                "aws:SecureTransport true: plain HTTP is let through",
                "deny Bool: {aws:SecureTransport: 'false'}, and the TLS version in a statement "
                "of its own",
                policy.location,
            )


def _transport(statement: Statement) -> str:
    """``true`` or ``false`` for a statement about secure transport, otherwise empty."""
    for operator in ("bool", "boolifexists"):
        for value in ("true", "false"):
            if statement.has(operator, _TRANSPORT, value):
                return value
    return ""


def _allowing(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.effect == "Allow"]


def _fault(bucket: Companion, what: str, cure: str) -> Fault:
    return Fault(f"the trail's bucket {quoted(bucket.logical_id)} {what}", cure, bucket.location)
