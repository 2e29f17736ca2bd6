"""Events that CloudTrail names otherwise than the operations behind them."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.patterns.cover import leaves, literal_of
from trailwarden.patterns.model import Comparison, Condition, Operator
from trailwarden.patterns.values import comparison
from trailwarden.stack.lint.conditions import Rooted
from trailwarden.stack.lint.each import Said
from trailwarden.stack.lint.each_filter import json_rule
from trailwarden.stack.lint.fields import path_of
from trailwarden.stack.lint.sourced import sourced_names

_LAMBDA, _S3, _CLOUDFRONT = "lambda.amazonaws.com", "s3.amazonaws.com", "cloudfront.amazonaws.com"

# Lambda's events end in the version of the API that the operation came with.
_LAMBDA_VERSIONS = {
    "20150331": """
        CreateAlias CreateEventSourceMapping CreateFunction DeleteAlias DeleteEventSourceMapping
        DeleteFunction GetAlias GetEventSourceMapping ListAliases ListEventSourceMappings
        ListFunctions ListVersionsByFunction PublishVersion UpdateAlias UpdateEventSourceMapping
        """,
    "20150331v2": """
        AddPermission GetFunction GetFunctionConfiguration GetPolicy RemovePermission
        UpdateFunctionCode UpdateFunctionConfiguration
        """,
    "20160819": "GetAccountSettings",
    "20170331": "ListTags",
    "20170331v2": "TagResource UntagResource",
    "20171031": "DeleteFunctionConcurrency PutFunctionConcurrency",
    "20181031": """
        AddLayerVersionPermission DeleteLayerVersion GetLayerVersion ListLayerVersions ListLayers
        PublishLayerVersion RemoveLayerVersionPermission
        """,
}
_OF_LAMBDA = {
    name: name + version for version, names in _LAMBDA_VERSIONS.items() for name in names.split()
}
# S3's events keep the names of its older interface.
_OF_S3 = {
    "DeleteBucketAnalyticsConfiguration": "DeleteAnalyticsConfiguration",
    "DeleteBucketInventoryConfiguration": "DeleteInventoryConfiguration",
    "DeleteBucketMetricsConfiguration": "DeleteMetricsConfiguration",
    "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketLifecycleConfiguration": "GetBucketLifecycle",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "ListObjectsV2": "ListObjects",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
# CloudFront's operations that change something; some records of them have the version.
_OF_CLOUDFRONT = frozenset(
    """
    CreateCloudFrontOriginAccessIdentity CreateDistribution CreateDistributionWithTags
    CreateInvalidation DeleteCloudFrontOriginAccessIdentity DeleteDistribution UpdateDistribution
    UpdateCloudFrontOriginAccessIdentity
    """.split()  # noqa: SIM905 - a list of words
)
# Names that other services have as well, where the source has to say who is meant.
_SHARED = frozenset(
    """
    AddPermission CreateAlias DeleteAlias GetAlias GetPolicy ListAliases ListTags RemovePermission
    TagResource UntagResource UpdateAlias GetAccountSettings
    """.split()  # noqa: SIM905 - a list of words
)


@json_rule("TW134", "warning")
def event_named_otherwise(one: Rooted) -> Iterator[Said]:
    """CloudTrail does not always name an event after its operation: Lambda's have the version of
    the API at their end (UpdateFunctionCode20150331v2), S3's the names of an older interface
    (PutBucketLifecycle for PutBucketLifecycleConfiguration). The operation's name matches none.
    """
    tests = _equalities(one.root)
    for name, source in dict.fromkeys(sourced_names(one.root, unsourced=True)):
        written, cure = _written(name, source)
        if written and not any(comparison(t.operator, t.value)(written) for t in tests):
            yield (
                f"the filter {one.name} looks for the event {name}, which CloudTrail writes as "
                f"{written}",
                f"write $.eventName = {cure}",
            )


def _written(name: str, source: str) -> tuple[str, str]:
    """What CloudTrail writes, and what to compare with; both empty where it is the name itself."""
    if name in _OF_LAMBDA and (source == _LAMBDA or (not source and name not in _SHARED)):
        return _OF_LAMBDA[name], f"{name}*"
    if name in _OF_S3 and source in (_S3, ""):
        return _OF_S3[name], _OF_S3[name]
    if name in _OF_CLOUDFRONT and source in (_CLOUDFRONT, ""):
        return f"{name}2020_05_31", f"{name}*"
    return "", ""


def _equalities(root: Condition) -> list[Comparison]:
    return [
        leaf
        for leaf in leaves(root)
        if isinstance(leaf, Comparison)
        and leaf.operator is Operator.EQUAL
        and path_of(leaf.selector) == "eventName"
        and literal_of(leaf) != ""
    ]
