"""``trailwarden test --watch``: again, whenever a file that matters changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.errors import DefinitionErrors, TrailwardenError, UsageError
from trailwarden.text import plural, some_of, visible

if TYPE_CHECKING:
    from trailwarden.cli.test_run import Wanted

_LOOK = 1000  # milliseconds after which files are looked at, even if the system tells nothing
_STEP, _DEBOUNCE = 20, 100  # milliseconds: an editor writes a file in several steps
_NAMED = 3  # changed files that are named
Stamp = tuple[int, int, int] | None
Stamps = dict[Path, Stamp]


def watch_tests(wanted: Wanted, once: Callable[[], int]) -> int:
    """Call ``once`` now and after every change, until Ctrl-C: exit status 0.

    Its errors are shown, and end nothing. Raises UsageError where nothing can be watched.
    """
    if find_spec("watchfiles") is None:
        raise UsageError(
            "--watch needs watchfiles, which is not installed",
            cure="install it with: pip install 'trailwarden[watch]'",
        )
    if not _files(wanted):
        raise UsageError(
            "there is no file to watch: built-in stacks do not change",
            cure="name a file of tests, or leave out --watch",
        )
    while True:
        before = _stamps(_files(wanted))
        try:
            once()
        except TrailwardenError as error:
            _tell(error)
        try:
            _say(f"watching {plural(len(before), 'file')}; Ctrl-C ends it")
            changed = _wait(before)
        except KeyboardInterrupt:
            return 0
        _say(f"--- {_names(changed)} changed at {datetime.now(UTC):%H:%M:%S} UTC ---")


def _files(wanted: Wanted) -> tuple[Path, ...]:
    """All files that the tests are made of, as they are now."""
    from trailwarden.scan.cases.files import files_of
    from trailwarden.stack import builtin

    found = [file for path in wanted.files for file in files_of(path)]
    found += [Path(one) for one in wanted.stack or () if one not in builtin.NAMES]
    return tuple(dict.fromkeys(file.absolute() for file in found))


def _stamps(files: Iterable[Path]) -> Stamps:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    """Another one after every change; None where there is no such file."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _wait(before: Stamps) -> Sequence[Path]:
    """The files that are not as they were, as soon as there are some."""
    import watchfiles

    folders = {next(p for p in file.parents if p.is_dir()) for file in before}
    for _ in watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=_DEBOUNCE,
        step=_STEP,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    ):
        now = _stamps(before)
        if now != before:
            return [file for file, stamp in now.items() if stamp != before[file]]
    raise KeyboardInterrupt  # nothing else ends it


def _names(files: Sequence[Path]) -> str:
    return some_of([file.name for file in files], _NAMED, lambda name: visible(name, 100))


def _tell(error: TrailwardenError) -> None:
    errors = error.errors[: error.SHOWN] if isinstance(error, DefinitionErrors) else [error]
    for one in errors:
        for line in f"error: {one}".splitlines():
            click.echo(visible(line, 2000), err=True)


def _say(text: str) -> None:
    click.echo(text, err=True)
