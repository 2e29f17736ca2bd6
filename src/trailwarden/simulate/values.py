"""What the slots of one record stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from random import Random

from trailwarden.simulate import identifiers
from trailwarden.times import format_instant, from_epoch

Things = Mapping[str, Sequence[str]]  # a kind of resource → the names or ids there are

_HOUR = 3600
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


@lru_cache(maxsize=4096)
def instant(second: int) -> str:
    """``second`` (since the epoch) as CloudTrail writes eventTime."""
    return format_instant(from_epoch(second))


def long_form(second: int) -> str:
    """``Mar 3, 2025, 12:31:14 PM``: how responses of IAM and STS spell a time."""
    moment = from_epoch(second)
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    month = _MONTHS[3 * moment.month - 3 : 3 * moment.month]
    return f"{month} {moment.day}, {moment.year}, {hour}:{moment:%M:%S} {half}"


_DRAWN: Mapping[str, Callable[[Random], str]] = {
    "request_id": identifiers.uuid,
    "event_id": identifiers.uuid,
    "uuid": identifiers.uuid,
    "s_request_id": identifiers.s3_request_id,
    "hex": lambda rng: identifiers.hexadecimal(rng, 16),
    "token": identifiers.session_token,
    "amz_id": lambda rng: identifiers.base64_text(rng, 75) + "=",
    "digest": lambda rng: identifiers.hexadecimal(rng, 64),
    "failure": lambda rng: identifiers.base64_text(rng, 420).replace("/", "_").replace("+", "-"),
    "new_key": lambda rng: identifiers.unique_id(rng, "ASIA"),
    "number": lambda rng: str(int(rng.random() * 900_000) + 100_000),
    "host_octet": lambda rng: str(int(rng.random() * 250) + 4),
}
_TIMED: Mapping[str, Callable[[int], str]] = {
    "event_time": instant,
    "now_long": long_form,
    "expires_long": lambda second: long_form(second + _HOUR),
    "hour_ago": lambda second: instant(second - _HOUR),
    "millis": lambda second: str(second * 1000),
}


class Values(dict[str, str]):
    """A slot nobody has set is drawn: from the resources there are, or as a random id.

    A name is drawn once for a record, so that a bucket is the same wherever the record names it.
    Digits at the end tell apart two of a kind: ``<subnet>`` and ``<subnet2>``.
    """

    __slots__ = ("_random", "_things", "_time")

    def __init__(self, given: Mapping[str, str], time: int, things: Things, random: Random) -> None:
        super().__init__(given)
        self._time = time
        self._things = things
        self._random = random

    def __missing__(self, name: str) -> str:
        value = self[name] = self._draw(name)
        return value

    def _draw(self, name: str) -> str:
        if name in _DRAWN:
            return _DRAWN[name](self._random)
        if name in _TIMED:
            return _TIMED[name](self._time)
        return identifiers.pick(self._random, self._things[name.rstrip("0123456789")])
