"""The stack that was asked for, as a template."""

from __future__ import annotations

from trailwarden.deploy.alarms import alarms
from trailwarden.deploy.buckets import buckets
from trailwarden.deploy.encryption import encryption
from trailwarden.deploy.request import Format, Request
from trailwarden.deploy.template import Template
from trailwarden.deploy.trails import trails

_DESCRIPTIONS = {
    "whole": "CloudTrail, and filters and alarms for the monitoring controls of the CIS AWS "
    "Foundations Benchmark",
    "trail": "CloudTrail to a bucket and a log group",
    "alarms": "Filters and alarms for the monitoring controls of the CIS AWS Foundations Benchmark",
}


def synthesize(request: Request, format: Format = "yaml") -> Template:  # noqa: A002
    """The template; ``format`` is only told, in the command line that makes it."""
    template = Template(request.command(format), _DESCRIPTIONS[request.part])
    if request.has_trail:
        template.add(trails())
        template.add(buckets())
    template.add(encryption(request))
    if request.has_alarms:
        template.add(alarms(request))
    return template
