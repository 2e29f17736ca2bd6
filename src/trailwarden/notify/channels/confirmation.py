"""Subscriptions of webhooks that wait for their owner's word (rule S-1).

SNS lets the receiver visit an address with a token. Trailwarden serves no address, so the token
goes to the receiver, and comes back by a command: ``trailwarden notify confirm TOKEN``.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from trailwarden.errors import Location, UsageError

_PENDING, _CONFIRMED = "pending", "confirmed"


def confirm(home: Path, token: str) -> bool:
    """Confirm the subscription that waits for ``token``; False if there is none.

    Raises UsageError where ``home`` cannot be read or written.
    """
    given = token.strip().encode("utf-8", "replace")
    try:
        for file in sorted((home / _PENDING).glob("*.json")):
            kept = _token_in(file)
            if kept and hmac.compare_digest(kept.encode(), given):
                _mark(home / _CONFIRMED / file.stem)
                file.unlink(missing_ok=True)
                file.with_suffix(".sent").unlink(missing_ok=True)
                return True
    except OSError as error:
        raise _no_home(home, error) from None
    return False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A topic's messages to one address, whose state is kept in ``home``.

    The methods raise OSError where ``home`` cannot be read or written.
    """

    home: Path
    topic: str
    url: str

    def is_confirmed(self) -> bool:
        return (self.home / _CONFIRMED / self._hash()).exists()

    def token(self) -> str:
        """The token of this subscription: the same one until it is confirmed."""
        file = self._pending()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            _write_new(file)
        return _token_in(file) or self._renewed()

    def was_sent(self) -> bool:
        """Whether the receiver has taken the token."""
        return self._sent().exists()

    def note_sent(self) -> None:
        _mark(self._sent())

    def _renewed(self) -> str:
        """A file that a crash left empty, say, is written again."""
        self._pending().unlink(missing_ok=True)
        self._sent().unlink(missing_ok=True)
        return _write_new(self._pending())

    def _pending(self) -> Path:
        return self.home / _PENDING / f"{self._hash()}.json"

    def _sent(self) -> Path:
        return self.home / _PENDING / f"{self._hash()}.sent"

    def _hash(self) -> str:
        """Addresses may be secrets: no file is named after one."""
        return sha256(f"{self.topic}\n{self.url}".encode("utf-8", "replace")).hexdigest()


def _token_in(file: Path) -> str:
    try:
        kept = json.loads(file.read_text("utf-8"))
    except (ValueError, FileNotFoundError):
        return ""
    token = kept.get("token") if isinstance(kept, dict) else None
    return token if isinstance(token, str) else ""


def _write_new(file: Path) -> str:
    """Keep a new token in ``file`` and return it. Raises FileExistsError, OSError."""
    token = secrets.token_hex(64)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump({"token": token}, stream)
    return token


def _mark(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)


def _no_home(home: Path, error: OSError) -> UsageError:
    return UsageError(
        f"the subscriptions of webhooks cannot be kept: {error.strerror}",
        location=Location(str(home)),
        cure="make the folder readable and writable for this user",
    )
