"""Trails and log groups that lose evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

from trailwarden.stack.links import log_group_of_arn
from trailwarden.stack.lint.each import Said, Say, rule_of_each
from trailwarden.stack.lint.finding import Severity
from trailwarden.stack.lint.meeting import noted
from trailwarden.stack.lint.places import quoted, told_by_alarms
from trailwarden.stack.lint.registry import Fault, rule
from trailwarden.stack.model import Stack, Trail

_LEAST_RETENTION = 365  # days: Security Hub, CloudWatch.16
_MANY_KINDS = ("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table")


def _fault(stack: Stack, trail: Trail, what: str, cure: str) -> Fault:
    place = stack.locations.get(("Trail", trail.trail_name))
    return Fault(f"the trail {quoted(trail.trail_name)} {what}", cure, place)


def _trail_rule(code: str, severity: Severity) -> Callable[[Say[Trail]], Say[Trail]]:
    return rule_of_each(code, severity, attrgetter("trails"), _fault)


@rule("TW501", "error")
def trail_not_logging(stack: Stack) -> Iterator[Fault]:
    """A trail whose IsLogging is false delivers nothing; no filter sees anything."""
    return noted(stack, "trail-not-logging", "set IsLogging to true")


@_trail_rule("TW502", "warning")
def trail_without_log_group(trail: Trail) -> Iterator[Said]:
    """Metric filters read a log group; a trail that delivers to none has no alarms (CIS, all of its
    monitoring controls; Security Hub CloudTrail.5).
    """
    if not trail.cloud_watch_logs_log_group_arn:
        yield (
            "delivers to no log group, so that no metric filter sees its records",
            "set CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn",
        )


@_trail_rule("TW503", "warning")
def trail_without_validation(trail: Trail) -> Iterator[Said]:
    """Without digests nobody can tell whether log files were changed (CloudTrail.4)."""
    if not trail.enable_log_file_validation:
        yield (
            "writes no digests: changed or deleted log files cannot be told",
            "set EnableLogFileValidation to true",
        )


@_trail_rule("TW504", "warning")
def trail_of_one_region(trail: Trail) -> Iterator[Said]:
    """What happens in other Regions is not seen; CIS and Security Hub want a trail of all Regions
    (CloudTrail.1).
    """
    if not trail.is_multi_region_trail:
        yield ("records one Region only", "set IsMultiRegionTrail to true")


@_trail_rule("TW505", "warning")
def trail_without_global_events(trail: Trail) -> Iterator[Said]:
    """Without global service events there are none of IAM and STS: changes of permissions, use of
    root.
    """
    if not trail.include_global_service_events:
        yield (
            "leaves out global services: IAM, STS and CloudFront",
            "set IncludeGlobalServiceEvents to true",
        )


@_trail_rule("TW506", "note")
def trail_without_key(trail: Trail) -> Iterator[Said]:
    """CIS and Security Hub (CloudTrail.2) want log files encrypted with a key of one's own."""
    if not trail.kms_key_id:
        yield (
            "has no key of your own for its log files",
            "set KMSKeyId to a customer managed key that lets CloudTrail use it",
        )


@rule("TW507", "warning")
def data_events_beside_management_events(stack: Stack) -> Iterator[Fault]:
    """Data events of all buckets and functions fill the log group of the filters: every denied
    anonymous read counts as an unauthorized call, and they are paid by volume.
    """
    read = {metric_filter.log_group_name for metric_filter in stack.metric_filters}
    for trail in stack.trails:
        group = log_group_of_arn(trail.cloud_watch_logs_log_group_arn or "")
        kinds = _all_data_of(trail)
        if kinds and group in read:
            yield _fault(
                stack,
                trail,
                f"delivers data events ({', '.join(kinds)}) "
                "to the log group that the metric filters read",
                "give data events a trail, or a log group, of their own",
            )


def _all_data_of(trail: Trail) -> list[str]:
    """The kinds of resources whose data events the (basic) event selectors record."""
    found: list[str] = []
    for selector in trail.event_selectors:
        resources = selector.get("DataResources")
        for resource in resources if isinstance(resources, list) else []:
            kind = resource.get("Type") if isinstance(resource, dict) else None
            if kind in _MANY_KINDS and kind not in found:
                found.append(kind)
    return found


@rule("TW508", "warning")
def short_retention(stack: Stack) -> Iterator[Fault]:
    """CIS and Security Hub (CloudWatch.16) want a year: intrusions are found after months. Log
    groups are meant that a trail feeds or a filter reads.
    """
    used = {log_group_of_arn(one.cloud_watch_logs_log_group_arn or "") for one in stack.trails}
    used |= {metric_filter.log_group_name for metric_filter in stack.metric_filters}
    for group in stack.log_groups:
        if group.log_group_name not in used:
            continue
        if group.retention_in_days is not None and group.retention_in_days < _LEAST_RETENTION:
            yield Fault(
                f"the log group {quoted(group.log_group_name)} keeps events for "
                f"{group.retention_in_days} days, less than {_LEAST_RETENTION}",
                f"set RetentionInDays to {_LEAST_RETENTION} or more",
                stack.locations.get(("LogGroup", group.log_group_name)),
            )


@rule("TW509", "warning")
def trail_on_alarm_topic(stack: Stack) -> Iterator[Fault]:
    """A trail publishes to its topic for every log file, every few minutes: those who read alarms
    drown in it.
    """
    told = told_by_alarms(stack)
    names = {_name_of(topic) for topic in told}
    for trail in stack.trails:
        topic = trail.sns_topic_name
        if topic and (topic in told or _name_of(topic) in names):
            yield _fault(
                stack,
                trail,
                "announces every log file on the topic of the alarms",
                "remove SnsTopicName, or give it a topic of its own",
            )


def _name_of(topic: str) -> str:
    return topic.rsplit(":", 1)[-1] if topic.startswith("arn:") else topic
