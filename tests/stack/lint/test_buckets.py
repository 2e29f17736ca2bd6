"""The bucket of a trail and its policy."""

from __future__ import annotations

import pytest

from tests.stack.lint.whole import changed, codes_after
from trailwarden.stack.lint import lint

VERSIONING = "VersioningConfiguration: {Status: Enabled}"
KEY = ", KMSMasterKeyID: !Ref Key"
BY_DEFAULT = "ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}"
RULES = "Rules: [{ExpirationInDays: 400, Status: Enabled}]"
SOURCE = (
    "            Condition: {StringEquals: {'aws:SourceArn': 'arn:aws:cloudtrail:a:1:trail/t'}}\n"
)
ALLOW = "            Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/AWSLogs/*']\n" + SOURCE
TLS = "{Bool: {'aws:SecureTransport': false}}"
OLD_TLS = "{Bool: {'aws:SecureTransport': true}, NumericLessThan: {'s3:TlsVersion': 1.2}}"
NO_TRAIL_KEY = ("      KMSKeyId: !GetAtt Key.Arn\n", "")


def test_nothing_is_wrong_with_the_good_one() -> None:
    assert codes_after() == []


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (VERSIONING, "", ["TW511"]),
        (VERSIONING, "VersioningConfiguration: {Status: Suspended}", ["TW511"]),
        (VERSIONING, "VersioningConfiguration: {Status: !ImportValue status}", []),
        ("BlockPublicPolicy: true", "BlockPublicPolicy: false", ["TW512"]),
        ("BlockPublicPolicy: true", "BlockPublicPolicy: 'True'", []),
        ("        RestrictPublicBuckets: true\n", "", ["TW512"]),
        ("PublicAccessBlockConfiguration:", "Tags:", []),
        ("BlockPublicAcls: true", "BlockPublicAcls: !ImportValue block", []),
        (KEY, "", ["TW513"]),
        (KEY, ", KMSMasterKeyID: alias/aws/s3", ["TW513"]),
        (KEY, ", KMSMasterKeyID: !ImportValue key", []),
        (BY_DEFAULT, "ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}", []),
        ("LoggingConfiguration: {DestinationBucketName: access-logs}", "", ["TW514"]),
        ("{DestinationBucketName: access-logs}", "{LogFilePrefix: x}", ["TW514"]),
        ("{DestinationBucketName: access-logs}", "!ImportValue logs", []),
        ("ExpirationInDays: 400", "ExpirationInDays: 90", ["TW515"]),
        ("ExpirationInDays: 400", "ExpirationInDays: 399", ["TW515"]),
        ("ExpirationInDays: 400", "ExpirationInDays: 364, Prefix: AWSLogs/", ["TW515"]),
        ("ExpirationInDays: 400", "ExpirationInDays: 1, Prefix: AWSLogs/1/x", ["TW515"]),
        ("ExpirationInDays: 400", "ExpirationInDays: 1, Prefix: others/", []),
        ("ExpirationInDays: 400", "ExpirationInDays: 1, TagFilters: [{Key: a, Value: b}]", []),
        ("ExpirationInDays: 400, Status: Enabled", "ExpirationInDays: 1, Status: Disabled", []),
        ("ExpirationInDays: 400", "ExpirationInDays: !ImportValue days", []),
        (RULES, "Rules: [1, x]", []),
        (
            SOURCE.strip(),
            "Condition: {StringEquals: {'s3:x-amz-acl': private}}",
            ["TW516"],
        ),
        (ALLOW, ALLOW.replace("StringEquals", "StringEqualsIfExists"), ["TW516"]),
        (ALLOW, ALLOW.replace("'arn:aws:cloudtrail:a:1:trail/t'", "'*'"), ["TW516"]),
        (ALLOW, ALLOW.replace("aws:SourceArn", "AWS:SourceAccount"), []),
        ("          - Effect: Deny\n", "          - Effect: Allow\n", ["TW517"]),
        (TLS, "{StringEquals: {'aws:PrincipalOrgID': o-1}}", ["TW517"]),
        (TLS, OLD_TLS, ["TW518"]),
        (TLS, TLS.replace("Bool", "BoolIfExists").replace("false", "'False'"), []),
    ],
)
def test_buckets(old: str, new: str, codes: list[str]) -> None:
    assert codes_after((old, new)) == codes


def test_a_trail_without_key_writes_with_that_of_the_bucket() -> None:
    other = "ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}"
    assert codes_after(NO_TRAIL_KEY) == ["TW506"]
    assert codes_after(NO_TRAIL_KEY, (BY_DEFAULT, other)) == ["TW506", "TW513"]
    assert codes_after(NO_TRAIL_KEY, ("BucketEncryption:", "Tags:")) == ["TW506", "TW513"]


def test_a_bucket_is_known_by_its_policy_too() -> None:
    """A template for the bucket alone, to which the trails of others deliver."""
    elsewhere = ("S3BucketName: !Ref Bucket", "S3BucketName: elsewhere")
    assert codes_after(elsewhere, (VERSIONING, "")) == ["TW511"]
    other = ("[s3:GetBucketAcl, s3:PutObject]", "s3:GetBucketAcl")
    assert codes_after(elsewhere, other, (VERSIONING, "")) == []


def test_the_prefix_of_the_trail() -> None:
    prefix = ("      IsLogging: true\n", "      IsLogging: true\n      S3KeyPrefix: audit\n")
    rule = "ExpirationInDays: 9, Prefix: "
    assert codes_after(prefix, ("ExpirationInDays: 400", f"{rule}audit/")) == ["TW515"]
    assert codes_after(prefix, ("ExpirationInDays: 400", f"{rule}AWSLogs/")) == []


def test_what_a_finding_says() -> None:
    [finding] = lint(changed(("ExpirationInDays: 400", "ExpirationInDays: 60")))
    assert finding.message == (
        "the trail's bucket 'Bucket' deletes log files after 60 days, less than 365"
    )
    assert finding.cure == "set ExpirationInDays to 400 or more"
    assert str(finding.location) == "t.yaml:28:3 (Resources.Bucket)"
    assert finding.severity == "warning"
