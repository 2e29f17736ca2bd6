"""Identifiers of the shapes AWS uses, drawn from a seeded generator.

Only ``random()`` and ``getrandbits()`` are used, whose results every Python version promises.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def random_for(*names: object) -> Random:
    """A generator that depends on ``names`` only: not on the machine, nor on hash seeds."""
    return Random("/".join(map(str, names)))


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of ``items``, each as likely as the others."""
    return items[int(rng.random() * len(items))]


def shuffled(rng: Random, items: Sequence[T]) -> list[T]:
    """``items`` in a random order."""
    order = sorted(range(len(items)), key=[rng.random() for _ in items].__getitem__)
    return [items[place] for place in order]


def letters(rng: Random, alphabet: str, length: int) -> str:
    """A random text over ``alphabet``, which has at most 64 letters."""
    count = len(alphabet)
    return "".join(
        [alphabet[byte % count] for byte in rng.getrandbits(8 * length).to_bytes(length)]
    )


def uuid(rng: Random) -> str:
    """A version 4 UUID, as eventID and most requestIDs are."""
    number = rng.getrandbits(128)
    digits = f"{number:032x}"
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-"
        f"{'89ab'[number & 3]}{digits[17:20]}-{digits[20:]}"
    )


def hexadecimal(rng: Random, length: int = 17) -> str:
    """Lower-case hexadecimal digits; EC2's ids have 17."""
    return f"{rng.getrandbits(4 * length):0{length}x}"


def resource_id(rng: Random, prefix: str) -> str:
    """``vpc-0`` and 16 digits: EC2's long ids."""
    return f"{prefix}-0{hexadecimal(rng, 16)}"


def unique_id(rng: Random, prefix: str) -> str:
    """IAM's ids: ``AKIA`` and ``ASIA`` keys, ``AIDA`` users, ``AROA`` roles."""
    return prefix + letters(rng, _BASE32, 16 if prefix in ("AKIA", "ASIA") else 17)


def s3_request_id(rng: Random) -> str:
    """Sixteen capitals and digits."""
    return letters(rng, _BASE62[:36], 16)


def base64_text(rng: Random, length: int) -> str:
    """Random base64 letters."""
    return b64encode(rng.getrandbits(8 * length).to_bytes(length))[:length].decode()


def session_token(rng: Random) -> str:
    """The opaque token of temporary credentials."""
    return "IQoJb3JpZ2luX2VjE" + base64_text(rng, 540) + "=="


def file_unique(rng: Random) -> str:
    """The 16 letters and digits that end the name of a log file."""
    return letters(rng, _BASE62, 16)
