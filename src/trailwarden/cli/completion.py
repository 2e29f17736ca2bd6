"""What shells complete: stacks, archives, formats, controls, codes of rules.

Everything here runs for one key press, so that only what is asked for is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module

import click
from click.shell_completion import CompletionItem

# Which room knows the formats of a command's --output.
_FORMATS = {
    "scan": "trailwarden.report",
    "audit": "trailwarden.report.audit_report",
    "lint": "trailwarden.report.lint_report",
    "tune": "trailwarden.report.tune_report",
    "explain": "trailwarden.report.explanation",
    "test": "trailwarden.cli.test_report",
    "show": "trailwarden.report.stack_report",
    "cost": "trailwarden.report.cost_report",
}
_PATH = "file"  # the shell's own completion


def stacks(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Built-in stacks, the live account, files."""
    from trailwarden.stack import builtin
    from trailwarden.stack.loading import LIVE

    return _names_or_path((*builtin.NAMES, LIVE), incomplete)


def stacks_or_codes(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What lint takes: stacks, or with --explain the codes of rules."""
    if context.params.get("is_explaining"):
        return codes(context, parameter, incomplete)
    return stacks(context, parameter, incomplete)


def tests(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files of tests, and the built-in stacks that bring their own."""
    from trailwarden.stack import builtin

    return _names_or_path(builtin.NAMES, incomplete)


def paths(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Archives and files: those of S3 are nothing that a key press should list."""
    return [CompletionItem(incomplete, type=_PATH)]


def formats(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Formats of the command's reports; behind ``FORMAT=`` a file."""
    name = context.info_name or ""
    if "=" in incomplete or name not in _FORMATS:
        return [CompletionItem(incomplete.partition("=")[2], type=_PATH)]
    room = import_module(_FORMATS[name])
    more = (room.MATCHES,) if name == "scan" else ()
    return _names((*room.FORMATS, *more), incomplete)


def controls(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of the built-in stack's controls."""
    from trailwarden.stack.controls.catalogue import controls as known

    return _names((one.key for one in known()), incomplete)


def codes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of lint's rules; of a list the last."""
    from trailwarden.stack.lint import RULES

    before, comma, last = incomplete.rpartition(",")
    found = (code for code in sorted(RULES) if code.startswith(last.upper()))
    return [CompletionItem(f"{before}{comma}{code}") for code in found]


def _names(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _names_or_path(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    # A shell that is told of files forgets what it was told before.
    return [CompletionItem(incomplete, type=_PATH), *_names(names, incomplete)]


_Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
# By the commands that take them, or for all, the options and arguments with values of their own.
_VALUES: dict[tuple[str, str], _Complete] = {
    ("", "--stack"): stacks,
    ("", "--output"): formats,
    ("", "--control"): controls,
    ("", "--exclude"): controls,
    ("", "--select"): codes,
    ("", "--ignore"): codes,
    ("", "--prices"): paths,
    ("", "archives"): paths,
    ("", "archive"): paths,
    ("show", "sources"): stacks,
    ("lint", "sources"): stacks_or_codes,
    ("lint", "--exclude"): paths,
    ("test", "files"): tests,
    ("watch", "sources"): paths,
    ("scan", "--partial"): paths,
    ("scan", "--merge"): paths,
}


def completing(command: click.Command) -> click.Command:
    """``command``, and its own commands, with values that shells can complete."""
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        completing(inner)
    for parameter in command.params:
        names = (*parameter.opts, parameter.name or "")
        keys = [(owner, name) for owner in (command.name or "", "") for name in names]
        complete = next((_VALUES[key] for key in keys if key in _VALUES), None)
        if complete is not None:
            parameter.shell_complete = partial(_complete, complete, parameter)  # type: ignore[method-assign]
    return command


def _complete(
    complete: _Complete, parameter: click.Parameter, context: click.Context, incomplete: str
) -> list[CompletionItem]:
    return complete(context, parameter, incomplete)
