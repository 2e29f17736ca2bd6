"""What the calls of AWS's services are called, as far as botocore knows them, if it is there."""

from __future__ import annotations

import gzip
import re
import zlib
from functools import cache
from pathlib import Path

# The event sources of which CloudTrail names events after operations. Others stay unknown: services
# share sources, or name their events otherwise.
_SERVICES = {
    "access-analyzer": ("accessanalyzer",),
    "cloudtrail": ("cloudtrail",),
    "config": ("config",),
    "ec2": ("ec2",),
    "elasticloadbalancing": ("elb", "elbv2"),
    "events": ("events",),
    "guardduty": ("guardduty",),
    "iam": ("iam",),
    "kms": ("kms",),
    "lambda": ("lambda",),
    "logs": ("logs",),
    "monitoring": ("cloudwatch",),
    "organizations": ("organizations",),
    "rds": ("rds", "neptune", "docdb"),
    "s3": ("s3", "s3control"),
    "secretsmanager": ("secretsmanager",),
    "securityhub": ("securityhub",),
    "sns": ("sns",),
    "sqs": ("sqs",),
    "ssm": ("ssm",),
    "sts": ("sts",),
}
# CreateDistribution2020_05_31, UpdateFunctionCode20150331v2: the version of the service's API.
_VERSION = re.compile(r"(?:\d{4}_\d{2}_\d{2}|\d{8})(?:v\d+)?\Z")
_SUFFIX = ".amazonaws.com"
_OPERATION = re.compile(rb'"name":\s*"(\w+)",\s*"http":')


def operations_of(event_source: str) -> frozenset[str]:
    """The operations behind an event source (``iam.amazonaws.com``); empty where not known."""
    if not event_source.endswith(_SUFFIX):
        return frozenset()
    names = [_operations(one) for one in _SERVICES.get(event_source.removesuffix(_SUFFIX), ())]
    # One of several that is missing would make its events look like mistakes.
    return frozenset().union(*names) if all(names) else frozenset()


def source_with(operation: str) -> str:
    """The event source that has an operation of this name; empty where none has, or several."""
    found = [
        source
        for source, services in _SERVICES.items()
        if any(operation in _operations(one) for one in services)
    ]
    return found[0] + _SUFFIX if len(found) == 1 else ""


def without_version(event_name: str) -> str:
    """The operation of an event whose name ends in the version of the API."""
    return _VERSION.sub("", event_name)


@cache
def common_operations() -> frozenset[str]:
    """The operations of the services that filters are mostly about."""
    return frozenset().union(*(_operations(name) for names in _SERVICES.values() for name in names))


@cache
def all_operations() -> frozenset[str]:
    """Those of all services: about a second, so that only suspicious names are looked up here."""
    try:
        from botocore.loaders import Loader  # noqa: PLC0415 - slow, and an extra
    except ImportError:
        return frozenset()
    found: set[bytes] = set()
    for folder in map(Path, Loader().search_paths):
        for file in folder.glob("*/*/service-2.json*"):
            try:
                content = file.read_bytes()
                text = gzip.decompress(content) if file.suffix == ".gz" else content
            except (OSError, EOFError, zlib.error):
                continue
            found.update(_OPERATION.findall(text))
    return frozenset(name.decode() for name in found)


@cache
def _operations(service: str) -> frozenset[str]:
    try:
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - slow, and an extra
        from botocore.loaders import Loader  # noqa: PLC0415
    except ImportError:
        return frozenset()
    try:
        model = Loader().load_service_model(service, "service-2")
    except (BotoCoreError, OSError, ValueError):
        return frozenset()
    return frozenset(model.get("operations", ()))


def slip_of(name: str, right: str) -> bool:
    """True where ``name`` is ``right`` with one slip: a letter too much, too few, wrong, or two
    that changed places; or letters in the wrong case.
    """
    one, other = name.lower(), right.lower()
    if abs(len(one) - len(other)) > 1 or name == right:
        return False
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest, rest_of_other = one[start:], other[start:]
    return (
        rest[1:] == rest_of_other[1:]
        or rest[1:] == rest_of_other
        or rest == rest_of_other[1:]
        or (rest[:2] == rest_of_other[1::-1] and rest[2:] == rest_of_other[2:])
    )
