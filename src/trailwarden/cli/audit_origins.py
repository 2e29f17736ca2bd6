"""What an audit is made of: files with their hashes, exceptions, versions of what judges."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trailwarden import __version__
from trailwarden.audit.model import InputFile, Provenance
from trailwarden.errors import UsageError
from trailwarden.text import visible

if TYPE_CHECKING:
    from trailwarden.settings import ControlException


def exceptions_of(given: Path | None) -> tuple[tuple[ControlException, ...], Path | None]:
    """Those of the file ``given``, else of trailwarden.toml here, and the file that has them.

    Raises UsageError for a file that cannot be read, DefinitionErrors with all that is wrong.
    """
    from trailwarden.cli.settings import FILE_NAME
    from trailwarden.settings import read_exceptions_file

    path = given or Path(FILE_NAME)
    if given is None and not path.is_file():
        return (), None
    is_alone = given is not None and given.name != FILE_NAME
    found = read_exceptions_file(path, environment=os.environ, alone=is_alone)
    return found, path if found or given else None


def provenance_of(
    sources: Sequence[str],
    files: Mapping[str, bytes],
    exceptions: Path | None,
    parameters: Mapping[str, str],
    regions: Sequence[str],
) -> Provenance:
    """``files`` are what was read of ``sources``: nested templates among them, and manifests."""
    from trailwarden.stack import builtin

    names = [name for name in dict.fromkeys(sources) if name in builtin.NAMES]
    inputs = [_input(f"builtin:{name}", builtin.read(name)) for name in names]
    inputs += [_input(path, content) for path, content in files.items()]
    if exceptions is not None:
        inputs.append(_file(exceptions))
    return Provenance(
        inputs=tuple(inputs),
        parameters=parameters,
        regions=tuple(regions),
        versions=dict(_versions()),
    )


def _file(path: Path) -> InputFile:
    try:
        return _input(str(path), path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"cannot read {visible(str(path), 300)}: {error.strerror}", cure="check the path"
        ) from None


def _input(name: str, content: bytes | str) -> InputFile:
    octets = content.encode() if isinstance(content, str) else content
    return InputFile(name, hashlib.sha256(octets).hexdigest(), octets)


def _versions() -> Iterator[tuple[str, str]]:
    """Of Trailwarden, and of the data that it judges by."""
    from importlib import resources
    from importlib.metadata import PackageNotFoundError, version

    from trailwarden.stack.prices import list_prices

    yield "trailwarden", __version__
    catalogue = resources.files("trailwarden.stack.controls").joinpath("cis.yaml").read_bytes()
    yield "benchmark data", f"sha256:{hashlib.sha256(catalogue).hexdigest()}"
    yield "price list", list_prices().as_of
    try:
        yield "botocore", version("botocore")
    except PackageNotFoundError:
        yield "botocore", "not installed"
