"""The ``trailwarden`` command group."""

from __future__ import annotations

import os
from importlib import import_module

import click

import trailwarden as package
from trailwarden.cli.examples import with_examples
from trailwarden.cli.failures import COMPLETING
from trailwarden.text import nearest, visible

# name → (module, what it does): help is printed without importing any command.
_COMMANDS = {
    "scan": "Run a stack over an archive of CloudTrail logs.",
    "watch": "Run a stack over records as they come, and tell who must know.",
    "explain": "Say why a record matches a filter, or not.",
    "notify": "Check who is told what, send a test, confirm a webhook.",
    "audit": "Judge the benchmark's controls over a stack, by meaning.",
    "lint": "Find what is wrong with a stack's filters and alarms.",
    "tune": "Measure an alarm's noise, and what each cure would hide.",
    "test": "Run the unit tests of a stack.",
    "stack": "Show what a stack holds and costs; write the built-in one for AWS.",
    "simulate": "Write a realistic archive with an attack in it.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"trailwarden.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        if COMPLETING in os.environ:
            from trailwarden.cli.completion import completing

            command = completing(command)
        return with_examples(command, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = nearest(args[0], _COMMANDS)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(_COMMANDS)}"
            raise click.UsageError(f"there is no command {visible(args[0], 60)!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="trailwarden")
def trailwarden() -> None:
    """Run the AWS security monitoring stack anywhere.

    Trailwarden reads the CloudTrail metric filters, CloudWatch alarms and SNS topics you already
    have, and runs them itself, naming the events and principals behind every alarm.
    """


with_examples(trailwarden, "")
