"""Small templates for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import dedent, indent

import pytest

from trailwarden.errors import DefinitionError
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.model import Stack

SOURCE = "t.yaml"
FILTER = """\
Type: AWS::Logs::MetricFilter
Properties:
  FilterPattern: '{ $.eventName = StopLogging }'
  LogGroupName: trail
  MetricTransformations: [{MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}]
"""
ALARM = """\
Type: AWS::CloudWatch::Alarm
Properties:
  AlarmActions: [topic]
  ComparisonOperator: GreaterThanOrEqualToThreshold
  EvaluationPeriods: 1
  MetricName: Stops
  Namespace: Sec
  Period: 300
  Statistic: Sum
  Threshold: 1
"""


def load_text(text: str, parameters: Mapping[str, str] | None = None, **options: str) -> Stack:
    """The stack of a template's text, whose common indentation is taken away."""
    source = options.get("source", SOURCE)
    return load_template(dedent(text), source, options.get("name", "my-stack"), parameters or {})


def load_resources(
    resources: Mapping[str, str], head: str = "", parameters: Mapping[str, str] | None = None
) -> Stack:
    """The stack of resources given as YAML texts; ``head`` are sections before them."""
    body = "".join(f"{name}:\n{indent(text, '  ')}\n" for name, text in resources.items())
    text = f"{dedent(head)}\nResources:\n{indent(body, '  ')}" if resources else dedent(head)
    return load_template(text, SOURCE, "my-stack", parameters or {})


def value_of(
    expression: str, head: str = "", parameters: Mapping[str, str] | None = None
) -> str | None:
    """What an expression (YAML in one line) gives as a text: here the display name of a topic."""
    topic = f"Type: AWS::SNS::Topic\nProperties:\n  DisplayName: {expression}\n"
    resources = {
        "Probe": topic,
        "Alerts": "Type: AWS::SNS::Topic\nProperties: {TopicName: alerts}\n",
        "Unnamed": "Type: AWS::SNS::Topic\n",
        "Group": "Type: AWS::Logs::LogGroup\nProperties: {LogGroupName: trail-logs}\n",
        "UnnamedGroup": "Type: AWS::Logs::LogGroup\n",
        "Alarm": ALARM,
        "Role": "Type: AWS::IAM::Role\n",
    }
    stack = load_resources(resources, head, parameters)
    return stack.topics[0].display_name


def error_of(text: str, parameters: Mapping[str, str] | None = None) -> DefinitionError:
    """The error that a template's text gives."""
    with pytest.raises(DefinitionError) as caught:
        load_text(text, parameters)
    return caught.value


def as_json(value: object) -> str:
    """JSON with tabs, as editors make it."""
    return json.dumps(value, indent="\t")
