"""Finding the resources around the alarms: the bucket of a trail, the key of a topic.

Hostile templates have many of them, so that each is looked up by its names and never compared with
all the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trailwarden.patterns.cover import leaves
from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.conditions import json_roots
from trailwarden.stack.lint.fields import speaks_of_cloudtrail
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


def own_names(companion: Companion) -> set[str]:
    """What the companion is called in other definitions."""
    token = companion.logical_id
    return {companion.name, f"${{{token}}}", f"${{{token}.Arn}}", f"${{{token}.KeyId}}"}


def names_in(text: object) -> tuple[str, ...]:
    """The names that a reference (a name, an ARN, a token of one) may be about; none if it is no
    text.
    """
    if not isinstance(text, str) or not text:
        return ()
    last = text.rpartition(":")[2]
    return text, last.removeprefix("key/").removeprefix("role/")


def trail_buckets(stack: Stack) -> Iterator[tuple[Companion, Trail | None]]:
    """The buckets of the stack to which trails deliver, each with its trail if that is there."""
    trails = {one.s3_bucket_name: one for one in reversed(stack.trails)}
    written = {
        name
        for policy, _ in delivery_policies(stack)
        for name in names_in(policy.properties.get("Bucket"))
    }
    for bucket in of_type(stack, BUCKET):
        names = own_names(bucket)
        trail = next((trails[name] for name in sorted(names) if name in trails), None)
        if trail is not None or names & written:
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


def groups_of_records(stack: Stack) -> set[str]:
    """The log groups that hold CloudTrail's records: a trail's, and those of filters on such."""
    fed = {log_group_of_arn(one.cloud_watch_logs_log_group_arn or "") for one in stack.trails}
    return fed | {
        metric_filter.log_group_name
        for metric_filter, root in json_roots(stack)
        if speaks_of_cloudtrail([leaf.selector for leaf in leaves(root)])
    }


class Keys:
    """The keys of a stack, by everything that they are called."""

    def __init__(self, stack: Stack) -> None:
        self._keys = _by_name(of_type(stack, KEY))
        self._aliases = _by_name(of_type(stack, ALIAS))

    def named(self, text: object) -> Companion | None:
        """The stack's own key that ``text`` (an ARN, an id, an alias) means."""
        alias = _first(self._aliases, text)
        return _first(self._keys, alias.properties.get("TargetKeyId") if alias else text)


def _by_name(companions: Iterable[Companion]) -> dict[str, Companion]:
    return {name: one for one in companions for name in own_names(one)}


def _first(companions: Mapping[str, Companion], text: object) -> Companion | None:
    return next((companions[name] for name in names_in(text) if name in companions), None)


def setting(companion: Companion, *path: str) -> Any:
    """A property deep inside; None where it is absent or inside of what is unknown."""
    found: Any = companion.properties
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def is_unknown(value: object) -> bool:
    """True for what only the deployment knows."""
    return isinstance(value, str) and ("${" in value or "{{resolve:" in value)
