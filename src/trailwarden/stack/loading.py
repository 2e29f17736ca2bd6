"""``load``: the stack that a name, a path or the live account stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from trailwarden.errors import UsageError
from trailwarden.stack.model import Note, Stack
from trailwarden.text import nearest, some_of, visible

if TYPE_CHECKING:
    from trailwarden.stack.cloudformation import TemplateText

LIVE = "aws"
MANIFEST = "manifest.json"  # in a folder that CDK wrote
_SUFFIXES = (".yaml", ".yml", ".json", ".template")


Source = str | PathLike[str]


def load(
    source: Source | list[Source] | tuple[Source, ...] | list[str] | tuple[str, ...],
    *more: Source | Mapping[str, str] | None,
    parameters: Mapping[str, str] | None = None,
    regions: Sequence[str] = (),
) -> Stack:
    """The stack that ``source`` names, or that it and ``more`` are together.

    A source is a built-in stack (``cis``), the path of a CloudFormation template, a folder that
    ``cdk synth`` wrote, or ``aws`` for the live account, of which ``regions`` are read. Several
    are one stack: what one template says of another is followed. ``parameters`` (which may also be
    the last positional argument) are values of the templates' parameters, AWS::Region and its like
    among them. Raises :class:`~trailwarden.errors.UsageError` for a source that there is not, and
    :class:`~trailwarden.errors.DefinitionError` for a template that cannot be run; TypeError for
    what is neither a str nor a path.
    """
    given = dict(parameters or {})
    sources = source if isinstance(source, list | tuple) else (source,)
    names = [_named(one) for one in sources]
    for one in more:
        if isinstance(one, Mapping):
            given |= one
        elif one is not None:
            names.append(_named(one))
    if not names:
        raise UsageError("no stack is named", cure="name a template, a built-in stack, or aws")
    if names == [LIVE]:
        return _live(given, regions)
    if LIVE in names:
        raise UsageError(
            "the live account and a template cannot be one stack", cure=f"give {LIVE} alone"
        )
    # Processes that are handed a stack need none of what reads one.
    from trailwarden.stack.cloudformation import load_templates  # noqa: PLC0415

    if regions:
        raise UsageError(
            f"a region can be chosen with --stack {LIVE} only",
            cure="give --parameter AWS::Region=VALUE, for a template that asks for it",
        )
    found = {text.source: text for name in names for text in _texts(name)}
    stack = load_templates(list(found.values()), given)
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    notes = (
        Note("given-twice", f"{visible(name, 200)} is given more than once", None) for name in twice
    )
    return replace(stack, notes=(*stack.notes, *notes)) if twice else stack


def _texts(source: str) -> Iterator[TemplateText]:
    """The templates that a source stands for."""
    from trailwarden.stack import builtin  # noqa: PLC0415
    from trailwarden.stack.assemblies import templates_in  # noqa: PLC0415
    from trailwarden.stack.cloudformation import TemplateText  # noqa: PLC0415
    from trailwarden.stack.source import read_file  # noqa: PLC0415

    if source in builtin.NAMES:
        yield TemplateText(builtin.read(source), f"builtin:{source}", source)
        return
    if not source:
        raise UsageError("the name of a stack is empty", cure="name cis, say, or a template")
    path = Path(source)
    if not _exists(path):
        raise _unknown(source, (*builtin.NAMES, LIVE))
    if path.is_dir() or path.name == MANIFEST:
        for name, file in templates_in(path if path.is_dir() else path.parent):
            yield TemplateText(read_file(file), str(file), name, file.parent)
        return
    yield TemplateText(read_file(path), str(path), path.stem, path.parent)


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
