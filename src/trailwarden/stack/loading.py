"""``load``: the stack that a name, a path or the live account stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path

from trailwarden.errors import UsageError
from trailwarden.stack.model import Stack
from trailwarden.text import nearest, some_of, visible

LIVE = "aws"
_SUFFIXES = (".yaml", ".yml", ".json", ".template")


def load(
    source: str | PathLike[str],
    parameters: Mapping[str, str] | None = None,
    *,
    regions: Sequence[str] = (),
) -> Stack:
    """The stack that ``source`` names.

    ``source`` is a built-in stack (``cis``), the path of a CloudFormation template, or ``aws`` for
    the live account, of which ``regions`` are read. ``parameters`` are values of the template's
    parameters, AWS::Region and its like among them. Raises
    :class:`~trailwarden.errors.UsageError` for a source that there is not, and
    :class:`~trailwarden.errors.DefinitionError` for a template that cannot be run; TypeError for
    what is neither a str nor a path.
    """
    source = _named(source)
    given = dict(parameters or {})
    if source == LIVE:
        return _live(given, regions)
    # Processes that are handed a stack need none of what reads one.
    from trailwarden.stack import builtin  # noqa: PLC0415
    from trailwarden.stack.cloudformation import load_template  # noqa: PLC0415
    from trailwarden.stack.source import read_file  # noqa: PLC0415

    if regions:
        raise UsageError(
            f"a region can be chosen with --stack {LIVE} only",
            cure="give --parameter AWS::Region=VALUE, for a template that asks for it",
        )
    if source in builtin.NAMES:
        return load_template(builtin.read(source), f"builtin:{source}", source, given)
    path = Path(source)
    if not _exists(path):
        raise _unknown(source, (*builtin.NAMES, LIVE))
    return load_template(read_file(path), str(path), path.stem, given)


def _named(source: object) -> str:
    name = fspath(source) if isinstance(source, PathLike) else source
    if not isinstance(name, str):
        kind = type(source).__name__
        raise TypeError(f"a stack is named by a str or a path, not by a value of type {kind}")
    return name


def _live(given: Mapping[str, str], regions: Sequence[str]) -> Stack:
    from trailwarden.stack.live import load_account  # noqa: PLC0415 - boto3 is slow to import

    if given:
        raise UsageError(
            "the live account has no parameters", cure=f"leave out --parameter with --stack {LIVE}"
        )
    return load_account(regions)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or with a null character
        return False


def _unknown(source: str, names: Sequence[str]) -> UsageError:
    shown = repr(visible(source, 200))
    path = Path(source)
    if path.suffix in _SUFFIXES or len(path.parts) > 1:
        near = _neighbour(path)
        beside = some_of([visible(name, 60) for name in _templates(path.parent)], 10)
        cure = f"check the path: its folder has {beside}" if beside else "check the path"
        return UsageError(
            f"there is no template {shown}",
            cure=f"did you mean {visible(near, 200)}?" if near else cure,
        )
    close = nearest(source, names) or [_neighbour(path)]
    return UsageError(
        f"there is no stack {shown}",
        cure=f"did you mean {visible(close[0], 200)}?"
        if close[0]
        else f"name one of {', '.join(names)}, or the path of a CloudFormation template",
    )


def _neighbour(path: Path) -> str:
    """A template in the same folder whose name is like the one that is missing."""
    # What all files end with says nothing of how near they are.
    stem = path.stem if path.suffix in _SUFFIXES else path.name
    by_stem = {Path(name).stem: name for name in _templates(path.parent)}
    close = nearest(stem, by_stem)
    return str(path.with_name(by_stem[close[0]])) if close else ""


def _templates(folder: Path) -> list[str]:
    """The names of a folder's files that may be templates, sorted."""
    try:
        names = (entry.name for entry in folder.iterdir() if entry.suffix in _SUFFIXES)
        return sorted(name for name in names if not name.startswith("."))
    except (OSError, ValueError):
        return []
