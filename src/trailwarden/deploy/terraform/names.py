"""What things of the template are called in Terraform."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trailwarden.deploy.template import Resource, Template
from trailwarden.deploy.values import NO_VALUE, GetAtt, Ref

TYPES: Mapping[str, str] = {
    "AWS::CloudTrail::Trail": "aws_cloudtrail",
    "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::KMS::Key": "aws_kms_key",
    "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
    "AWS::Logs::MetricFilter": "aws_cloudwatch_log_metric_filter",
    "AWS::S3::Bucket": "aws_s3_bucket",
    "AWS::S3::BucketPolicy": "aws_s3_bucket_policy",
    "AWS::SNS::Subscription": "aws_sns_topic_subscription",
    "AWS::SNS::Topic": "aws_sns_topic",
    "AWS::SNS::TopicPolicy": "aws_sns_topic_policy",
}
_PSEUDO: Mapping[str, str] = {
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.id",  # its name has another attribute in each version
    "AWS::StackName": "var.name",
    "AWS::URLSuffix": "data.aws_partition.current.dns_suffix",
    NO_VALUE.name: "null",
}
_REFERRED = {"aws_sns_topic": "arn", "aws_s3_bucket": "id", "aws_cloudwatch_log_group": "name"}
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z][a-z]*\d*")


def snake(name: str) -> str:
    """``SnsTopicARN`` → ``sns_topic_arn``, ``S3BucketPolicyChanges`` → ``s3_bucket_…``."""
    return "_".join(word.lower() for word in _WORD.findall(name))


class Names:
    """Looks up what a template's names stand for."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def address(self, logical_id: str) -> str:
        """``aws_sns_topic.alarm``: a resource, whether it is there or not."""
        kind = TYPES[self._template.resources[logical_id].type]
        return f"{kind}.{label(logical_id, self._template.resources[logical_id])}"

    def reference(self, value: Ref | GetAtt) -> str:
        """An expression for the value that ``Ref`` or ``Fn::GetAtt`` gives."""
        if value.name in _PSEUDO:
            return _PSEUDO[value.name]
        if value.name in self._template.parameters:
            return f"var.{snake(value.name)}"
        place = self.address(value.name)
        kind = place.partition(".")[0]
        if self._template.resources[value.name].condition:
            place += "[0]"
        return f"{place}.{_REFERRED[kind] if isinstance(value, Ref) else value.attribute.lower()}"

    def ending(self, value: GetAtt) -> str:
        """What an attribute ends with in CloudFormation and not in Terraform."""
        is_group = self._template.resources[value.name].type == "AWS::Logs::LogGroup"
        return ":*" if is_group and value.attribute == "Arn" else ""


def label(logical_id: str, resource: Resource) -> str:
    """The name without what its type says already."""
    kind = resource.type.rpartition("::")[2].removeprefix("Metric")
    return snake(logical_id.removesuffix(kind) or logical_id)
