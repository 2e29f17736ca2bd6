"""A template as the data that CloudFormation reads; intrinsic functions are still objects."""

from __future__ import annotations

from typing import Any

from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.waivers import WAIVERS


def cloudformation(template: Template) -> dict[str, Any]:
    """The sections of the template, in the order in which people read them."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": template.description,
        "Metadata": _metadata(template),
        "Parameters": {name: _parameter(one) for name, one in template.parameters.items()},
        "Conditions": dict(template.conditions),
        "Resources": {name: _resource(one) for name, one in template.resources.items()},
        "Outputs": {name: _output(one) for name, one in template.outputs.items()},
    }


def _metadata(template: Template) -> dict[str, Any]:
    groups: dict[str, list[str]] = {}
    for name, parameter in template.parameters.items():
        groups.setdefault(parameter.group, []).append(name)
    shown = [{"Label": {"default": group}, "Parameters": names} for group, names in groups.items()]
    return {
        "Trailwarden": {"Command": template.command},
        "AWS::CloudFormation::Interface": {"ParameterGroups": shown},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    written: dict[str, Any] = {
        "Type": parameter.type,
        "Description": parameter.description,
        "Default": parameter.default,
    }
    if parameter.allowed_values:
        written["AllowedValues"] = list(parameter.allowed_values)
    if parameter.allowed_pattern is not None:
        written["AllowedPattern"] = parameter.allowed_pattern
    if parameter.min_value is not None:
        written["MinValue"] = parameter.min_value
    return written


def _resource(resource: Resource) -> dict[str, Any]:
    written: dict[str, Any] = {"Type": resource.type}
    if resource.condition:
        written["Condition"] = resource.condition
    if resource.depends_on:
        written["DependsOn"] = resource.depends_on
    if resource.is_kept:
        written |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    if resource.waived:
        skipped = [{"id": check, "comment": WAIVERS[check]} for check in resource.waived]
        written["Metadata"] = {"checkov": {"skip": skipped}}
    return {**written, "Properties": resource.properties}


def _output(output: Output) -> dict[str, Any]:
    condition = {"Condition": output.condition} if output.condition else {}
    return {**condition, "Description": output.description, "Value": output.value}
