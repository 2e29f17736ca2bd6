"""From errors to messages and exit statuses: no traceback ever reaches a user by accident."""

from __future__ import annotations

import os
import re
import sys

import click

from trailwarden.errors import DefinitionErrors, PatternError, RuleError, TrailwardenError
from trailwarden.text import visible

# A message may bring its cure: click's own suggestions do, and so do those of this room.
_HINTED = re.compile(r"(.+?)(?:; |\. (?=Did you mean))(.+)", re.DOTALL)
COMPLETING = "_TRAILWARDEN_COMPLETE"  # set by a shell that asks for completions
BAD_USAGE, A_BUG, BROKEN_PIPE, INTERRUPTED = 2, 70, 141, 130


def run(command: click.Command) -> int:
    """Run ``command`` on the process's arguments; return its exit status."""
    try:
        status = command.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return BAD_USAGE
    except click.ClickException as error:
        click.echo(_usage(error), err=True)
        return BAD_USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except (SystemExit, BrokenPipeError) as stop:  # the former is how click answers the latter
        if isinstance(stop, SystemExit) and COMPLETING in os.environ:
            return int(stop.code or 0)
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


def _usage(error: click.ClickException) -> str:
    """What click found wrong with the command line, in the one style of all errors."""
    context = getattr(error, "ctx", None)
    message, cure = error.format_message(), ""
    if isinstance(error, click.NoSuchOption):
        message, near = error.message, sorted(error.possibilities or ())
        cure = f"did you mean {' or '.join(near[:3])}?" if near else ""
    elif isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter):
        message = f"{_hint(error, context)}{error.message}"
    if not cure and (found := _HINTED.fullmatch(message)):
        message, cure = found[1], found[2].replace("Did you", "did you", 1)
        cure = re.sub(r"\Aknown: ", "name one of ", cure)
    message = message.strip().rstrip(".")
    if message[1:2].islower():
        message = message[0].lower() + message[1:]
    if not cure and context is not None:
        cure = f"see {context.command_path} --help"
    lines = [f"error: {visible(message, 2000)}"]
    return "\n".join([*lines, f"  cure: {visible(cure, 2000)}"] if cure else lines)


def _hint(error: click.BadParameter, context: click.Context | None) -> str:
    """The option or argument that is wrong, before what is wrong with it."""
    hint = error.param_hint
    if hint is None and error.param is not None and context is not None:
        hint = error.param.get_error_hint(context)
    if hint is None:
        return ""
    names = hint if isinstance(hint, str) else " / ".join(hint)
    return names.replace("'", "") + ": "


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
