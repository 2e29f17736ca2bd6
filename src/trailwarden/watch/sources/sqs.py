"""What messages in an SQS queue tell: log files that came to S3, or CloudTrail's events."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from trailwarden.errors import InputError
from trailwarden.problems import Problem
from trailwarden.settings import SourceSettings
from trailwarden.text import visible
from trailwarden.trail.kinds import kind_of_name
from trailwarden.trail.layout import delivery_minute
from trailwarden.watch.portion import Memory, Offer, Portion, Stopped
from trailwarden.watch.sources import aws
from trailwarden.watch.sources.addresses import queue_region, queue_url
from trailwarden.watch.sources.helpers import Helpers
from trailwarden.watch.sources.notices import (
    EventNotice,
    ObjectNotice,
    UnknownFormError,
    read_notice,
)
from trailwarden.watch.sources.outlet import Outlet, keep_looking, problem_of
from trailwarden.watch.sources.s3_objects import OF_ONE_OBJECT, Bucket, Fetched, uri
from trailwarden.watch.sources.sqs_jobs import Job, Jobs
from trailwarden.watch.sources.sqs_receipts import (
    RIGHTS,
    VISIBILITY,
    Message,
    Receipts,
    message_of,
)
from trailwarden.watch.sources.trust import Refusal, Trust

_WAIT = 5  # seconds that a receive waits for messages; a stop waits for no receive
_WAIT_ONCE = 1
_LONGEST_WAIT = 20  # what SQS allows
_BATCH = 10
_RECEIVES = 4  # at once, while there are many messages
_DOWNLOADS = 8
_AT_ONCE = 64 * 1024 * 1024  # bytes that are fetched ahead, about
_USUAL_SIZE = 1024 * 1024  # of an object whose notice does not tell it
_PATIENCE = 3  # receives after which an object that cannot be read must be taken to stay so
_SOON, _LATER, _LONGEST = 2, 30, 600  # seconds that such a message is left in the queue
_COMES_BACK = 60.0  # seconds in which a message is received again after its time, if by us
_LONGEST_MESSAGE = 300  # characters of a problem
_LASTING = frozenset(("vanished", "too-large", "no-such-bucket"))

Part = ObjectNotice | EventNotice


def open_queue(settings: SourceSettings, *, limit: int) -> QueueSource:
    """The source of a queue. Raises UsageError."""
    url = queue_url(settings.address)
    region = settings.region or queue_region(url)
    parts = urlsplit(url)
    endpoint = None if queue_region(url) else f"{parts.scheme}://{parts.netloc}"
    source = QueueSource(
        settings.name or visible(f"sqs:{url}"),
        aws.client("sqs", region=region, endpoint=endpoint),
        aws.client("s3", region=region),
        url,
        wait=_WAIT if settings.poll is None else min(_LONGEST_WAIT, max(1, round(settings.poll))),
        limit=limit,
        trust=Trust(settings.buckets, settings.accounts),
    )
    try:
        source.has_redrive()
    except InputError as error:
        aws.check(error)  # anything else is told by the run, and may mend itself
    return source


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A source by messages. ``skipped`` counts objects that are no logs, by their kind."""

    name: str
    client: Any
    s3: Any
    url: str
    wait: int
    limit: int
    trust: Trust = field(default_factory=Trust)
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def what(self) -> str:
        return f"the queue {visible(self.url, 300)}"

    def has_redrive(self) -> bool:
        """Whether the queue moves away by itself what is received too often. Raises InputError."""
        try:
            answer = self.client.get_queue_attributes(
                QueueUrl=self.url, AttributeNames=["RedrivePolicy"]
            )
        except aws.aws_errors() as error:
            raise aws.failure(error, self.what, "sqs:GetQueueAttributes on the queue") from None
        return bool(_json_object(answer.get("Attributes", {}).get("RedrivePolicy")))

    def invisible(self) -> tuple[int, int]:
        """How many messages somebody has in hand, and the seconds that the queue gives for that.

        Raises InputError.
        """
        names = ["ApproximateNumberOfMessagesNotVisible", "VisibilityTimeout"]
        try:
            answer = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        except aws.aws_errors() as error:
            raise aws.failure(error, self.what, "sqs:GetQueueAttributes on the queue") from None
        found = answer.get("Attributes", {})
        count, seconds = (int(found.get(name, 0)) for name in names)
        return count, seconds

    def run(self, put: Callable[[Offer], None], memory: Memory, stop: Event, *, once: bool) -> None:
        """See :class:`~trailwarden.watch.portion.Source`."""
        outlet = Outlet(self.name, put)
        jobs = Jobs(receipts := Receipts(self.client, self.url, self.what))
        with Helpers(_DOWNLOADS, stop, name=self.name) as helpers:
            reading = _Reading(self, outlet, memory, helpers, jobs, receipts, stop, once=once)
            try:
                keep_looking(reading.look, outlet, stop, label=visible(self.url, 300), once=once)
            except Stopped:
                return
            finally:
                jobs.close()


class _Reading:
    """One run over a queue."""

    def __init__(
        self,
        source: QueueSource,
        outlet: Outlet,
        memory: Memory,
        helpers: Helpers,
        jobs: Jobs,
        receipts: Receipts,
        stop: Event,
        *,
        once: bool,
    ) -> None:
        self._source = source
        self._outlet = outlet
        self._memory = memory
        self._helpers = helpers
        self._jobs = jobs
        self._receipts = receipts
        self._stop = stop
        self._once = once
        self._held: list[tuple[Job, Part]] = []  # what will work once the way to S3 does again
        self._awaited: dict[str, float] = {}  # messages given back, until when (monotonic)
        self._others_since: float | None = time.monotonic()  # since when that is waited for
        self._is_busy = False

    def look(self) -> float:
        """Take messages until there are none. Raises InputError and Stopped."""
        while True:
            at = datetime.now(UTC)
            held, self._held = self._held, []
            self._take(held)
            messages = self._receive()
            self._outlet.mended()
            self._tell_receipts()
            self._forget_lost_ones()
            if messages:
                self._read(messages)
            elif self._once and (self._awaited or self._others_hold()):
                continue
            elif self._others_hold():
                return 0.0
            else:
                self._outlet.drained(at)
                return 0.0

    def _others_hold(self) -> bool:
        """Whether a run that died may still hold messages: they come back when their time is over.

        Once there are none, or their time must be over, it is not asked again; but what came back
        since the last receive is to be received first.
        """
        if self._others_since is None:
            return False
        try:
            count, seconds = self._helpers.call(self._source.invisible)
        except InputError:
            count, seconds = 1, VISIBILITY  # it cannot be told: their time has to pass
        others = count - self._receipts.invisible()
        end = self._others_since + max(VISIBILITY, min(seconds, _LONGEST))
        if others <= 0 or time.monotonic() >= end:
            self._others_since = None
        return True

    def _receive(self) -> list[Message]:
        messages = self._receive_many() if self._is_busy else []
        if not messages:
            wait = _WAIT_ONCE if self._once else self._source.wait
            messages = self._helpers.call(partial(self._receive_some, wait))
        self._is_busy = len(messages) >= _BATCH
        return messages

    def _receive_many(self) -> list[Message]:
        """Several answers at once. One that fails takes nothing from the others."""
        messages: list[Message] = []
        calls = [self._helpers.submit(partial(self._receive_some, 0)) for _ in range(_RECEIVES)]
        for call in calls:
            try:
                some = self._helpers.result(call)
            except InputError:
                continue  # if it goes on, the next receive tells
            messages += some
        return messages

    def _receive_some(self, wait: int) -> list[Message]:
        """In a helper's thread: nobody may be waiting for it any more."""
        source = self._source
        try:
            answer = source.client.receive_message(
                QueueUrl=source.url,
                MaxNumberOfMessages=_BATCH,
                WaitTimeSeconds=wait,
                VisibilityTimeout=VISIBILITY,
                AttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            )
        except aws.aws_errors() as error:
            raise aws.failure(error, source.what, RIGHTS) from None
        messages = [message_of(item) for item in answer.get("Messages", ())]
        if self._stop.is_set():
            for message in messages:
                self._receipts.give_back(message, 0)
            return []
        return messages

    def _read(self, messages: list[Message]) -> None:
        """Offer what the messages tell. Raises as ``_take`` does."""
        for message in messages:
            self._awaited.pop(message.id, None)  # it came back
        try:
            self._take([pair for message in messages for pair in self._begin(message)])
        finally:
            for message in messages:
                if message.id not in self._awaited:
                    self._outlet.mended(message.id)

    def _begin(self, message: Message) -> Iterator[tuple[Job, Part]]:
        """What is to be read for a message. One that says nothing is deleted."""
        try:
            notice = read_notice(message.body)
        except UnknownFormError as error:
            said = f"message {message.id} cannot be used: {error}"
            said += "" if error.is_secret else f": {message.body}"
            self._poison(self._jobs.begin(message, {None}), None, "unknown-message", said)
            return
        parts: list[Part] = [part for part in notice.objects if self._is_log(part)]
        parts += [notice.event] if notice.event is not None else []
        if not (notice.objects or notice.event):
            self._source.skipped["other-message"] += 1
        job = self._jobs.begin(message, set(parts))
        if not parts:
            self._jobs.settle(job, None)
        for part in parts:
            refusal = self._source.trust.refusal(part)
            if refusal is not None:
                self._refused(job, part, refusal)
            elif isinstance(part, ObjectNotice) and part.etag and self._is_taken(part, part.etag):
                self._jobs.settle(job, part)
            else:
                yield job, part

    def _refused(self, job: Job, part: Part, refusal: Refusal) -> None:
        """A part that speaks of what this queue is not about."""
        said = f"message {job.message.id} speaks of {refusal.why}"
        self._poison(job, part, refusal.code, said, cure=refusal.cure, is_final=refusal.is_final)

    def _is_log(self, part: ObjectNotice) -> bool:
        kind = "folder" if part.key.endswith("/") else kind_of_name(part.key)
        if kind:
            self._source.skipped[kind] += 1
        return not kind

    def _is_taken(self, part: ObjectNotice, etag: str) -> bool:
        return self._memory.is_taken(self._source.name, uri(part.bucket, part.key), etag)

    def _take(self, pairs: list[tuple[Job, Part]]) -> None:
        """Fetch and offer. Raises InputError where the way to S3 does not work; see ``_held``."""
        reason: InputError | None = None
        fetched = self._helpers.ahead(
            pairs, self._content, cost=lambda pair: _size(pair[1]), most=_AT_ONCE
        )
        for (job, part), future in fetched:
            try:
                content = future.result()
            except InputError as error:
                if error.code in OF_ONE_OBJECT:
                    self._failed(job, part, error)
                else:
                    self._held.append((job, part))
                    reason = error
            else:
                self._offer(job, part, content)
        if reason is not None:
            raise reason

    def _content(self, pair: tuple[Job, Part]) -> Fetched:
        part = pair[1]
        if isinstance(part, EventNotice):
            return Fetched(part.content, part.version)
        bucket = Bucket(self._source.s3, part.bucket)
        return bucket.fetch(part.key, limit=self._source.limit)

    def _offer(self, job: Job, part: Part, fetched: Fetched) -> None:
        message = job.message
        if isinstance(part, EventNotice):
            key, delivered = f"event:{part.id}", message.sent
            label = f"{visible(self._source.url, 300)} (message {message.id})"
        else:
            key = uri(part.bucket, part.key)
            delivered, label = delivery_minute(part.key.rpartition("/")[2]), visible(key)
        identity = (key, fetched.etag)
        if self._memory.is_taken(self._source.name, key, fetched.etag):
            self._jobs.settle(job, part)
        elif self._jobs.offers(job, part, identity):
            self._outlet.offer(
                Portion(
                    source=self._source.name,
                    key=key,
                    version=fetched.etag,
                    label=label,
                    content=fetched.content,
                    delivered=delivered,
                    acknowledge=partial(self._jobs.acknowledged, identity),
                )
            )

    def _failed(self, job: Job, part: Part, error: InputError) -> None:
        """An object that cannot be read, while others can."""
        message = job.message
        place = visible(uri(part.bucket, part.key)) if isinstance(part, ObjectNotice) else ""
        is_lasting = self._is_lasting(error, message)
        if is_lasting and error.code in _LASTING:
            said = f"message {message.id} names an object that cannot be read: {error.message}"
            self._poison(job, part, error.code, f"{said}: {place}", cure=error.cure)
            return
        self._outlet.trouble(problem_of(error, place), about=message.id, lasting=is_lasting)
        times = min(message.receives - 1, 10)
        seconds = min(_LONGEST, (_SOON if error.code == "vanished" else _LATER) * 2**times)
        if not is_lasting:
            self._awaited[message.id] = time.monotonic() + seconds + _COMES_BACK
        self._jobs.leave(job, seconds)

    def _is_lasting(self, error: InputError, message: Message) -> bool:
        if error.code == "too-large":
            return True
        patience = 1 if self._once and error.code not in _LASTING else _PATIENCE
        return message.receives >= patience

    def _poison(
        self,
        job: Job,
        part: Part | None,
        code: str,
        said: str,
        *,
        cure: str = "",
        is_final: bool = True,
    ) -> None:
        """Tell it; then leave the message to the queue's redrive policy, or delete it.

        Where it is not ``is_final``, it stays in the queue in any case.
        """
        is_left = not is_final or self._has_redrive()
        fate = "it was deleted"
        if is_left:
            fate = "the queue's redrive policy sets it aside" if is_final else "it stays there"
        problem = Problem(
            visible(self._source.url, 300),
            code,
            visible(said, _LONGEST_MESSAGE),
            f"{cure or 'look at what writes to this queue'}; {fate}",
        )
        self._outlet.trouble(problem, about=job.message.id, lasting=True)
        if is_left:
            self._jobs.leave(job)
        else:
            self._jobs.settle(job, part)

    def _has_redrive(self) -> bool:
        """Where it cannot be told, leaving a message loses nothing."""
        try:
            return self._helpers.call(self._source.has_redrive)
        except InputError:
            return True

    def _tell_receipts(self) -> None:
        """Messages that cannot be deleted come again, and are known then: nothing waits for it."""
        error = self._receipts.failure()
        if error is not None:
            place = visible(self._source.url, 300)
            self._outlet.trouble(problem_of(error, place), about="receipts", lasting=True)

    def _forget_lost_ones(self) -> None:
        """Messages that did not come back: moved by a redrive policy, or somebody else has them."""
        now = time.monotonic()
        for identity in [name for name, until in self._awaited.items() if until < now]:
            del self._awaited[identity]
            self._outlet.mended(identity)


def _size(part: Part) -> int:
    if isinstance(part, EventNotice):
        return len(part.content)
    return part.size or _USUAL_SIZE


def _json_object(text: object) -> dict[str, object]:
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
