"""The door between the sources' threads and the one that works: bounded, so memory stays so."""

from __future__ import annotations

from collections import deque
from threading import Condition

from trailwarden.watch.portion import Offer, Portion, Stopped

MOST_PORTIONS = 512
MOST_BYTES = 64 * 1024 * 1024  # of content that waits; a single larger file may always enter


class Intake:
    """Offers wait here in order. Sources that are ahead of the work are held up."""

    def __init__(self) -> None:
        self._offers: deque[Offer] = deque()
        self._bytes = 0
        self._changed = Condition()
        self._is_closed = False

    def put(self, offer: Offer) -> None:
        """Hand over an offer; blocks while too much waits. Raises Stopped once it is closed."""
        size = _size(offer)
        with self._changed:
            while not self._is_closed and self._is_full(size):
                self._changed.wait()
            if self._is_closed:
                raise Stopped
            self._offers.append(offer)
            self._bytes += size
            self._changed.notify_all()

    def _is_full(self, size: int) -> bool:
        waiting = len(self._offers)
        return waiting >= MOST_PORTIONS or bool(waiting and self._bytes + size > MOST_BYTES)

    def take(self, timeout: float, most: int) -> list[Offer]:
        """Up to ``most`` offers, as soon as there is one; none after ``timeout`` seconds."""
        with self._changed:
            if not self._offers and not self._is_closed:
                self._changed.wait(timeout)
            found = [self._offers.popleft() for _ in range(min(most, len(self._offers)))]
            self._bytes -= sum(map(_size, found))
            self._changed.notify_all()
            return found

    def __len__(self) -> int:
        return len(self._offers)

    def wake(self) -> None:
        """Let ``take`` return at once."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing enters any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()


def _size(offer: Offer) -> int:
    return len(offer.content) if isinstance(offer, Portion) else 0
