"""The stack that was asked for, as text in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trailwarden.deploy.json_text import to_json
from trailwarden.deploy.request import Format, Request
from trailwarden.deploy.synthesis import synthesize
from trailwarden.deploy.template import Template
from trailwarden.deploy.terraform import to_terraform
from trailwarden.deploy.yaml_text import to_yaml

MAX_INLINE = 51_200
"""Bytes of a template that CloudFormation takes in a request; larger ones go by way of S3."""

_WRITERS: Mapping[Format, Callable[[Template], str]] = {
    "yaml": to_yaml,
    "json": to_json,
    "terraform": to_terraform,
}


def written(request: Request, format: Format) -> str:  # noqa: A002 - the name of the option
    """ASCII, the same each time, with a newline at its end."""
    return _WRITERS[format](synthesize(request, format))
