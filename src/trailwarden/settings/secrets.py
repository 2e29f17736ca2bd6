"""Where a secret may come from: the environment, a file, or the settings themselves."""

from __future__ import annotations

import stat
from pathlib import Path

from trailwarden.settings.expansion import ExpansionError

LARGEST = 64 * 1024  # bytes of a secret's file


def read_secret_file(path: Path) -> str:
    """What the file holds, without the line break at its end.

    Raises :class:`~trailwarden.settings.expansion.ExpansionError`, which never quotes the content.
    """
    shown = repr(str(path)[:200])
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe might never end
            raise ExpansionError(f"{shown} is no regular file", "name a file that holds the secret")
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, ExpansionError):
            raise
        reason = getattr(error, "strerror", None) or "not a path"
        raise ExpansionError(
            f"the secret's file {shown} cannot be read: {reason}",
            "name a file that the user of Trailwarden may read",
        ) from None
    if len(content) > LARGEST:
        raise ExpansionError(
            f"the secret's file {shown} is larger than {LARGEST // 1024} KiB",
            "name a file that holds the secret and nothing else",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ExpansionError(
            f"the secret's file {shown} is not UTF-8 text", "write the secret as text"
        ) from None
    return text.removesuffix("\n").removesuffix("\r")
