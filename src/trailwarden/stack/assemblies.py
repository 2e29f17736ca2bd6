"""A folder that ``cdk synth`` wrote (``cdk.out``): the templates of an app."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trailwarden.errors import DefinitionError, Location, UsageError
from trailwarden.stack.source import read_file
from trailwarden.text import visible

_MANIFEST = "manifest.json"
_SUFFIX = ".template.json"
_NESTED = ".nested.template.json"
_MOST_LEVELS = 5  # of assemblies in assemblies: the stages of an app


def templates_in(folder: Path) -> list[tuple[str, Path]]:
    """The stacks of the app by their names, without those that are nested in others.

    By the folder's manifest, or where it has none all templates that are named as CDK does. Raises
    :class:`~trailwarden.errors.UsageError` for a folder without any, and
    :class:`~trailwarden.errors.DefinitionError` for a manifest that cannot be read.
    """
    found = list(_by_manifest(folder, 0) if (folder / _MANIFEST).is_file() else _by_name(folder))
    if not found:
        raise UsageError(
            f"{visible(str(folder), 200)!r} is a folder, and no template of CDK is in it",
            cure="give the templates in it one by one, each with --stack, or the folder cdk.out",
        )
    return found


def _by_name(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"cannot read the folder {visible(str(folder), 200)!r}: {error.strerror}",
            cure="check its permissions",
        ) from None
    for file in files:
        if file.name.endswith(_SUFFIX) and not file.name.endswith(_NESTED) and file.is_file():
            yield file.name.removesuffix(_SUFFIX), file


def _by_manifest(folder: Path, level: int) -> Iterator[tuple[str, Path]]:
    manifest = folder / _MANIFEST
    if not manifest.is_file() or level > _MOST_LEVELS:
        return
    try:
        artifacts = json.loads(read_file(manifest))["artifacts"]
        parts = [(str(name), part) for name, part in artifacts.items()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DefinitionError(
            "this manifest of CDK cannot be read",
            location=Location(str(manifest)),
            cure="write it anew: run cdk synth",
        ) from None
    for name, part in parts:
        kind, properties = _member(part, "type"), _member(part, "properties")
        if kind == "aws:cloudformation:stack":
            file = _below(folder, _member(properties, "templateFile"))
            if file is not None:
                stack = _member(properties, "stackName")
                yield (stack if isinstance(stack, str) else name), file
        elif kind == "cdk:cloud-assembly":
            inner = _below(folder, _member(properties, "directoryName"))
            if inner is not None:
                yield from _by_manifest(inner, level + 1)


def _member(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _below(folder: Path, name: object) -> Path | None:
    """What the manifest names in its own folder: it is no way to other places."""
    if not isinstance(name, str) or "\0" in name or Path(name).is_absolute():
        return None
    return None if ".." in Path(name).parts else folder / name
