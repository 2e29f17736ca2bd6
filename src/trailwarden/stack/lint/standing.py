"""Finding the resources around the alarms: the bucket of a trail, the key of a topic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trailwarden.stack.lint.statements import Statement, statements_of
from trailwarden.stack.model import Companion, Stack, Trail

BUCKET = "AWS::S3::Bucket"
BUCKET_POLICY = "AWS::S3::BucketPolicy"
ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::Policy"
KEY = "AWS::KMS::Key"
ALIAS = "AWS::KMS::Alias"
CLOUDTRAIL = "cloudtrail.amazonaws.com"


def of_type(stack: Stack, kind: str) -> Iterator[Companion]:
    return (one for one in stack.companions if one.type == kind)


def is_named(companion: Companion, text: object) -> bool:
    """Whether ``text`` is the companion's name, its ARN, or a token of one of them."""
    token = companion.logical_id
    own = {companion.name, f"${{{token}}}", f"${{{token}.Arn}}", f"${{{token}.KeyId}}"}
    if not isinstance(text, str) or not text:
        return False
    return text in own or any(
        text.endswith((f":::{name}", f":key/{name}", f":role/{name}", f":{name}")) for name in own
    )


def trail_buckets(stack: Stack) -> Iterator[tuple[Companion, Trail | None]]:
    """The buckets of the stack to which trails deliver, each with its trail if that is there."""
    for bucket in of_type(stack, BUCKET):
        trail = next((one for one in stack.trails if is_named(bucket, one.s3_bucket_name)), None)
        if trail is not None or any(
            is_named(bucket, policy.properties.get("Bucket"))
            for policy, _ in delivery_policies(stack)
        ):
            yield bucket, trail


def delivery_policies(stack: Stack) -> Iterator[tuple[Companion, tuple[Statement, ...]]]:
    """The bucket policies by which trails deliver, and their statements."""
    for policy in of_type(stack, BUCKET_POLICY):
        statements = statements_of(policy.properties.get("PolicyDocument"))
        if statements is not None and any(
            one.effect == "Allow" and one.names(CLOUDTRAIL) and one.does("s3:PutObject")
            for one in statements
        ):
            yield policy, statements


def key_named(stack: Stack, text: str | None) -> Companion | None:
    """The stack's own key that ``text`` (an ARN, an id, an alias) means."""
    for alias in of_type(stack, ALIAS):
        if text and is_named(alias, text):
            target = alias.properties.get("TargetKeyId")
            text = target if isinstance(target, str) else None
            break
    return next((key for key in of_type(stack, KEY) if is_named(key, text)), None)


def setting(companion: Companion, *path: str) -> Any:
    """A property deep inside; None where it is absent or inside of what is unknown."""
    found: Any = companion.properties
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def is_unknown(value: object) -> bool:
    """True for what only the deployment knows."""
    return isinstance(value, str) and ("${" in value or "{{resolve:" in value)
