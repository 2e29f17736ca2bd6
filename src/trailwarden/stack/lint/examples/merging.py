"""From a part of a template to a whole one."""

from __future__ import annotations

import json
from typing import Any

from trailwarden.stack.lint.examples.loading import base


def whole_template(example: str) -> str:
    """The template that an example stands for: its resources over those of the base."""
    import yaml  # noqa: PLC0415

    part: dict[str, Any] = yaml.safe_load(example)
    if "Resources" in part:
        return example
    template: dict[str, Any] = yaml.safe_load(base())
    resources: dict[str, Any] = template["Resources"]
    for name, resource in part.items():
        if resource is None:
            del resources[name]
        elif "Type" in resource:
            resources[name] = resource
        else:
            resources[name] = _merged(resources[name], resource)
    return json.dumps(template, indent=2)


def _merged(known: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A resource of the base with the properties and attributes of the example."""
    properties = _without_nulls(known["Properties"] | part.get("Properties", {}))
    return _without_nulls(known | part | {"Properties": properties})


def _without_nulls(entries: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value is not None}
