"""The bearer token that stands between the pages of a watch and everybody else."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256

from trailwarden.errors import UsageError
from trailwarden.settings import Secret

VARIABLE = "TRAILWARDEN_LISTEN_TOKEN"
_SHORTEST = 16  # characters
_SCHEME = "bearer "


def listen_token(environment: Mapping[str, str]) -> Secret | None:
    """The token that the environment gives, or None. An empty one is none."""
    value = environment.get(VARIABLE, "")
    return Secret(value) if value else None


def check_token(token: Secret) -> None:
    """Raise UsageError where the token cannot stand in a header, or is soon guessed."""
    value = token.value
    if not value.isascii() or not value.isprintable() or " " in value:
        raise _refused("holds blanks, or characters that are not ASCII")
    if len(value) < _SHORTEST:
        raise _refused(f"has fewer than {_SHORTEST} characters")


def _refused(why: str) -> UsageError:
    return UsageError(
        f"the token for listening (listen_token in [watch], or {VARIABLE}) {why}",
        cure="make one by: openssl rand -hex 32",
    )


def bears(header: str | None, token: Secret) -> bool:
    """Whether an ``Authorization`` header bears the token; says nothing by how long it takes."""
    if header is None or header[: len(_SCHEME)].lower() != _SCHEME:
        return False
    return hmac.compare_digest(_digest(header[len(_SCHEME) :].strip()), _digest(token.value))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogateescape")).digest()
