"""``AWS::CloudTrail::Trail`` and ``AWS::Logs::LogGroup``."""

from __future__ import annotations

from trailwarden.stack.model import LogGroup, Trail
from trailwarden.stack.resource import Resource


def trail_of(resource: Resource) -> Trail:
    read = resource.read
    return Trail(
        trail_name=resource.name,
        s3_bucket_name=read.text("S3BucketName"),
        s3_key_prefix=read.text("S3KeyPrefix"),
        cloud_watch_logs_log_group_arn=read.text("CloudWatchLogsLogGroupArn"),
        cloud_watch_logs_role_arn=read.text("CloudWatchLogsRoleArn"),
        sns_topic_name=read.text("SnsTopicName"),
        kms_key_id=read.text("KMSKeyId"),
        is_logging=read.flag("IsLogging", default=True),
        is_multi_region_trail=read.flag("IsMultiRegionTrail", default=False),
        is_organization_trail=read.flag("IsOrganizationTrail", default=False),
        include_global_service_events=read.flag("IncludeGlobalServiceEvents", default=True),
        enable_log_file_validation=read.flag("EnableLogFileValidation", default=False),
        event_selectors=resource.objects("EventSelectors"),
        advanced_event_selectors=resource.objects("AdvancedEventSelectors"),
        insight_selectors=resource.objects("InsightSelectors"),
    )


def log_group_of(resource: Resource) -> LogGroup:
    return LogGroup(
        log_group_name=resource.name,
        retention_in_days=resource.read.integer("RetentionInDays"),
        kms_key_id=resource.read.text("KmsKeyId"),
    )
