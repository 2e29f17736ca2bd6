"""Reading ``trailwarden.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from trailwarden.errors import DefinitionError, Location, UsageError
from trailwarden.settings.channels_section import read_channels
from trailwarden.settings.exceptions_section import read_exceptions
from trailwarden.settings.findings import Findings
from trailwarden.settings.lint_section import LintSettings, read_lint
from trailwarden.settings.model import ControlException, Settings
from trailwarden.settings.mutes_section import read_mutes
from trailwarden.settings.options import Option
from trailwarden.settings.places import places_of
from trailwarden.settings.sources_section import read_sources
from trailwarden.settings.tables import Surroundings, Table
from trailwarden.settings.topics_section import read_topics
from trailwarden.settings.watch_section import read_watch

PYPROJECT = "pyproject.toml"
LARGEST = 1024 * 1024  # bytes
_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_Kind = TypeVar("_Kind", bound=str)


def read_settings(
    path: Path,
    *,
    options: Mapping[_Kind, Mapping[str, Option]],
    environment: Mapping[str, str],
) -> Settings:
    """The settings in the file ``path``, checked.

    ``options`` says what each kind of channel takes (``trailwarden.notify.channels.OPTIONS``);
    ``environment`` is what ``${NAME}`` refers to. Files that hold secrets are looked for from the
    folder of ``path``. Raises UsageError for a file that cannot be read, DefinitionError for one
    that is no TOML, and DefinitionErrors with everything else that is wrong with it.
    """
    text = _read(path)
    values = _parse(text, str(path))
    findings = Findings(str(path), places_of(text))
    root = Table(values, (), findings, Surroundings(environment, path.absolute().parent))
    settings = _of(root, options)
    return replace(settings, notes=findings.notes())


def read_exceptions_file(
    path: Path, *, environment: Mapping[str, str], alone: bool
) -> tuple[ControlException, ...]:
    """The ``[[exceptions]]`` in the file ``path``, checked.

    ``alone``: it holds nothing else; otherwise it is ``trailwarden.toml``, of whose other keys
    nothing is said here. Raises as :func:`read_settings`.
    """
    text = _read(path)
    values = _parse(text, str(path))
    findings = Findings(str(path), places_of(text))
    root = Table(values, (), findings, Surroundings(environment, path.absolute().parent))
    found = read_exceptions(root.tables("exceptions"))
    if alone:
        root.finish()
    findings.notes()
    return found


def read_lint_file(
    path: Path, *, codes: Collection[str], environment: Mapping[str, str]
) -> LintSettings | None:
    """``[lint]`` in the file ``path``, checked; None where it has no such section.

    Of a file that is named ``pyproject.toml`` it is ``[tool.trailwarden.lint]``. Of other sections
    nothing is said here. ``codes`` are those of all rules. Raises as :func:`read_settings`.
    """
    text = _read(path)
    values = _parse(text, str(path))
    findings = Findings(str(path), places_of(text))
    root = Table(values, (), findings, Surroundings(environment, path.absolute().parent))
    section = _of_project(root) if path.name == PYPROJECT else root.table("lint")
    found = None if section is None else read_lint(section, codes)
    findings.notes()
    return found


def _of_project(root: Table) -> Table | None:
    """``[tool.trailwarden.lint]``; the other tools are not looked at."""
    tools = root.table("tool")
    own = None if tools is None else tools.table("trailwarden")
    if own is None:
        return None
    section = own.table("lint")
    for key in ("select", "ignore", "exclude"):
        if own.get(key) is not None:
            own.error(key, f"{key} stands outside of its section", "write [tool.trailwarden.lint]")
    own.finish()
    return section


def _of(root: Table, options: Mapping[_Kind, Mapping[str, Option]]) -> Settings:
    watch = root.table("watch")
    sources = read_sources(root.tables("sources"))
    channels_table, topics_table = root.table("channels"), root.table("topics")
    channels = () if channels_table is None else read_channels(channels_table, options)
    # A channel with a mistake in it is there all the same: its topics are not wrong as well.
    names = () if channels_table is None else tuple(channels_table.values)
    mutes = read_mutes(root.tables("mutes"))
    exceptions = read_exceptions(root.tables("exceptions"))
    lint_table = root.table("lint")
    if lint_table is not None:
        read_lint(lint_table, ())  # lint itself says which codes there are not
    root.finish()
    return replace(
        Settings() if watch is None else read_watch(watch),
        sources=sources,
        channels=channels,
        topics={} if topics_table is None else read_topics(topics_table, names),
        mutes=mutes,
        exceptions=exceptions,
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise UsageError(
            f"the settings cannot be read: {reason}",
            location=Location(str(path)),
            cure="check the path given with --config",
        ) from None
    if len(content) > LARGEST:
        raise UsageError(
            f"the settings are larger than {LARGEST // 1024**2} MiB",
            location=Location(str(path)),
            cure="name the settings' file with --config",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError(
            "the settings are not UTF-8 text",
            location=Location(str(path), content.count(b"\n", 0, error.start) + 1),
            cure="save the file as UTF-8",
        ) from None


def _parse(text: str, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        message, location = "arrays and tables nest too deep", Location(source)
    except ValueError as error:  # TOMLDecodeError, and what int() says of too many digits
        message, location = _placed(str(error), text, source)
    raise DefinitionError(
        message, location=location, cure="correct the TOML: https://toml.io/en/v1.0.0 has its rules"
    )


def _placed(message: str, text: str, source: str) -> tuple[str, Location]:
    """The parser's message without the position that it ends with, and that position."""
    found = _POSITION.search(message)
    if found is None:
        return "not TOML: a value that cannot be read", Location(source)
    lines = text.split("\n")
    line, column = (int(found[1]), int(found[2])) if found[1] else (len(lines), len(lines[-1]) + 1)
    return f"not TOML: {message[: found.start()]}", Location(source, line, column)
