"""What a worker process does: read files, digest them, send back small plain data."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Sequence

import msgspec

from trailwarden.memory import reuse
from trailwarden.reading import FileDigest, Task, Worker
from trailwarden.trail import LogFile

_worker: Worker | None = None


def start(task: Task) -> None:
    """Initialise this process."""
    global _worker  # noqa: PLW0603 - a pool's initialiser can leave its result nowhere else
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(task)
    reuse()
    gc.freeze()
    gc.disable()  # records hold no cycles; visiting them all costs a tenth of the time


def _end_with_parent() -> None:
    """Nobody hands out work any more, and nobody waits for this process: do not stay behind."""
    from multiprocessing import parent_process  # noqa: PLC0415 - known in a pool's process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def digest_batch(files: Sequence[LogFile]) -> bytes:
    """Digest a batch in this process; the digests travel as MessagePack."""
    if _worker is None:
        raise RuntimeError("start() has not run in this process")
    encoded = _encoder.encode(list(_worker.files(files)))
    gc.collect()
    return encoded


def decode_batch(data: bytes) -> list[FileDigest]:
    """The digests that :func:`digest_batch` encoded."""
    return _decoder.decode(data)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[FileDigest])
