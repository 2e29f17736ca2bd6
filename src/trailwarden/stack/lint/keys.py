"""Keys of the stack whose policies shut out the services that must use them.

A service has to be named in the key's policy: what the account may do does not count for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from trailwarden.stack.lint.places import quoted, told_by_alarms
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.lint.standing import CLOUDTRAIL, Keys, groups_of_records, is_unknown
from trailwarden.stack.lint.statements import Statement, statements_of
from trailwarden.stack.model import Companion, Stack
from trailwarden.text import visible

_CLOUDWATCH = "cloudwatch.amazonaws.com"
_NEW_KEY = "kms:GenerateDataKey"
_DECRYPT = "kms:Decrypt"
_ENCRYPT = "kms:Encrypt"


@rule("TW531", "error")
def key_shuts_out_cloudtrail(stack: Stack) -> Iterator[Fault]:
    """Without kms:GenerateDataKey* CloudTrail cannot write log files, and refuses to make a trail
    with the key.
    """
    keys = Keys(stack)
    for trail in stack.trails:
        key = keys.named(trail.kms_key_id)
        if key and not _grants(key, _is_cloudtrail, (_NEW_KEY,)):
            yield _shut_out(key, "the trail", trail.trail_name, CLOUDTRAIL, "kms:GenerateDataKey*")


@rule("TW532", "error")
def key_shuts_out_cloudwatch(stack: Stack) -> Iterator[Fault]:
    """An alarm publishes to an encrypted topic only if CloudWatch may use its key; otherwise the
    alarm fires, and the message silently never leaves.
    """
    told = told_by_alarms(stack)
    keys = Keys(stack)
    for topic in stack.topics:
        key = keys.named(topic.kms_master_key_id)
        if key and topic.arn in told and not _grants(key, _is_cloudwatch, (_DECRYPT, _NEW_KEY)):
            yield _shut_out(
                key,
                "the topic",
                topic.topic_name,
                _CLOUDWATCH,
                "kms:Decrypt and kms:GenerateDataKey*",
            )


@rule("TW533", "error")
def key_shuts_out_logs(stack: Stack) -> Iterator[Fault]:
    """CloudWatch Logs refuses a key that it may not use, and so the log group."""
    keys = Keys(stack)
    for group in stack.log_groups:
        key = keys.named(group.kms_key_id)
        if key and not _grants(key, _is_logs, (_ENCRYPT, _DECRYPT, _NEW_KEY)):
            yield _shut_out(
                key,
                "the log group",
                group.log_group_name,
                "logs.REGION.amazonaws.com",
                "kms:Encrypt*, kms:Decrypt* and kms:GenerateDataKey*",
            )


@rule("TW534", "note")
def log_group_without_key(stack: Stack) -> Iterator[Fault]:
    """The log group holds what the trail's files hold: with a key of one's own for these, and none
    for that, the records can still be read without it.
    """
    evidence = groups_of_records(stack)
    for group in stack.log_groups:
        place = ("LogGroup", group.log_group_name)
        is_ours = place in stack.lifetimes and group.log_group_name in evidence
        if is_ours and not group.kms_key_id:
            yield Fault(
                f"the log group {quoted(group.log_group_name)} has no key of your own",
                "set KmsKeyId to a customer managed key that CloudWatch Logs may use",
                stack.locations.get(place),
            )


def _grants(key: Companion, is_meant: Callable[[str], bool], operations: tuple[str, ...]) -> bool:
    """Whether the key's policy lets the service do all of this, as far as it is known."""
    statements = statements_of(key.properties.get("KeyPolicy"))
    if statements is None:
        return True
    return all(
        any(_allows(one, is_meant) and one.does(operation) for one in statements)
        for operation in operations
    )


def _allows(statement: Statement, is_meant: Callable[[str], bool]) -> bool:
    return statement.effect == "Allow" and (
        statement.for_all or any(is_meant(one) for one in statement.services)
    )


def _is_cloudtrail(service: str) -> bool:
    return service == CLOUDTRAIL or is_unknown(service)


def _is_cloudwatch(service: str) -> bool:
    return service == _CLOUDWATCH or is_unknown(service)


def _is_logs(service: str) -> bool:
    return service.startswith("logs.")  # logs.amazonaws.com, or with the Region


def _shut_out(key: Companion, what: str, name: str, service: str, operations: str) -> Fault:
    return Fault(
        f"the key {quoted(key.logical_id)} of {what} {quoted(name)} does not let {service} use it",
        f"allow Service: {service} {visible(operations)} in its KeyPolicy",
        key.location,
    )
