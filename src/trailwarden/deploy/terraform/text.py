"""A template as Terraform's JSON syntax: the content of a file ``main.tf.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from trailwarden.deploy.template import Resource, Template
from trailwarden.deploy.terraform import alarms, buckets, trails
from trailwarden.deploy.terraform.blocks import Blocks
from trailwarden.deploy.terraform.documents import KIND
from trailwarden.deploy.terraform.expressions import Expressions
from trailwarden.deploy.terraform.names import Names, snake
from trailwarden.deploy.terraform.variables import variables
from trailwarden.deploy.values import NO_VALUE, GetAtt, If, Ref

# What adds a resource, by its logical id, to the blocks: itself and what Terraform has apart.
_TRANSLATORS: Mapping[str, Callable[[str, Resource, Blocks], None]] = {
    "AWS::CloudTrail::Trail": trails.trail,
    "AWS::CloudWatch::Alarm": alarms.as_it_is,
    "AWS::IAM::Role": trails.role,
    "AWS::KMS::Key": trails.key,
    "AWS::Logs::LogGroup": trails.log_group,
    "AWS::Logs::MetricFilter": alarms.metric_filter,
    "AWS::S3::Bucket": buckets.bucket,
    "AWS::S3::BucketPolicy": buckets.bucket_policy,
    "AWS::SNS::Subscription": alarms.as_it_is,
    "AWS::SNS::Topic": alarms.topic,
    "AWS::SNS::TopicPolicy": alarms.topic_policy,
}
# Without required_version: checkov cannot read a file that has it.
_REQUIRED = {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.0"}}}
_ASKED = ("aws_caller_identity", "aws_partition", "aws_region")


def to_terraform(template: Template) -> str:
    """ASCII, with a newline at its end."""
    blocks = Blocks(Expressions(Names(template)))
    for name, resource in template.resources.items():
        _TRANSLATORS[resource.type](name, resource, blocks)
    content: dict[str, Any] = {
        "//": f"Made by: {template.command}",
        "terraform": _REQUIRED,
        "variable": variables(template.parameters),
        "locals": {
            snake(name): f"${{{blocks.expressions.expression(condition)}}}"
            for name, condition in template.conditions.items()
        },
        "data": {KIND: blocks.documents},
        "resource": blocks.resources,
        "output": _outputs(template, blocks.expressions),
    }
    used = json.dumps(content)
    content["data"] = {
        **{kind: {"current": {}} for kind in _ASKED if f"data.{kind}.current" in used},
        **content["data"],
    }
    return json.dumps(content, indent=2) + "\n"


def _outputs(template: Template, to: Expressions) -> dict[str, Any]:
    written = {}
    for name, output in template.outputs.items():
        value = output.value
        if output.condition and isinstance(value, Ref | GetAtt):
            value = If(output.condition, value, NO_VALUE)
        written[snake(name)] = {"description": output.description, "value": to.value(value)}
    return written
