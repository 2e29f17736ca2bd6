"""A template's file, replaced by another text: whole or not at all, with its mode and encoding."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
from pathlib import Path

from trailwarden.errors import UsageError
from trailwarden.text import visible

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def rewrite(path: Path, old: str, new: str) -> None:
    """Make ``new`` of the file whose text was ``old``; a link goes on naming the file it names.

    Raises :class:`~trailwarden.errors.UsageError` where the file is not written to: it is no file,
    it has another text by now, or the folder takes none.
    """
    real = path.resolve()
    try:
        state = real.stat()
        if not stat.S_ISREG(state.st_mode):
            raise _unwritable(path, "it is no file")
        data = real.read_bytes()
        mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
        if data != mark + old.encode(encoding):
            raise _unwritable(path, "it has been changed meanwhile")
        if not os.access(real, os.W_OK):
            raise _unwritable(path, "permission denied")
        _replace(real, mark + new.encode(encoding), state)
    except OSError as error:
        raise _unwritable(path, (error.strerror or str(error)).lower()) from None


def _replace(path: Path, data: bytes, state: os.stat_result) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".trailwarden-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(stat.S_IMODE(state.st_mode))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _unwritable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"cannot write the template {visible(str(path), 200)!r}: {reason}",
        cure="use --diff, which shows the fixes and writes nothing",
    )
