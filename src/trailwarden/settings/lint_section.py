"""``[lint]``: which rules of lint count, and which files it passes over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from trailwarden.settings.findings import shown
from trailwarden.settings.tables import Table

_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class LintSettings:
    """``select`` and ``ignore`` are codes or their beginnings, ``exclude`` globs of files.

    None where nothing is said. ``folder`` is where the globs start from.
    """

    folder: Path
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


def read_lint(table: Table, codes: Collection[str]) -> LintSettings:
    """The section, checked; what codes there are is not asked where ``codes`` is empty."""
    found = LintSettings(
        table.surroundings.folder,
        _codes(table, "select", codes),
        _codes(table, "ignore", codes),
        _globs(table, "exclude"),
    )
    table.finish()
    return found


def _globs(table: Table, key: str) -> tuple[str, ...] | None:
    for path, value in table.items(key) or ():
        if isinstance(value, str) and value.startswith(("/", "~", "../")):
            table.findings.error(
                path,
                f"{shown(value)} leads out of the folder of the settings",
                "write it as seen from that folder, such as generated/**",
            )
    return table.texts(key)


def _codes(table: Table, key: str, codes: Collection[str]) -> tuple[str, ...] | None:
    for path, value in (table.items(key) or ()) if codes else ():
        if isinstance(value, str) and not any(code.startswith(value.strip()) for code in codes):
            close = [code for code in codes if code.startswith(value.upper())]
            table.findings.error(
                path,
                f"no rule has a code that begins with {shown(value)}",
                f"did you mean {shown(value.upper())}?"
                if close
                else "write codes or their beginnings, such as TW303 or TW1",
            )
    return table.texts(key)


def is_excluded(path: Path, globs: Collection[str], folder: Path) -> bool:
    """Whether a file, or a folder that it is in, is one of ``globs``, seen from ``folder``.

    ``*`` stays within one name, ``**`` goes over any number of folders; a glob without ``/`` is for
    the name of a file or folder at any depth. A path outside ``folder`` is known by its names only.
    """
    whole = path.absolute()
    parts = whole.parts
    is_inside = whole.is_relative_to(folder.absolute())
    if is_inside:
        parts = whole.relative_to(folder.absolute()).parts
    return any(_covers(glob.removeprefix("./"), parts, is_inside) for glob in globs)


def _covers(glob: str, parts: tuple[str, ...], is_inside: bool) -> bool:
    pieces = tuple(piece for piece in glob.split("/") if piece)
    if len(pieces) == 1:
        return any(fnmatchcase(part, pieces[0]) for part in parts)
    return is_inside and _leads(pieces, parts)


def _leads(pieces: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Whether the beginning of a path, or all of it, is what the pieces of a glob say."""
    reached = {0}
    for piece in pieces:
        if piece == _ANY_DEPTH:
            reached = set(range(min(reached), len(parts) + 1)) if reached else reached
        else:
            reached = {
                at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], piece)
            }
    return bool(reached)
