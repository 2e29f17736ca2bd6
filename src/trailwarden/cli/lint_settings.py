"""Which rules count for which stack, and which files are passed over, by settings and options."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trailwarden.cli.settings import FILE_NAME
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.settings import LintSettings
    from trailwarden.stack.lint import Finding

_ALL = ("TW",)


@dataclass(frozen=True, slots=True)
class Choice:
    """Rules by the beginnings of their codes: ``chosen`` without ``unwanted``."""

    chosen: tuple[str, ...] = _ALL
    unwanted: tuple[str, ...] = ()

    def wants(self, finding: Finding) -> bool:
        return finding.code.startswith(self.chosen) and not finding.code.startswith(self.unwanted)

    def shows(self, finding: Finding) -> bool:
        """What it wants, and templates that do not load."""
        from trailwarden.stack.lint.refusing import CODE

        return self.wants(finding) or finding.code == CODE


@dataclass(slots=True)
class Choices:
    """The options of the command line, and the settings of each template where they say nothing.

    ``config`` is ``--config``; otherwise a template's settings are in the nearest folder, from its
    own upwards, whose trailwarden.toml or pyproject.toml has some for lint.
    """

    selected: tuple[str, ...] | None
    ignored: tuple[str, ...] | None
    excluded: tuple[str, ...] | None
    config: Path | None = None
    _of_folders: dict[Path, LintSettings] = field(default_factory=dict)

    def of(self, source: str) -> Choice:
        """What counts for a source. Raises DefinitionErrors with all that is wrong in settings."""
        settings = self._settings(source)
        chosen = settings.select if self.selected is None else self.selected
        unwanted = settings.ignore if self.ignored is None else self.ignored
        return Choice(_ALL if chosen is None else chosen, unwanted or ())

    def is_excluded(self, source: str) -> bool:
        """Whether a source is a file that is passed over. Raises as ``of``."""
        from trailwarden.settings.lint_section import is_excluded

        settings = self._settings(source)
        if not Path(source).exists():
            return False
        if self.excluded is not None:
            return is_excluded(Path(source), self.excluded, Path())
        return is_excluded(Path(source), settings.exclude or (), settings.folder)

    def _settings(self, source: str) -> LintSettings:
        from trailwarden.settings import LintSettings

        if self.config is not None:
            folder = self.config.absolute().parent
            if folder not in self._of_folders:
                self._of_folders[folder] = _read(self.config) or LintSettings(folder)
            return self._of_folders[folder]
        path = Path(source)
        folder = path.absolute().parent if path.exists() else Path.cwd()
        if folder not in self._of_folders:
            found = (_of_folder(one) for one in (folder, *folder.parents))
            self._of_folders[folder] = next(filter(None, found), LintSettings(folder))
        return self._of_folders[folder]


def _of_folder(folder: Path) -> LintSettings | None:
    from trailwarden.settings.reader import PYPROJECT

    for name in (FILE_NAME, PYPROJECT):
        path = folder / name
        if path.is_file() and (found := _read(path)) is not None:
            return found
    return None


def _read(path: Path) -> LintSettings | None:
    from trailwarden.settings import read_lint_file
    from trailwarden.stack.lint import RULES

    return read_lint_file(path, codes=RULES, environment=os.environ)


def prefixes(texts: Sequence[str], codes: Collection[str], option: str) -> tuple[str, ...] | None:
    """The beginnings of codes that an option names, None where it is not given.

    Raises click.BadParameter for idle ones.
    """
    found = tuple(part.strip() for text in texts for part in text.split(","))
    for prefix in found:
        if not prefix or not any(code.startswith(prefix) for code in codes):
            raise click.BadParameter(
                f"no rule has a code that begins with {visible(prefix, 40)!r}; "
                "trailwarden lint --explain TW shows all of them",
                param_hint=option,
            )
    return found or None
