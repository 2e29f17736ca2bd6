"""128-bit keys for records: small enough to remember one for every record of an archive.

Two records are copies of one if they agree in their eventID *and* in what tells two events apart:
eventTime, eventName, eventSource, recipientAccountId, awsRegion and userIdentity. White space, the
order of members and the packaging do not matter. Whoever writes a record chooses its eventID, so
one half of a key is of the id alone (one id with two contents is worth a word), the other of
everything.

Both halves are multilinear hashes: the upper 64 bits of k0 + k1 · w1 + k2 · w2 + … modulo 2^128,
where the w are the text's words of 64 bits and the k secret numbers of 128. Texts that differ have
one value with a chance of 2^-64, whoever chose them, as long as the numbers are secret: they are
drawn for each run, or kept with the state of a watch. The compiled skimmer computes the same
(``src/speedups/keys.h``).
"""

from __future__ import annotations

import json
import os
import re
from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b, shake_256
from operator import mul
from typing import Any

import msgspec
from msgspec import UNSET, Raw, UnsetType

from trailwarden.trail.nesting import pruned
from trailwarden.trail.packagings import DECODING_ERRORS

PARTS = ("eventName", "eventSource", "recipientAccountId", "awsRegion", "userIdentity")
SECRET_SIZE = 32  # bytes
PROCESS_SECRET = os.urandom(SECRET_SIZE)  # for runs that leave nothing behind

_TEXT_WORDS, _ID_WORDS = 512, 2
_WORD, _NUMBER = 8, 16  # bytes
_LONGEST = _TEXT_WORDS * _WORD
_MOST_KNOWN = 4096  # identities whose hash is remembered
_DEEPEST = 32  # levels of userIdentity that are told apart
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NOBODY = (0, 0)

Key = tuple[int, int]


class Keyed(msgspec.Struct, gc=False):
    """The fields of a record that its key is made of."""

    eventID: Any = None  # noqa: N815 - the names are CloudTrail's
    eventTime: Any = None  # noqa: N815
    eventName: Any = None  # noqa: N815
    eventSource: Any = None  # noqa: N815
    recipientAccountId: Any = None  # noqa: N815
    awsRegion: Any = None  # noqa: N815
    userIdentity: Raw | UnsetType = UNSET  # noqa: N815


_keyed = msgspec.json.Decoder(Keyed)
_sorted = msgspec.json.Encoder(order="sorted")


class RecordKeys:
    """Computes keys: pairs of unsigned 64-bit numbers, (0, 0) for a record without an id."""

    def __init__(self, secret: bytes = PROCESS_SECRET) -> None:
        self._secret = secret
        size = (1 + _ID_WORDS + 2 * (1 + _TEXT_WORDS)) * _NUMBER
        self.numbers = shake_256(b"trailwarden record keys" + secret).digest(size)
        numbers = [
            int.from_bytes(self.numbers[at : at + _NUMBER], "little")
            for at in range(0, size, _NUMBER)
        ]
        end = 1 + _ID_WORDS
        self._id = numbers[:end]
        self._identity = numbers[end : end + 1 + _TEXT_WORDS]
        self._content = numbers[end + 1 + _TEXT_WORDS :]
        self._known: dict[bytes, bytes] = {}

    def of_texts(self, records: Iterable[bytes]) -> array[int]:
        """The keys of records, each as JSON text: two numbers for each of them, in order."""
        keys: array[int] = array("Q")
        for data in records:
            keys.extend(self.of_text(data))
        return keys

    def of_text(self, data: bytes) -> Key:
        """The key of a record as JSON text."""
        try:
            return self.of(_keyed.decode(data))
        except DECODING_ERRORS:
            return self.of(_keyed_anyhow(data))

    def of_all(self, records: Sequence[Keyed]) -> array[int]:
        """The keys of decoded records."""
        keys: array[int] = array("Q")
        for record in records:
            keys.extend(self.of(record))
        return keys

    def of(self, record: Keyed) -> Key:
        """The key of a decoded record."""
        event_id = record.eventID
        if not isinstance(event_id, str) or not event_id:
            return _NOBODY
        name = self._name(event_id)
        identity = b"null" if record.userIdentity is UNSET else bytes(record.userIdentity)
        text = _text_of(
            [
                record.eventTime,
                record.eventName,
                record.eventSource,
                record.recipientAccountId,
                record.awsRegion,
            ]
        )
        content = name + self._identity_of(identity) + self._bounded(text, _LONGEST - 24)
        return _hash(self._id, name) or 1, _hash(self._content, content)

    def _name(self, event_id: str) -> bytes:
        """An id in 16 bytes."""
        if _UUID.fullmatch(event_id):
            digits = event_id.replace("-", "")
            halves = int(digits[:16], 16), int(digits[16:], 16)
            return b"".join(half.to_bytes(_WORD, "little") for half in halves)
        return self._digest(event_id.encode("utf-8", "surrogatepass"), 2 * _WORD)

    def _identity_of(self, text: bytes) -> bytes:
        known = self._known.get(text)
        if known is None:
            plain = self._bounded(_text_of(_value_of(text)), _LONGEST)
            known = _hash(self._identity, plain).to_bytes(_WORD, "little")
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            if len(text) <= _LONGEST:
                self._known[text] = known
        return known

    def _bounded(self, text: bytes, most: int) -> bytes:
        return text if len(text) <= most else b"(%s)" % self._digest(text, 32)

    def _digest(self, data: bytes, size: int) -> bytes:
        return blake2b(data, digest_size=size, key=self._secret).digest()


def _hash(numbers: Sequence[int], text: bytes) -> int:
    words = array("Q", text + bytes(-len(text) % _WORD))
    if _IS_BIG_ENDIAN:
        words.byteswap()
    total: int = numbers[0] + sum(map(mul, numbers[1:], words))
    return (total >> 64) & 0xFFFFFFFFFFFFFFFF


_IS_BIG_ENDIAN = array("H", b"\0\1")[0] == 1


def _text_of(value: Any) -> bytes:
    """A JSON value in one way of writing it."""
    try:
        return _sorted.encode(value)
    except (*DECODING_ERRORS, UnicodeEncodeError, OverflowError):
        return json.dumps(value, sort_keys=True).encode()


def _value_of(text: bytes) -> Any:
    shallow = pruned(text, _DEEPEST)
    try:
        return msgspec.json.decode(shallow)
    except DECODING_ERRORS:
        pass
    try:
        return json.loads(shallow)
    except (ValueError, RecursionError):
        return shallow.decode("utf-8", "replace")


def _keyed_anyhow(data: bytes) -> Keyed:
    """The fields of a record that only the standard library can read, or nobody."""
    from trailwarden.trail.reader import decode_record  # noqa: PLC0415 - it builds on this

    fields = decode_record(data)
    values = {name: fields[name] for name in Keyed.__struct_fields__ if name in fields}
    identity = values.pop("userIdentity", UNSET)
    keyed = Keyed(**values)
    if identity is not UNSET:
        keyed.userIdentity = Raw(json.dumps(identity).encode())
    return keyed
