"""Threads for calls that wait for a network, so that a source can leave in the middle of one."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

from trailwarden.watch.portion import Stopped

T = TypeVar("T")
U = TypeVar("U")
_LOOK = 0.1  # seconds between two looks at the stop event, while waiting for an answer
_FAREWELL = 0.5  # seconds that leaving waits for the threads


class Helpers:
    """Up to ``count`` threads. A context manager; they are daemons, and do not outlive it by much.

    Waiting for one ends with :class:`~trailwarden.watch.portion.Stopped` once ``stop`` is set. The
    call itself cannot be broken off; it ends with its own timeout, and nobody takes its result.
    """

    def __init__(self, count: int, stop: Event, *, name: str = "source") -> None:
        self.count = count
        self._stop = stop
        self._name = name
        self._calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def submit(self, call: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._calls.put((future, call))
        if len(self._threads) < self.count:
            thread = Thread(target=self._work, name=f"{self._name}-helper", daemon=True)
            thread.start()
            self._threads.append(thread)
        return future

    def result(self, future: Future[T]) -> T:
        """What the call returned or raised. Raises Stopped."""
        while not future.done():
            if self._stop.is_set():
                future.cancel()
                raise Stopped
            try:
                return future.result(timeout=_LOOK)
            except TimeoutError:
                continue  # ours, or the call's own: then it is done, and raised below
        return future.result()

    def call(self, call: Callable[[], T]) -> T:
        """Call it in a thread and wait. Raises what it raises, and Stopped."""
        return self.result(self.submit(call))

    def wait(self, seconds: float) -> None:
        """Wait so long. Raises Stopped."""
        if self._stop.wait(seconds):
            raise Stopped

    def ahead(
        self, items: Iterable[U], call: Callable[[U], T], *, cost: Callable[[U], int], most: int
    ) -> Iterator[tuple[U, Future[T]]]:
        """The items in order, each with the future of its call, which is done.

        As many calls as there are threads are under way, and, but for the first, not more than
        ``most`` of their costs together. Raises Stopped.
        """
        waiting: deque[tuple[U, Future[T]]] = deque()
        spent = 0
        for item in items:
            while waiting and (len(waiting) >= self.count or spent + cost(item) > most):
                spent -= cost(waiting[0][0])
                yield self._first(waiting)
            waiting.append((item, self.submit(partial(call, item))))
            spent += cost(item)
        while waiting:
            yield self._first(waiting)

    def _first(self, waiting: deque[tuple[U, Future[T]]]) -> tuple[U, Future[T]]:
        item, future = waiting.popleft()
        try:
            self.result(future)
        except Stopped:
            raise
        except Exception:  # noqa: S110 - the caller gets it from the future
            pass
        return item, future

    def _work(self) -> None:
        while (work := self._calls.get()) is not None:
            future, call = work
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:  # whoever waits gets it
                future.set_exception(error)
            del work, future, call  # they hold whole files

    def __enter__(self) -> Helpers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for _ in self._threads:
            self._calls.put(None)
        latest = time.monotonic() + _FAREWELL
        for thread in self._threads:
            thread.join(max(0.0, latest - time.monotonic()))
