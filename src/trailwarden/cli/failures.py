"""From errors to messages and exit statuses: no traceback ever reaches a user by accident."""

from __future__ import annotations

import os
import sys

import click

from trailwarden.errors import DefinitionErrors, PatternError, RuleError, TrailwardenError
from trailwarden.text import visible

BAD_USAGE, BROKEN_PIPE, INTERRUPTED = 2, 141, 130


def run(command: click.Command) -> int:
    """Run ``command`` on the process's arguments; return its exit status."""
    try:
        status = command.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return BAD_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        return reader_has_gone()
    except TrailwardenError as error:
        click.echo(describe(error), err=True)
        return BAD_USAGE
    return status if isinstance(status, int) else 0


def reader_has_gone() -> int:
    """The reader of standard output (a pager, head) went away: say no more. Returns the status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


def describe(error: TrailwardenError) -> str:
    """The error as lines for a terminal: place, message, cure; one after the other if several."""
    if isinstance(error, DefinitionErrors):
        lines = [describe(one) for one in error.errors[: error.SHOWN]]
        left_out = len(error.errors) - len(lines)
        return "\n".join([*lines, f"… and {left_out:,} more errors"] if left_out else lines)
    place = f"{visible(str(error.location))}: " if error.location else ""
    lines = [f"error: {place}{visible(error.message, 2000)}"]
    if isinstance(error, PatternError | RuleError):
        lines.append(error.caret())
    if error.cure:
        lines.append(f"  cure: {visible(error.cure, 2000)}")
    return "\n".join(lines)
