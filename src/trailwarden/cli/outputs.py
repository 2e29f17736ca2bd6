"""``--output FORMAT[=FILE]``: where a report goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import click

from trailwarden.cli.failures import give_up_stdout
from trailwarden.errors import UsageError
from trailwarden.problems import Problem
from trailwarden.text import nearest, plural, visible

_PRIVATE, _SHARED = 0o600, 0o666  # modes of files
_TELLING = ("terminal", "json", "html")  # reports that list the problems


@dataclass(frozen=True, slots=True)
class Output:
    """A report's format and file; no file means standard output.

    It may be read by its owner only, since reports hold records, unless it ``is_public``. ``form``
    says in which of its forms a report is written whose file's name chooses one.
    """

    format: str
    path: Path | None
    form: str = ""
    is_public: bool = False


def parse_outputs(texts: Sequence[str], formats: Sequence[str]) -> list[Output]:
    """Parse ``--output`` values. Raises click.BadParameter, before any work is done."""
    outputs = [_parse(text, formats) for text in texts] or [Output("terminal", None)]
    taken: dict[Path | None, str] = {}
    for output in outputs:
        if output.path in taken:
            raise click.BadParameter(
                f"{taken[output.path]} and {output.format} both go to "
                f"{visible(str(output.path)) if output.path else 'standard output'}; "
                f"give one of them another file: {output.format}=FILE",
                param_hint="--output",
            )
        taken[output.path] = output.format
    return outputs


def _parse(text: str, formats: Sequence[str]) -> Output:
    name, equals, path = text.partition("=")
    if name not in formats:
        close = nearest(name, formats)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(formats)}"
        raise click.BadParameter(f"no format {visible(name, 40)!r}; {hint}", param_hint="--output")
    if equals and not path:
        raise click.BadParameter(f"{name}= lacks its file", param_hint="--output")
    if not path or path == "-":
        return Output(name, None)
    target = Path(path).absolute()
    if target.is_dir():
        raise click.BadParameter(f"{visible(path)} is a folder; name a file", param_hint="--output")
    is_there = _is_opened(target) and target.exists()
    place = target if is_there else next(p for p in target.parents if p.exists())
    if not os.access(place, os.W_OK) or not (is_there or place.is_dir()):
        raise click.BadParameter(f"cannot write into {visible(str(place))}", param_hint="--output")
    return Output(name, target)


def with_form(output: Output, forms: Mapping[str, str]) -> Output:
    """``output`` in the form that its file's ending asks for; no ending asks for the first.

    Raises click.BadParameter for another ending.
    """
    ending = output.path.suffix.lower() if output.path else ""
    if ending and ending not in forms:
        raise click.BadParameter(
            f"{output.format} are written to a file that ends in {', '.join(forms)}, and "
            f"{visible(output.path.name if output.path else '', 60)!r} does not",
            param_hint="--output",
        )
    return replace(output, form=forms[ending] if ending else next(iter(forms.values())))


def tell_unusable(outputs: Sequence[Output], problems: Sequence[Problem]) -> None:
    """Say on standard error what could not be used, unless a report on standard output does."""
    if not problems or any(one.path is None and one.format in _TELLING for one in outputs):
        return
    count, first = sum(problem.count for problem in problems), problems[0]
    first_words = f"{first.location}: {first.message}"
    lines = [
        f"warning: {plural(count, 'input')} could not be used; the results stand for the rest",
        f"  {visible(first_words, 400)}",
        f"  cure: {visible(first.cure, 400)}",
    ]
    reports = [str(one.path) for one in outputs if one.path and one.format in _TELLING]
    if reports:
        lines.append(f"  listed in {visible(reports[0], 300)}")
    elif count > 1:
        lines.append("  all of them: --output terminal, json or html")
    click.echo("\n".join(lines), err=True)


def _is_opened(path: Path) -> bool:
    """True for what is written to as it is: devices, pipes, links (``/dev/stdout`` is all three).

    A regular file is replaced by another one.
    """
    return path.is_symlink() or (path.exists() and not path.is_file())


def write_all(outputs: Sequence[Output], render: Callable[[str, IO[str]], None]) -> None:
    """Let ``render`` write each format to its place; a file appears whole or not at all.

    One that fails costs the others nothing. Raises the first failure: UsageError, BrokenPipeError.
    """
    failures: list[Exception] = []
    for output in outputs:
        try:
            _write(output, partial(render, output.form or output.format))
        except BrokenPipeError as error:
            failures.append(error)
        except OSError as error:
            failures.append(_unwritable(output, error))
    if failures:
        raise failures[0]


def _unwritable(output: Output, error: OSError) -> UsageError:
    if output.path is None:
        give_up_stdout()
    place = visible(str(output.path)) if output.path else "standard output"
    return UsageError(
        f"cannot write {output.format} to {place}: {error.strerror or error}",
        cure=f"name a file where there is room and you may write: --output {output.format}=FILE",
    )


def _write(output: Output, render: Callable[[IO[str]], None]) -> None:
    if output.path is None:
        render(sys.stdout)
        sys.stdout.flush()
    elif _is_opened(output.path):
        mode = _SHARED if output.is_public else _PRIVATE
        handle = os.open(output.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            render(stream)
    else:
        output.path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(output.path, render, is_public=output.is_public)


def _write_whole(path: Path, render: Callable[[IO[str]], None], *, is_public: bool) -> None:
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".trailwarden-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            render(stream)
        if is_public:
            temporary.chmod(_SHARED & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
