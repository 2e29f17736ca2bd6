"""Short marks for what was seen: there may be millions."""

from __future__ import annotations

from hashlib import blake2b


def hash_of(*parts: str) -> int:
    """64 bits that stand for the parts."""
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big")
