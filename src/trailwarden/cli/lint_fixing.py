"""``lint --fix`` and ``lint --diff``: templates before and after their fixes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.errors import DefinitionError, UsageError
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.cli.lint_settings import Choice
    from trailwarden.stack.lint.fixing import Fixed

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A template's file, the text that it has, what fixing makes of it, and which rules count."""

    path: Path
    text: str
    result: Fixed
    choice: Choice

    @property
    def is_changed(self) -> bool:
        return self.text != self.result.text

    def write(self) -> None:
        """Replace the file, if anything is fixed. Raises UsageError where that cannot be."""
        from trailwarden.stack.lint.fixing.writing import rewrite

        if self.is_changed:
            rewrite(self.path, self.text, self.result.text)

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff, in colours; nothing of the template can steer a terminal."""
        name = visible(str(self.path))
        lines = difflib.unified_diff(
            self.text.splitlines(), self.result.text.splitlines(), name, name, lineterm=""
        )
        return (_shown(line) for line in lines)


def fix_files(
    sources: Sequence[str],
    parameters: Mapping[str, str],
    choice_of: Callable[[str], Choice],
    *,
    unsafe: bool,
) -> list[FixedFile]:
    """What fixing makes of templates. Nothing is written.

    A template that does not load stays as it is, and what is wrong with it remains. Raises
    UsageError for sources that are no templates.
    """
    paths: dict[Path, Path] = {}
    for path in map(_template, sources):
        paths.setdefault(path.resolve(), path)  # a file that is given twice is fixed once
    return [_fixed(path, parameters, choice_of(str(path)), unsafe) for path in paths.values()]


def _template(source: str) -> Path:
    from trailwarden.stack import load
    from trailwarden.stack.builtin import NAMES
    from trailwarden.stack.loading import LIVE

    if source in NAMES or source == LIVE:
        what = "the live account" if source == LIVE else f"the built-in stack {source}"
        raise UsageError(
            f"{what} is no file that could be fixed",
            cure="give the path of a template, or leave out --fix and --diff",
        )
    path = Path(source)
    if not path.is_file():
        load(source)  # says what is wrong with the path
        raise UsageError(
            f"{visible(source, 200)!r} is no file that could be fixed",
            cure="give the path of a template",
        )
    return path


def _fixed(
    path: Path,
    parameters: Mapping[str, str],
    choice: Choice,
    unsafe: bool,
) -> FixedFile:
    from trailwarden.stack.cloudformation import load_template
    from trailwarden.stack.lint import refusals
    from trailwarden.stack.lint.fixing import Fixed, fix
    from trailwarden.stack.source import read_file

    text = ""
    try:
        text = read_file(path)
        result = fix(
            text,
            lambda changed: load_template(changed, str(path), path.stem, parameters),
            choice.wants,
            unsafe=unsafe,
            judges_idle=not parameters,
        )
    except DefinitionError as error:
        result = Fixed(text, (), tuple(refusals(error, str(path))))
    return FixedFile(path, text, result, choice)


def _shown(line: str) -> str:
    text = line[:1] + visible(line[1:].replace("\t", "    "))
    if line.startswith(("---", "+++")):
        return click.style(text, bold=True)
    return click.style(text, fg=_COLOURS[line[:1]]) if line[:1] in _COLOURS else text
