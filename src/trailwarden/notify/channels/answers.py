"""What others answer, made fit for a message of ours."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from trailwarden.text import visible

_LONGEST = 300  # characters
_SHORTEST_SECRET = 4  # a shorter one would black out half of the text


def quoted(answer: str | bytes, secrets: Iterable[str] = ()) -> str:
    """``answer`` on one line, bounded, and without any of ``secrets``: receivers may echo them."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return visible(" ".join(text.split()), _LONGEST)


def encodable(text: str) -> str:
    """``text`` without halves of surrogate pairs, which no encoding takes."""
    return text.encode("utf-8", "replace").decode()


def stable_uuid(name: str) -> str:
    """The UUID that follows from ``name``: whoever sends again has the same one (rule S-2)."""
    return str(uuid5(NAMESPACE_URL, encodable(f"trailwarden:{name}")))


def header_text(text: str, limit: int = 300) -> str:
    """``text`` for the value of a header: one line of ASCII."""
    plain = visible(text).encode("ascii", "backslashreplace").decode("ascii")
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."
