"""``trailwarden audit``: do the benchmark's controls work, by meaning?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, stack_options
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.audit.model import Audit
    from trailwarden.stack.controls import Version

FAILED_ON_REQUEST = 1
_STATUSES = ("unknown", "weak", "fail")  # the best first
_SCANNERS = ("prowler", "powerpipe", "security-hub")


@click.command()
@stack_options
@click.option(
    "--version",
    "versions",
    multiple=True,
    metavar="VERSION",
    help="Of the benchmark, such as 1.2.0, or all. Repeat for several; the newest by default.",
)
@output_option("terminal (default), json, csv, html, ocsf or junit. Repeat for several.")
@click.option(
    "--fail-on",
    "fail_on",
    multiple=True,
    type=click.Choice([*reversed(_STATUSES), *_SCANNERS]),
    help="Exit with 1 if a control is so or worse, or if that scanner would fail it. Repeatable.",
)
def audit(
    source: str,
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    versions: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: tuple[str, ...],
) -> int:
    """Judge the monitoring controls of the CIS benchmark over a stack, by meaning.

    For each event that a control is about, the stack is run on a record of it: does a filter match
    it, does an alarm fire, does that reach people? Events that the benchmark forgot are tried as
    well, and ordinary ones that should not match. What Prowler, Powerpipe and Security Hub would
    say stands beside it.

    Exit status: 0 the audit was made, whatever it found; 1 a --fail-on asked for it; 2 bad usage or
    definitions.
    """
    from trailwarden.audit.run import audit as judge
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.audit_report import FORMATS, render_audit
    from trailwarden.stack import load
    from trailwarden.stack.loading import LIVE

    destinations = parse_outputs(outputs, FORMATS)
    chosen = _versions(versions)
    stack = load(source, dict(parameters), regions=regions)
    found = judge(stack, chosen, is_live=source == LIVE)
    write_all(destinations, partial(render_audit, found))
    return FAILED_ON_REQUEST if _is_failed(found, fail_on) else 0


def _versions(texts: Sequence[str]) -> tuple[Version, ...]:
    """Those that are asked for, in the order of the benchmark. Raises click.BadParameter."""
    from trailwarden.stack.controls import VERSIONS

    if not texts:
        return VERSIONS[-1:]
    if "all" in texts:
        return VERSIONS
    asked = {_version(text) for text in texts}
    return tuple(version for version in VERSIONS if version in asked)


def _version(text: str) -> Version:
    """``3.0.0``, also written ``3.0``, ``3`` or ``v3.0.0``. Raises click.BadParameter."""
    from trailwarden.stack.controls import VERSIONS

    meant = text.removeprefix("v")
    found = [one for one in VERSIONS if one == meant or one.startswith(f"{meant}.")]
    if len(found) != 1:
        raise click.BadParameter(
            f"the benchmark has no version {visible(text, 40)!r}; known: "
            f"{', '.join(VERSIONS)}, all",
            param_hint="--version",
        )
    return found[0]


def _is_failed(found: Audit, fail_on: Sequence[str]) -> bool:
    bad = {
        status.upper()
        for least in fail_on
        if least in _STATUSES
        for status in _STATUSES[_STATUSES.index(least) :]
    }
    return any(
        one.status in bad
        or any(verdict.scanner in fail_on and verdict.passes is False for verdict in one.verdicts)
        for one in found.controls
    )
