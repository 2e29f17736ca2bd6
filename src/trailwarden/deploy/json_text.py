"""A template as JSON: intrinsic functions by their long names."""

from __future__ import annotations

import json
from typing import Any

from trailwarden.deploy.cloudformation import cloudformation
from trailwarden.deploy.template import Template
from trailwarden.deploy.values import Equals, GetAtt, If, Not, Ref, Sub


def to_json(template: Template) -> str:
    """ASCII, with a newline at its end."""
    return json.dumps(long_form(cloudformation(template)), indent=2) + "\n"


def long_form(value: Any) -> Any:
    """Plain data, in which functions are objects with one key."""
    if isinstance(value, dict):
        return {key: long_form(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [long_form(inner) for inner in value]
    if isinstance(value, Ref):
        return {"Ref": value.name}
    if isinstance(value, GetAtt):
        return {"Fn::GetAtt": [value.name, value.attribute]}
    if isinstance(value, Sub):
        return {"Fn::Sub": value.text}
    if isinstance(value, If):
        return {"Fn::If": [value.condition, long_form(value.then), long_form(value.other)]}
    if isinstance(value, Equals):
        return {"Fn::Equals": [long_form(value.left), value.right]}
    if isinstance(value, Not):
        return {"Fn::Not": [long_form(value.inner)]}
    return value
