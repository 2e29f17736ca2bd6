"""``--output FORMAT[=FILE]``: where a report goes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO

import click

from trailwarden.cli.failures import reader_has_gone
from trailwarden.errors import UsageError
from trailwarden.text import visible


@dataclass(frozen=True, slots=True)
class Output:
    """A report's format and file; no file means standard output."""

    format: str
    path: Path | None


def parse_outputs(texts: Sequence[str], formats: Sequence[str]) -> list[Output]:
    """Parse ``--output`` values. Raises click.BadParameter, before any work is done."""
    outputs = [_parse(text, formats) for text in texts] or [Output("terminal", None)]
    to_stdout = [output.format for output in outputs if output.path is None]
    if len(to_stdout) > 1:
        raise click.BadParameter(
            f"{' and '.join(to_stdout)} both go to standard output; give one of them a file: "
            f"{to_stdout[-1]}=FILE",
            param_hint="--output",
        )
    return outputs


def _parse(text: str, formats: Sequence[str]) -> Output:
    name, equals, path = text.partition("=")
    if name not in formats:
        close = get_close_matches(name, formats, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(formats)}"
        raise click.BadParameter(f"no format {visible(name, 40)!r}; {hint}", param_hint="--output")
    if equals and not path:
        raise click.BadParameter(f"{name}= lacks its file", param_hint="--output")
    if not path or path == "-":
        return Output(name, None)
    parent = Path(path).absolute().parent
    if parent.exists() and not os.access(parent, os.W_OK):
        raise click.BadParameter(f"cannot write into {parent}", param_hint="--output")
    return Output(name, Path(path))


def write(output: Output, render: Callable[[IO[str]], None]) -> None:
    """Let ``render`` write to the output's place; a file appears whole or not at all."""
    if output.path is None:
        _to_stdout(render)
        return
    try:
        if output.path.exists() and not output.path.is_file():  # a device or a pipe
            with output.path.open("w", encoding="utf-8", newline="") as stream:
                render(stream)
            return
        output.path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(output.path, render)
    except OSError as error:
        raise UsageError(
            f"cannot write {output.path}: {error.strerror or error}",
            cure="name a file in a folder you may write to",
        ) from error


def _to_stdout(render: Callable[[IO[str]], None]) -> None:
    try:
        render(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        # Click would end with 1, which here means that a report failed a --fail-on option.
        raise click.exceptions.Exit(reader_has_gone()) from None


def _write_whole(path: Path, render: Callable[[IO[str]], None]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            render(stream)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
