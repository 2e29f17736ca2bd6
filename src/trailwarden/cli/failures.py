"""From errors to messages and exit statuses: no traceback ever reaches a user by accident."""

from __future__ import annotations

import os
import sys

import click

from trailwarden.errors import DefinitionErrors, PatternError, RuleError, TrailwardenError
from trailwarden.text import visible

BAD_USAGE, A_BUG, BROKEN_PIPE, INTERRUPTED = 2, 70, 141, 130


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
    except (SystemExit, BrokenPipeError):  # the former is how click answers the latter
        give_up_stdout()
        return BROKEN_PIPE
    except TrailwardenError as error:
        click.echo(_describe(error), err=True)
        return BAD_USAGE
    except OSError as error:
        give_up_stdout()
        place = f"{visible(str(error.filename))}: " if error.filename else ""
        click.echo(f"error: {place}{error.strerror or error}", err=True)
        return BAD_USAGE
    except Exception as error:  # a bug; its message may quote a log
        click.echo("\n".join(map(visible, _trace(error))), err=True)
        return A_BUG
    return status if isinstance(status, int) else 0


def open_standard_streams() -> None:
    """Open standard streams that the caller closed, lest the next file opened take their place.

    What is written to such a standard output fails, as it should.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def give_up_stdout() -> None:
    """Standard output takes no more: a pager went away, a disk is full. Say no more to it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _trace(error: Exception) -> list[str]:
    import traceback

    lines = "".join(traceback.format_exception(error)).splitlines()
    return [*lines, "this is a bug in Trailwarden: please report it with the lines above"]


def _describe(error: TrailwardenError) -> str:
    """The error as lines for a terminal: place, message, cure; one after the other if several."""
    if isinstance(error, DefinitionErrors):
        lines = [_describe(one) for one in error.errors[: error.SHOWN]]
        left_out = len(error.errors) - len(lines)
        return "\n".join([*lines, f"… and {left_out:,} more errors"] if left_out else lines)
    place = f"{visible(str(error.location))}: " if error.location else ""
    lines = [f"error: {place}{visible(error.message, 2000)}"]
    if isinstance(error, PatternError | RuleError):
        lines.append(error.caret())
    if error.cure:
        lines.append(f"  cure: {visible(error.cure, 2000)}")
    return "\n".join(lines)
