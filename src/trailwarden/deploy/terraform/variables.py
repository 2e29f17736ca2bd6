"""Parameters as variables."""

from __future__ import annotations

import json
from typing import Any

from trailwarden.deploy.template import Parameter
from trailwarden.deploy.terraform.names import snake

_NAME = "^[a-z][a-z0-9-]{2,23}$"


def variables(parameters: dict[str, Parameter]) -> dict[str, Any]:
    """``name`` stands for the name of the stack, which Terraform does not know."""
    name = {
        "type": "string",
        "description": "What the names of all resources begin with.",
        "default": "security",
        "validation": _validation(
            f'can(regex("{_NAME}", var.name))',
            "3 to 24 small letters, digits and hyphens, the first one a letter",
        ),
    }
    return {"name": name, **{snake(key): _variable(key, one) for key, one in parameters.items()}}


def _variable(key: str, parameter: Parameter) -> dict[str, Any]:
    written: dict[str, Any] = {
        "type": parameter.type.lower(),
        "description": parameter.description,
        "default": parameter.default,
        "nullable": False,
    }
    own = f"var.{snake(key)}"
    if parameter.allowed_values:
        values = json.dumps(list(parameter.allowed_values))
        written["validation"] = _validation(f"contains({values}, {own})", f"one of {values[1:-1]}")
    elif parameter.allowed_pattern is not None:
        pattern = json.dumps(f"^(?:{parameter.allowed_pattern})$")
        written["validation"] = _validation(
            f"can(regex({pattern}, {own}))", "what the description says"
        )
    elif parameter.min_value is not None:
        written["validation"] = _validation(
            f"{own} >= {parameter.min_value}", f"{parameter.min_value} or more"
        )
    return written


def _validation(condition: str, wanted: str) -> dict[str, str]:
    return {"condition": f"${{{condition}}}", "error_message": f"The value has to be {wanted}."}
