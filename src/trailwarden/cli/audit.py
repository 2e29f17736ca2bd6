"""``trailwarden audit``: do the benchmark's controls work, by meaning?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.cli.options import output_option, stack_options
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.audit.model import Audit
    from trailwarden.stack.controls import Version

FAILED_ON_REQUEST = 1
# What of a control each asks for to be failed: by the benchmark, and beyond it.
_STATUSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fail": (("FAIL",), ()),
    "beyond": ((), ("WEAK",)),
    "weak": (("FAIL",), ("WEAK",)),
    "unknown": (("FAIL", "UNKNOWN"), ("WEAK",)),
}
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
    type=click.Choice([*_STATUSES, *_SCANNERS]),
    help="Exit with 1 if a control fails the benchmark (fail), is weak beyond it (beyond), either "
    "(weak), either or not known (unknown), or if that scanner would fail it. Repeatable.",
)
@click.option(
    "--exceptions",
    "exceptions_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML with [[exceptions]]: control, reason, owner, expires. By default those of "
    "trailwarden.toml here.",
)
@click.option(
    "--evidence",
    "evidence_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.zip",
    help="Write what proves each control: events, filters, transitions, messages, templates.",
)
def audit(
    source: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    regions: tuple[str, ...],
    versions: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: tuple[str, ...],
    exceptions_file: Path | None,
    evidence_file: Path | None,
) -> int:
    """Judge the monitoring controls of the CIS benchmark over a stack, by meaning.

    For each event that a control is about, the stack is run on a record of it: does a filter match
    it, does an alarm fire, does that reach people? Events that the benchmark forgot are tried as
    well, and ordinary ones that should not match; what becomes of these lies beyond the benchmark
    and is judged apart. What Prowler, Powerpipe and Security Hub would say stands beside it.

    Exit status: 0 the audit was made, whatever it found; 1 a --fail-on asked for it; 2 bad usage or
    definitions.
    """
    from trailwarden.audit.run import audit as judge
    from trailwarden.cli.audit_origins import exceptions_of, provenance_of
    from trailwarden.cli.outputs import parse_outputs, write_all
    from trailwarden.report.audit_report import FORMATS, render_audit
    from trailwarden.stack import load
    from trailwarden.stack.loading import LIVE
    from trailwarden.stack.source import recorded

    destinations = parse_outputs(outputs, FORMATS)
    chosen = _versions(versions)
    rules, rules_file = exceptions_of(exceptions_file)
    with recorded() as files:
        stack = load(source, dict(parameters), regions=regions)
    made = provenance_of(source, files, rules_file, dict(parameters), regions)
    found = judge(stack, chosen, is_live=source == (LIVE,), exceptions=rules, provenance=made)
    write_all(destinations, partial(render_audit, found))
    _tell_exceptions(found)
    if evidence_file is not None:
        from trailwarden.cli.audit_evidence import write_evidence

        write_evidence(evidence_file, stack, found)
    return FAILED_ON_REQUEST if _is_failed(found, fail_on) else 0


def _tell_exceptions(found: Audit) -> None:
    """Say on standard error which exceptions do not count: nobody may rely on them."""
    from trailwarden.report.audit_view import exception_told

    for use in found.exceptions:
        if use.state != "holds":
            click.echo(f"note: {use.exception.location}: {exception_told(use)}", err=True)


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
    """What somebody accepts fails nothing; but a scanner knows of no exceptions."""
    asked = [_STATUSES[one] for one in fail_on if one in _STATUSES]
    statuses = {status for bad, _ in asked for status in bad}
    beyond = {status for _, bad in asked for status in bad}
    return any(
        one.status in statuses
        or (one.exception is None and one.beyond in beyond)
        or any(verdict.scanner in fail_on and verdict.passes is False for verdict in one.verdicts)
        for one in found.controls
    )
