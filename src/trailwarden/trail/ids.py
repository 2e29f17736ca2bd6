"""64-bit keys for eventIDs: small enough to remember one for every record of an archive.

An eventID is a UUID. Its key is the exclusive or of its two halves, which is computed for a whole
batch at once, without a step per record in Python. Other texts are hashed. The same id has the
same key in every process and on every machine.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Sequence

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_LENGTH = 36
_DASHES = (8, 13, 18, 23)
_NOTHING = bytes(8)


def hash_ids(ids: Sequence[object]) -> array[int]:
    """One unsigned 64-bit key per id, in order; 0 where there is none (absent, no text, empty)."""
    keys = _uuid_keys(ids)
    return array("Q", [_key(item) for item in ids]) if keys is None else keys


def _uuid_keys(ids: Sequence[object]) -> array[int] | None:
    """The keys where every id is a UUID in its usual spelling, else None."""
    try:
        joined = "".join(ids)  # type: ignore[arg-type] # the TypeError is the answer
    except TypeError:
        return None
    count = len(ids)
    if not count or set(map(len, ids)) != {_LENGTH}:  # type: ignore[arg-type]
        return None
    if any(joined[at::_LENGTH] != "-" * count for at in _DASHES):
        return None
    try:
        data = bytes.fromhex(joined.replace("-", ""))
    except ValueError:
        return None
    if len(data) != 16 * count:
        return None  # a dash or a space too many
    words = array("Q", data)
    size = 8 * count
    # Exclusive or does not care for the order of bytes, as long as it is one order.
    upper = int.from_bytes(words[0::2].tobytes(), "big")
    lower = int.from_bytes(words[1::2].tobytes(), "big")
    mixed = (upper ^ lower).to_bytes(size, "big")
    keys = array("Q", mixed)
    if sys.byteorder == "little":
        keys.byteswap()
    if _NOTHING in mixed:
        return array("Q", [key or 1 for key in keys])
    return keys


def _key(item: object) -> int:
    if not isinstance(item, str) or not item:
        return 0
    if _UUID.fullmatch(item):
        digits = item.replace("-", "")
        return (int(digits[:16], 16) ^ int(digits[16:], 16)) or 1
    from hashlib import blake2b  # noqa: PLC0415 - hardly an id needs it

    digest = blake2b(item.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big") or 1
