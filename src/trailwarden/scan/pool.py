"""Batches through a pool of processes, results in the order of the batches."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver, spawn
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.popen_forkserver import Popen
from multiprocessing.process import BaseProcess
from typing import Any, ClassVar

from trailwarden.monitor.digest import Digest
from trailwarden.problems import Problem
from trailwarden.reading import FileDigest, Task
from trailwarden.scan.batches import Batch
from trailwarden.scan.worker import decode_batch, digest_batch, start
from trailwarden.trail import LogFile

_AHEAD = 3  # batches under way per process: enough to keep it busy, few enough to stay small


class _Launch(Popen):
    """A process of the fork server that does not run the caller's main module again.

    multiprocessing has every process import that module, which in a script without a guard scans
    once more, in every process. Nothing that travels here is defined there.
    """

    def _launch(self, process_obj: BaseProcess) -> None:
        with _without_main_module():
            super()._launch(process_obj)  # type: ignore[misc]  # no stub knows it


class _Process(ForkServerProcess):
    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Popen:  # noqa: N802 - multiprocessing's name
        return _Launch(process_obj)


class _Context(ForkServerContext):
    Process: ClassVar[type[_Process]] = _Process


_launching = threading.Lock()


@contextmanager
def _without_main_module() -> Iterator[None]:
    """What a new process is told does not name this one's main module.

    That holds for this thread: another one may start processes of its own meanwhile.
    """
    thread = threading.get_ident()

    def prepared(name: str) -> dict[str, Any]:
        data: dict[str, Any] = usual(name)
        if threading.get_ident() == thread:
            data = {key: value for key, value in data.items() if not key.startswith("init_main_")}
        return data

    with _launching:
        usual = spawn.get_preparation_data
        spawn.get_preparation_data = prepared
        try:
            yield
        finally:
            spawn.get_preparation_data = usual


class Pool:
    """Digests batches in ``processes`` processes.

    A process that dies (out of memory, killed) takes no result with it: its batches are read
    again file by file, and a file that kills its process a second time becomes a problem.
    """

    def __init__(
        self,
        task: Task,
        processes: int,
        *,
        work: Callable[[Sequence[LogFile]], bytes] = digest_batch,
    ) -> None:
        self._task = task
        self._processes = processes
        self._work = work
        self._executor = self._new_executor()

    def _new_executor(self) -> ProcessPoolExecutor:
        # Not forked from here: this process may have threads (a progress display, S3 clients).
        # The fork server imports what all processes need, once.
        context = _Context()
        context.set_forkserver_preload([start.__module__])
        with _interrupts_ignored():
            forkserver.ensure_running()
        return ProcessPoolExecutor(
            self._processes,
            mp_context=context,
            initializer=start,
            initargs=(self._task,),
        )

    def digests(self, batches: Iterable[Batch]) -> Iterator[FileDigest]:
        """The digests of all files, in the order of the batches."""
        waiting: deque[tuple[Batch, Future[bytes]]] = deque()
        source = iter(batches)
        for batch in source:
            waiting.append((batch, self._submit(batch)))
            if len(waiting) >= self._processes * _AHEAD:
                yield from self._next(waiting)
        while waiting:
            yield from self._next(waiting)

    def _submit(self, batch: Sequence[LogFile]) -> Future[bytes]:
        try:
            with _interrupts_deferred():  # which would lose a process that is being started
                return self._executor.submit(self._work, batch)
        except BrokenProcessPool as error:  # noticed while submitting: treated when its turn comes
            future: Future[bytes] = Future()
            future.set_exception(error)
            return future

    def _next(self, waiting: deque[tuple[Batch, Future[bytes]]]) -> Iterator[FileDigest]:
        batch, future = waiting.popleft()
        try:
            yield from decode_batch(future.result())
        except BrokenProcessPool:
            self._restart()
            yield from self._one_by_one(batch)
            again = [waiting_batch for waiting_batch, _ in waiting]
            waiting.clear()
            waiting.extend((again_batch, self._submit(again_batch)) for again_batch in again)

    def _one_by_one(self, batch: Batch) -> Iterator[FileDigest]:
        for file in batch:
            try:
                yield from decode_batch(self._submit((file,)).result())
            except BrokenProcessPool:
                self._restart()
                yield FileDigest(Digest(file.source, problems=[_killer(file)]), file.size)

    def _restart(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._new_executor()

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes started inside never see Ctrl-C: it is for this one, which then ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's business
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Ctrl-C takes effect at the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _killer(file: LogFile) -> Problem:
    return Problem(
        file.source,
        "worker-died",
        "the process reading this file died, twice",
        "give it more memory, or lower --max-file-size so that the file is refused",
    )
