"""Which messages may be deleted: those whose every part is safe."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from trailwarden.watch.sources.sqs_receipts import Message, Receipts

Identity = tuple[str, str]  # key and version of a portion


@dataclass(slots=True, eq=False)
class Job:
    """A message, and the parts of it that are not safe yet. A spoilt one is never deleted."""

    message: Message
    left: set[Hashable] = field(default_factory=set)
    is_spoilt: bool = False


class Jobs:
    """Portions that were offered and are not safe yet. All methods are for any thread."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts
        self._lock = Lock()
        self._offered: dict[Identity, list[tuple[Job, Hashable]]] = {}
        self._untouched: dict[str, Job] = {}  # by message: nothing of them was offered yet

    def begin(self, message: Message, parts: set[Hashable]) -> Job:
        """Take a message in hand."""
        self._receipts.hold(message)
        job = Job(message, set(parts))
        with self._lock:
            self._untouched[message.id] = job
        return job

    def offers(self, job: Job, part: Hashable, identity: Identity) -> bool:
        """Note that a part waits for this portion; False where that was offered before."""
        with self._lock:
            self._untouched.pop(job.message.id, None)
            waiting = self._offered.setdefault(identity, [])
            waiting.append((job, part))
            return len(waiting) == 1

    def acknowledged(self, identity: Identity) -> None:
        """The portion is safe. Quick, and never raises."""
        with self._lock:
            waiting = self._offered.pop(identity, [])
        for job, part in waiting:
            self.settle(job, part)

    def settle(self, job: Job, part: Hashable = None) -> None:
        """This part is safe, or is no log; the message goes with its last part."""
        with self._lock:
            self._untouched.pop(job.message.id, None)
            job.left.discard(part)
            is_over = not job.left and not job.is_spoilt
        if is_over:
            self._receipts.done(job.message)

    def leave(self, job: Job, seconds: int | None = None) -> None:
        """Leave the message in the queue: for so many seconds, or until its own time is over."""
        with self._lock:
            self._untouched.pop(job.message.id, None)
            job.is_spoilt = True
        if seconds is None:
            self._receipts.drop(job.message)
        else:
            self._receipts.give_back(job.message, seconds)

    def close(self) -> None:
        """Give back at once what nothing was offered of."""
        with self._lock:
            untouched, self._untouched = self._untouched, {}
        for job in untouched.values():
            self._receipts.give_back(job.message, 0)
        self._receipts.close()
