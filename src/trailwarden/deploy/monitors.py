"""What watches a control: a filter pattern, its metric, and when that raises an alarm.

Hardened patterns, texts and thresholds are those of the built-in stack ``cis``, read from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from trailwarden.deploy.request import TAMPERING, Request
from trailwarden.deploy.template import Parameter
from trailwarden.deploy.values import Ref, Sub
from trailwarden.stack import builtin
from trailwarden.stack.controls import VERSIONS, Control, Version, control
from trailwarden.stack.plain import plain
from trailwarden.stack.source import read_template

_SOURCE = "cis"
_THRESHOLDS = "How many events within five minutes raise an alarm"

# The benchmark's own words have faults that lint finds. They are the point of a strict filter, and
# the hardened filter beside it makes up for them.
_FAULTS: Mapping[str, tuple[str, ...]] = {
    "console-signin-without-mfa": ("TW121",),
    "root-usage": ("TW128",),
    "iam-policy-changes": ("TW126", "TW131"),
    "cloudtrail-config-changes": ("TW131",),
    "console-auth-failures": ("TW127",),
    "s3-bucket-policy-changes": ("TW131",),
    "config-changes": ("TW131",),
    "security-group-changes": ("TW126", "TW131"),
    "network-gateway-changes": ("TW131",),
    "route-table-changes": ("TW126", "TW131"),
    "vpc-changes": ("TW126",),
}

# The numbers of controls changed twice.
_SPANS: Mapping[Version, str] = {
    "1.2.0": "1.2.0",
    "3.0.0": "1.3.0 to 5.0.0",
    "6.0.0": "6.0.0 and 7.0.0",
}


@dataclass(frozen=True, slots=True)
class Monitor:
    """``name`` follows the name of the stack in the names of the filter and the alarm.

    ``faults`` are the findings of lint on the pattern that are meant to be.
    """

    key: str
    name: str
    logical_id: str
    pattern: str | Sub
    description: str | Sub
    threshold: int | Ref
    is_strict: bool = False
    faults: tuple[str, ...] = ()


def monitors(request: Request) -> Iterator[Monitor]:
    """Those that were asked for: control by control, the hardened one first."""
    for key, hardened in _hardened().items():
        if key not in request.controls:
            continue
        if request.style != "strict":
            yield hardened
        if request.style != "detect" and key != TAMPERING:
            yield _strict(control(key), hardened.logical_id)


def thresholds(found: Iterable[Monitor]) -> dict[str, Parameter]:
    """The parameters that the hardened alarms among these compare with."""
    used = [one.threshold.name for one in found if isinstance(one.threshold, Ref)]
    written = _document()["Parameters"]
    return {
        name: Parameter(
            _THRESHOLDS,
            written[name]["Description"],
            int(written[name]["Default"]),
            min_value=int(written[name]["MinValue"]),
        )
        for name in used
    }


@cache
def _document() -> Any:
    """The built-in template as plain data, with functions by their long names."""
    return plain(read_template(builtin.read(_SOURCE), f"builtin:{_SOURCE}").root)


@cache
def _hardened() -> dict[str, Monitor]:
    resources = _document()["Resources"]
    found = {}
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Logs::MetricFilter":
            continue
        logical_id = name.removesuffix("Filter")
        alarm = resources[f"{logical_id}Alarm"]["Properties"]
        key = resource["Properties"]["FilterName"]["Fn::Sub"].partition("}-")[2]
        found[key] = Monitor(
            key=key,
            name=key,
            logical_id=logical_id,
            pattern=_text(resource["Properties"]["FilterPattern"]),
            description=_text(alarm["AlarmDescription"]),
            threshold=_threshold(alarm["Threshold"]),
        )
    return found


def _text(written: Any) -> str | Sub:
    return Sub(written["Fn::Sub"]) if isinstance(written, dict) else str(written)


def _threshold(written: Any) -> int | Ref:
    return Ref(written["Ref"]) if isinstance(written, dict) else int(written)


def _strict(one: Control, logical_id: str) -> Monitor:
    """The one text that Security Hub accepts; where it demands none, one that all others accept."""
    numbers = ", ".join(
        f"{one.id(version)} ({span})" for version, span in _SPANS.items() if one.is_in(version)
    )
    scanner = f"; Security Hub {one.security_hub}" if one.security_hub else ""
    return Monitor(
        key=one.key,
        name=f"{one.key}-strict",
        logical_id=f"{logical_id}Strict",
        pattern=one.security_hub_pattern or _widened(one),
        description=(
            f"For the auditor: the filter on {one.subject} in the words of the benchmark, which "
            f"scanners look for. CIS AWS Foundations {numbers}{scanner}."
        ),
        threshold=1,
        is_strict=True,
        faults=_FAULTS.get(one.key, ()),
    )


def _widened(one: Control) -> str:
    """The newest text of the benchmark, and after its names those that Prowler demands besides."""
    text, end = one.wording(VERSIONS[-1]), "))}"
    named, demanded = one.named(VERSIONS[-1]), one.prowler_calls
    if named is None or demanded is None or not text.endswith(end):
        return text
    more = [name for name in demanded.names if name not in named.names]
    return "".join(
        (text.removesuffix(end), ")", *(f" || ($.eventName={name})" for name in more), ")}")
    )
