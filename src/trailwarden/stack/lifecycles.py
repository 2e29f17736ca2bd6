"""How long a bucket keeps the log files of a trail, by its lifecycle rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from trailwarden.stack.model import Companion, Stack, Trail

_BUCKET = "AWS::S3::Bucket"
# What narrows a rule to some of the objects, other than a prefix.
_NARROWING = ("TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
# Below AWSLogs/, as far as a prefix still covers all log files of a trail of one account.
_ACCOUNT = re.compile(r"(?:o-[a-z0-9]+/)?\d{12}/?(?:CloudTrail/?)?")


def days_kept(stack: Stack, trail: Trail, today: date | None = None) -> int | None:
    """Days until the trail's log files are gone; None where they stay, or nothing is known.

    An expiration with a date is over from that day on: then nothing is kept. Where the bucket keeps
    versions, expired files are gone only when the rules for versions that are not current say so.
    """
    bucket = _bucket_of(stack, trail)
    if bucket is None:
        return None
    rules = list(_rules(bucket, trail))
    current = _least(map(_days_of, rules))
    if today is not None and any(_is_over(rule, today) for rule in rules):
        current = 0
    if current is None or not _is_versioned(bucket):
        return current
    later = _least(map(_later_days_of, rules))
    return None if later is None else current + later


def has_transitions(stack: Stack, trail: Trail) -> bool:
    """Whether the bucket moves the trail's log files to another storage class."""
    bucket = _bucket_of(stack, trail)
    return bucket is not None and any(
        rule.get("Transitions") or rule.get("Transition") for rule in _rules(bucket, trail)
    )


def _bucket_of(stack: Stack, trail: Trail) -> Companion | None:
    return next(
        (
            one
            for one in stack.companions
            if one.type == _BUCKET and trail.s3_bucket_name in (one.name, one.logical_id)
        ),
        None,
    )


def _rules(bucket: Companion, trail: Trail) -> Iterator[Mapping[str, Any]]:
    """The enabled rules that are about all log files of the trail."""
    configuration = bucket.properties.get("LifecycleConfiguration")
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    for rule in rules if isinstance(rules, list | tuple) else ():
        if (
            isinstance(rule, Mapping)
            and rule.get("Status") == "Enabled"
            and not any(rule.get(name) for name in _NARROWING)
            and _covers(str(rule.get("Prefix") or ""), trail)
        ):
            yield rule


def _covers(prefix: str, trail: Trail) -> bool:
    key = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    base = f"{key}AWSLogs/"
    return base.startswith(prefix) or (
        prefix.startswith(base) and bool(_ACCOUNT.fullmatch(prefix.removeprefix(base)))
    )


def _days_of(rule: Mapping[str, Any]) -> int | None:
    return _number(rule.get("ExpirationInDays"))


def _later_days_of(rule: Mapping[str, Any]) -> int | None:
    """Days after which versions that are not current go."""
    newer = rule.get("NoncurrentVersionExpiration")
    days = newer.get("NoncurrentDays") if isinstance(newer, Mapping) else None
    return _number(days or rule.get("NoncurrentVersionExpirationInDays"))


def _is_over(rule: Mapping[str, Any], today: date) -> bool:
    try:
        return date.fromisoformat(str(rule.get("ExpirationDate"))[:10]) <= today
    except ValueError:
        return False


def _is_versioned(bucket: Companion) -> bool:
    """A bucket that has ever kept versions does not stop to hold those it has."""
    versioning = bucket.properties.get("VersioningConfiguration")
    return isinstance(versioning, Mapping) and versioning.get("Status") == "Enabled"


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _least(found: Iterator[int | None]) -> int | None:
    return min((one for one in found if one is not None), default=None)
