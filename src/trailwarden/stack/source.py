"""A template's file into nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from trailwarden.errors import DefinitionError, Location, UsageError
from trailwarden.stack.json_reader import read_json
from trailwarden.stack.limits import MAX_BYTES
from trailwarden.stack.nodes import Document
from trailwarden.stack.yaml_reader import read_yaml
from trailwarden.text import visible

_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd"}

_RECORD: ContextVar[dict[str, bytes] | None] = ContextVar("_RECORD", default=None)


@contextmanager
def recorded() -> Iterator[dict[str, bytes]]:
    """The content of every file that is read meanwhile, by its path, in the order of reading.

    A hash of it is one of what was read: a pipe cannot be read again, and a file may have changed.
    """
    files: dict[str, bytes] = {}
    token = _RECORD.set(files)
    try:
        yield files
    finally:
        _RECORD.reset(token)


def read_file(path: Path) -> str:
    """The text of the file.

    Raises :class:`~trailwarden.errors.UsageError` if it cannot be opened and
    :class:`~trailwarden.errors.DefinitionError` if it is not text or is too large.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise UsageError(
            f"cannot read the template {visible(source, 200)!r}: {reason.lower()}",
            cure="check the path and its permissions",
        ) from None
    if len(data) > MAX_BYTES:
        raise DefinitionError(
            f"the template is larger than {MAX_BYTES // 1024 // 1024} MiB",
            location=Location(source),
            cure="split it: CloudFormation itself takes 1 MB at most",
        )
    if (record := _RECORD.get()) is not None:
        record[source] = data
    return _decoded(data, source)


def _decoded(data: bytes, source: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if packed := next((what for magic, what in _PACKED.items() if data.startswith(magic)), ""):
            raise DefinitionError(
                f"this is a file packed with {packed}, and no CloudFormation template",
                location=Location(source),
                cure="unpack it, and give the template in it",
            ) from None
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        raise DefinitionError(
            f"the template is not UTF-8 text: byte 0x{data[error.start]:02x}",
            location=Location(source, before.count(b"\n") + 1, error.start - line_start + 1),
            cure="save the file as UTF-8",
        ) from None


def read_template(text: str, source: str) -> Document:
    """Read a template in JSON or YAML, whichever it is.

    Raises :class:`~trailwarden.errors.DefinitionError` with line and column.
    """
    if text.lstrip()[:1] != "{":
        return read_yaml(text, source)
    try:
        return read_json(text, source)
    except DefinitionError as json_error:
        # It may be YAML in the style of JSON, whose texts need no quotes.
        try:
            return read_yaml(text, source)
        except DefinitionError as yaml_error:
            is_yaml = source.lower().endswith((".yaml", ".yml"))
            raise (yaml_error if is_yaml else json_error) from None
