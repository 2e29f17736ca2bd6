"""A source at work: what it offers, taken down, and a memory of what is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread

from trailwarden.watch.portion import Drained, Offer, Portion, Source, Stopped, Trouble

PATIENCE = 15.0  # seconds after which a test gives up; nothing ever takes so long


class Taken:
    """A memory, as the database is one: portions are in it once they are safe."""

    def __init__(self) -> None:
        self.identities: list[tuple[str, str, str]] = []
        self.cursors: dict[str, str | None] = {}

    def is_taken(self, source: str, key: str, version: str) -> bool:
        return (source, key, version) in self.identities

    def cursor(self, source: str) -> str | None:
        return self.cursors.get(source)

    def take(self, portion: Portion) -> None:
        self.identities.append((portion.source, portion.key, portion.version))
        if portion.cursor is not None:
            self.cursors[portion.source] = portion.cursor
        portion.acknowledge()


class Run:
    """One run. Portions are safe at once, unless ``takes`` says no.

    After ``most`` portions ``put`` raises Stopped: the process ends in the middle.
    """

    def __init__(
        self, memory: Taken, takes: Callable[[Portion], bool], most: int | None = None
    ) -> None:
        self.stop = Event()
        self.offers: list[Offer] = []
        self.error: BaseException | None = None
        self._memory = memory
        self._takes = takes
        self._most = most
        self._lock = Lock()

    def put(self, offer: Offer) -> None:
        with self._lock:
            if self.stop.is_set() or self._most == len(self.portions):
                raise Stopped
            self.offers.append(offer)
        if isinstance(offer, Portion) and self._takes(offer):
            self._memory.take(offer)

    @property
    def portions(self) -> list[Portion]:
        return [offer for offer in self.offers if isinstance(offer, Portion)]

    @property
    def troubles(self) -> list[Trouble]:
        return [offer for offer in self.offers if isinstance(offer, Trouble)]

    @property
    def drained(self) -> list[Drained]:
        return [offer for offer in self.offers if isinstance(offer, Drained)]

    @property
    def keys(self) -> list[str]:
        return [portion.key for portion in self.portions]

    @property
    def codes(self) -> list[str]:
        return [trouble.problem.code for trouble in self.troubles]

    def wait(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until it holds. Fails when it never does."""
        until(lambda: self.error or condition(), f"{what}: {self.offers}")
        if self.error is not None:
            raise self.error

    def wait_for(self, count: int) -> list[Portion]:
        self.wait(lambda: len(self.portions) >= count, f"{count} portions")
        return self.portions

    def wait_drained(self) -> None:
        """Wait for a Drained that comes from now on."""
        before = len(self.drained)
        self.wait(lambda: len(self.drained) > before, "drained")


def until(condition: Callable[[], object], what: str = "") -> None:
    latest = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < latest, f"it never came: {what}"
        time.sleep(0.005)


def once(
    source: Source,
    memory: Taken | None = None,
    takes: Callable[[Portion], bool] = lambda _: True,
    most: int | None = None,
) -> Run:
    """A run that ends by itself."""
    run = Run(Taken() if memory is None else memory, takes, most)
    source.run(run.put, run._memory, run.stop, once=True)
    return run


@contextmanager
def watching(
    source: Source,
    memory: Taken | None = None,
    takes: Callable[[Portion], bool] = lambda _: True,
    most: int | None = None,
) -> Iterator[Run]:
    """A run that goes on until the end of the block."""
    run = Run(Taken() if memory is None else memory, takes, most)

    def work() -> None:
        try:
            source.run(run.put, run._memory, run.stop, once=False)
        except BaseException as error:
            run.error = error

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield run
    finally:
        run.stop.set()
        thread.join(5)
        assert not thread.is_alive(), "it did not stop"
        if run.error is not None:
            raise run.error
