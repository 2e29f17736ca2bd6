"""Trails of a live account, and the log groups that matter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from trailwarden.stack.live.calls import Answer, Reader
from trailwarden.stack.model import LogGroup, Trail

# A trail of the organization is seen from a member account that may not look into it.
_ABSENT = ("InsightNotEnabledException", "TrailNotFoundException", "UnsupportedOperationException")
_LOG_GROUP = re.compile(r"arn:[^:]+:logs:([^:]*):([^:]*):log-group:([^:]+)")


def trail_answers(readers: Iterable[Reader]) -> list[Answer]:
    """Each trail once, though a trail of all regions shows in every one."""
    found: dict[str, Answer] = {}
    for reader in readers:
        for trail in (reader.call("cloudtrail", "describe_trails") or {}).get("trailList", ()):
            found.setdefault(trail["TrailARN"], trail)
    return list(found.values())


def trail_of(answer: Answer, reader: Reader) -> Trail:
    """The trail with its status and selectors, which ``reader`` (of its home region) asks for."""
    arn = answer["TrailARN"]
    status = reader.call("cloudtrail", "get_trail_status", _ABSENT, Name=arn) or {}
    events = reader.call("cloudtrail", "get_event_selectors", _ABSENT, TrailName=arn) or {}
    insights = reader.call("cloudtrail", "get_insight_selectors", _ABSENT, TrailName=arn) or {}
    return Trail(
        trail_name=answer["Name"],
        s3_bucket_name=answer.get("S3BucketName"),
        s3_key_prefix=answer.get("S3KeyPrefix"),
        cloud_watch_logs_log_group_arn=answer.get("CloudWatchLogsLogGroupArn"),
        cloud_watch_logs_role_arn=answer.get("CloudWatchLogsRoleArn"),
        sns_topic_name=answer.get("SnsTopicARN") or answer.get("SnsTopicName"),
        kms_key_id=answer.get("KmsKeyId"),
        is_logging=bool(status.get("IsLogging", True)),
        is_multi_region_trail=bool(answer.get("IsMultiRegionTrail")),
        is_organization_trail=bool(answer.get("IsOrganizationTrail")),
        include_global_service_events=bool(answer.get("IncludeGlobalServiceEvents")),
        enable_log_file_validation=bool(answer.get("LogFileValidationEnabled")),
        event_selectors=tuple(events.get("EventSelectors") or ()),
        advanced_event_selectors=tuple(events.get("AdvancedEventSelectors") or ()),
        insight_selectors=tuple(insights.get("InsightSelectors") or ()),
    )


def own_log_groups(arns: Iterable[str | None], account: str) -> frozenset[tuple[str, str]]:
    """(region, name) of those log groups that belong to ``account``.

    A trail of the organization delivers to the log group of another account.
    """
    found = (_LOG_GROUP.match(arn or "") for arn in arns)
    return frozenset((arn[1], arn[3]) for arn in found if arn and arn[2] == account)


def log_groups(reader: Reader, wanted: Collection[str]) -> list[LogGroup]:
    """Those of the region's log groups that are ``wanted``: an account may have thousands."""
    found: list[LogGroup] = []
    missing = set(wanted)
    pages = reader.pages("logs", "describe_log_groups") if missing else iter(())
    for page in pages:
        for answer in page["logGroups"]:
            if answer["logGroupName"] in missing:
                missing.remove(answer["logGroupName"])
                found.append(_log_group(answer))
        if not missing:
            break
    return found


def _log_group(answer: Answer) -> LogGroup:
    return LogGroup(
        log_group_name=answer["logGroupName"],
        retention_in_days=answer.get("retentionInDays"),
        kms_key_id=answer.get("kmsKeyId"),
    )
