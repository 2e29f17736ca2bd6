"""Messages in hand: kept invisible to others while they are, and deleted when all is safe."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Condition, Thread
from typing import Any, TypeVar

from trailwarden.errors import InputError
from trailwarden.times import from_epoch
from trailwarden.watch.sources import aws
from trailwarden.watch.sources.outlet import pause_after

VISIBILITY = 120  # seconds that a message stays invisible, unless it is extended
_EXTEND_AFTER = 40.0  # seconds
_BATCH = 10  # messages in one request, at most
_FAREWELL = 0.7  # seconds that closing waits for deletions
_IDLE = 1.0  # seconds between two looks for messages to extend
_HELD_FOR = 11.5 * 3600  # seconds; SQS keeps no message invisible for more than twelve hours
RIGHTS = "sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility on the queue"
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Message:
    """A message as it was received. ``received`` and ``extended`` are by the monotonic clock."""

    id: str
    handle: str
    body: str
    receives: int  # how often it was received, this time included
    sent: datetime | None
    received: float = field(default_factory=time.monotonic)
    extended: float = field(default_factory=time.monotonic)


def message_of(answer: Any) -> Message:
    """A message in SQS's answer."""
    attributes = answer.get("Attributes", {})
    return Message(
        id=str(answer["MessageId"]),
        handle=str(answer["ReceiptHandle"]),
        body=str(answer.get("Body", "")),
        receives=int(attributes.get("ApproximateReceiveCount", 1)),
        sent=_sent(attributes.get("SentTimestamp")),
    )


def _sent(milliseconds: object) -> datetime | None:
    try:
        return from_epoch(int(str(milliseconds)) // 1000).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class Receipts:
    """The messages in hand. Its thread starts with the first, and all methods are for any thread.

    Requests that fail are repeated; what they fail with is kept for :meth:`failure`.
    """

    def __init__(self, client: Any, url: str, what: str) -> None:
        self._client = client
        self._url = url
        self._what = what
        self._changed = Condition()
        self._held: dict[str, Message] = {}
        self._done: deque[str] = deque()  # handles of messages to delete
        self._returned: deque[tuple[str, int]] = deque()  # handles, and seconds to hide them
        self._hidden: dict[str, float] = {}  # messages that were left, and until when (monotonic)
        self._thread: Thread | None = None
        self._closed = False
        self._failure: InputError | None = None

    def hold(self, message: Message) -> None:
        """Keep it invisible to others until it is done or given back."""
        with self._changed:
            self._held[message.id] = message
            self._hidden.pop(message.id, None)
            self._wake()

    def done(self, message: Message) -> None:
        """Delete it. Never raises, and does not wait."""
        with self._changed:
            self._held.pop(message.id, None)
            self._done.append(message.handle)
            self._wake()

    def give_back(self, message: Message, seconds: int) -> None:
        """Let it be received again after so many seconds."""
        with self._changed:
            self._held.pop(message.id, None)
            self._hidden[message.id] = time.monotonic() + seconds
            self._returned.append((message.handle, seconds))
            self._wake()

    def drop(self, message: Message) -> None:
        """Leave it to the queue: it comes back when its time is over."""
        with self._changed:
            self._held.pop(message.id, None)
            self._hidden[message.id] = message.extended + VISIBILITY

    def invisible(self) -> int:
        """How many messages nobody else can receive at present because of this run, at least.

        Those that are being deleted do not count: they may be gone already.
        """
        now = time.monotonic()
        with self._changed:
            self._hidden = {name: until for name, until in self._hidden.items() if until > now}
            return len(self._held) + len(self._hidden)

    def failure(self) -> InputError | None:
        """Why the last request failed, if it did."""
        with self._changed:
            return self._failure

    def close(self) -> None:
        """Keep nothing any longer; wait a little for what is to be deleted or given back.

        What is acknowledged later is deleted all the same, as long as the process lives.
        """
        with self._changed:
            self._closed = True
            self._held.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_FAREWELL)

    def _wake(self) -> None:
        """Let the thread know; to be called with the lock."""
        if self._thread is None:
            thread = Thread(target=self._work, name="sqs-receipts", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                return  # the process is ending: the message is received again
            self._thread = thread
        self._changed.notify_all()

    def _work(self) -> None:
        failures = 0
        while self._wait(failures):
            try:
                self._delete()
                self._give_back()
                self._extend()
            except InputError as error:
                failures += 1
                with self._changed:
                    self._failure = error
            else:
                failures = 0
                with self._changed:
                    self._failure = None

    def _wait(self, failures: int) -> bool:
        """Wait for work; False where the thread should end, as there is none and will be none."""
        with self._changed:
            if failures:
                self._changed.wait_for(lambda: self._closed, pause_after(failures))
            elif not (self._closed or self._done or self._returned):
                self._changed.wait(_IDLE)
            has_work = bool(self._done or self._returned)
            if self._closed and (failures or not has_work):
                self._thread = None
                return False
            return True

    def _delete(self) -> None:
        while handles := self._first(self._done):
            again = self._call("delete_message_batch", [(handle, {}) for handle in handles])
            self._remove(self._done, len(handles), again)

    def _give_back(self) -> None:
        while waiting := self._first(self._returned):
            self._remove(self._returned, len(waiting), self._hide(waiting))

    def _extend(self) -> None:
        now = time.monotonic()
        with self._changed:
            due = [m for m in self._held.values() if now - m.extended >= _EXTEND_AFTER]
            for message in due:
                if now - message.received >= _HELD_FOR:
                    del self._held[message.id]
        for start in range(0, len(due), _BATCH):
            some = due[start : start + _BATCH]
            self._hide([(message.handle, VISIBILITY) for message in some])
            for message in some:
                message.extended = now

    def _hide(self, handles: list[tuple[str, int]]) -> list[int]:
        entries = [(handle, {"VisibilityTimeout": seconds}) for handle, seconds in handles]
        return self._call("change_message_visibility_batch", entries)

    def _call(self, operation: str, entries: list[tuple[str, dict[str, int]]]) -> list[int]:
        """Send a batch; return the places of what SQS could not do just now.

        What it refuses is over: its message comes again, and is known then.
        """
        batch = [
            {"Id": str(place), "ReceiptHandle": handle, **more}
            for place, (handle, more) in enumerate(entries)
        ]
        try:
            answer = getattr(self._client, operation)(QueueUrl=self._url, Entries=batch)
        except aws.aws_errors() as error:
            raise aws.failure(error, self._what, RIGHTS) from None
        failed = [item for item in answer.get("Failed", ()) if not item.get("SenderFault", True)]
        return [int(item["Id"]) for item in failed]

    def _first(self, waiting: deque[T]) -> list[T]:
        with self._changed:
            return [waiting[number] for number in range(min(_BATCH, len(waiting)))]

    def _remove(self, waiting: deque[T], count: int, again: list[int]) -> None:
        """Take the first ones away. Raises InputError where some are to be tried again."""
        with self._changed:
            first = [waiting.popleft() for _ in range(count)]
            waiting.extend(first[place] for place in again)
        if again:
            raise InputError(
                f"{self._what} could not do everything it was asked",
                code="server-error",
                cure="it is tried again",
            )
