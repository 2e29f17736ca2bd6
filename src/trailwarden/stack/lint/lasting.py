"""What is lost, or stands in the way, when a stack is deleted or deployed once more."""

from __future__ import annotations

from collections.abc import Iterator

from trailwarden.errors import Location
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.standing import groups_of_records, trail_buckets
from trailwarden.stack.model import Lifetime, Stack

_KEEPING = ("Retain", "RetainExceptOnCreate", "Snapshot")
_ACCOUNT_TOKENS = ("${AWS::AccountId}", "${AWS::Region}", "${AWS::Partition}")


@rule("TW541", "warning")
def log_group_dies_with_the_stack(stack: Stack) -> Iterator[Fault]:
    """Deleting the stack, or a mistake in an update, deletes the searchable trail with it."""
    evidence = groups_of_records(stack)
    for (kind, name), lifetime in stack.lifetimes.items():
        if kind == "LogGroup" and name in evidence and lifetime.deletion_policy not in _KEEPING:
            yield Fault(
                f"the log group {quoted(name)} is deleted with the stack, and its events with it",
                "set DeletionPolicy and UpdateReplacePolicy to Retain",
                stack.locations.get((kind, name)),
            )


@rule("TW542", "note")
def kept_only_half(stack: Stack) -> Iterator[Fault]:
    """DeletionPolicy is about the stack's end, UpdateReplacePolicy about an update that makes the
    resource anew (another name, say): one of them alone keeps half.
    """
    for name, lifetime, place in _lifetimes(stack):
        on_delete = lifetime.deletion_policy in _KEEPING
        on_replace = lifetime.update_replace_policy in _KEEPING
        if on_delete is not on_replace:
            given, missing = ("DeletionPolicy", "UpdateReplacePolicy")
            if on_replace:
                given, missing = missing, given
            yield Fault(
                f"{quoted(name)} is kept by its {given}, and has no {missing} to keep it",
                f"set {missing} to Retain as well",
                place,
            )


def _lifetimes(stack: Stack) -> Iterator[tuple[str, Lifetime, Location | None]]:
    for companion in stack.companions:
        yield companion.logical_id, companion.lifetime, companion.location
    for (kind, name), lifetime in stack.lifetimes.items():
        yield name, lifetime, stack.locations.get((kind, name))


@rule("TW543", "note")
def kept_name_is_taken(stack: Stack) -> Iterator[Fault]:
    """A bucket that is kept keeps its name: with a fixed one the second deployment fails."""
    for bucket, _ in trail_buckets(stack):
        name = bucket.properties.get("BucketName")
        if bucket.deletion_policy in _KEEPING and isinstance(name, str) and _is_fixed(stack, name):
            yield Fault(
                f"the trail's bucket {quoted(bucket.logical_id)} is kept and has a fixed name: "
                "the next deployment of the template finds it taken",
                "remove BucketName, or put a parameter or the stack's name into it",
                bucket.location,
            )


def _is_fixed(stack: Stack, name: str) -> bool:
    """True for a name that is the same for all stacks of one account and Region."""
    for token in _ACCOUNT_TOKENS:
        name = name.replace(token, "")
    return "${" not in name and stack.name not in name
