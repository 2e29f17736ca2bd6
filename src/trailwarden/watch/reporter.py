"""The observer of a real watch: what happens becomes log lines, metrics, and a state of health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock

from trailwarden.alarms import State
from trailwarden.monitor.outcome import Transition
from trailwarden.times import format_instant, from_epoch
from trailwarden.watch.desk import Taken, Told
from trailwarden.watch.observability.logs import Log
from trailwarden.watch.observability.metering import Metering
from trailwarden.watch.observability.server import Health
from trailwarden.watch.observability.systemd import Watchdog
from trailwarden.watch.portion import Trouble

_SILENT_AFTER = timedelta(minutes=10)  # a source not read to its end for so long is not healthy
_WORDS = {"amendment": "more behind ALARM", "late-match": "late match", "repeat": "still in ALARM"}
_SHOWN = 3  # principals in a line of the log


class Reporter:
    """Tells ``log``, ``metrics`` and systemd's watchdog. ``clock`` tells the time (UTC).

    ``sources`` are the names of all sources: one that was never read to its end is not healthy.
    """

    def __init__(
        self,
        log: Log,
        metrics: Metering,
        sources: Iterable[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._log = log
        self._metrics = metrics
        self._clock = clock
        self._lock = Lock()
        self._storage: str | None = None
        self._drained: dict[str, datetime] = {}
        self._failing: dict[str, str] = {}
        self._undelivered: dict[str, str] = {}
        self._sources = tuple(sources)
        self._watchdog = Watchdog()

    # --- what the watch says -------------------------------------------------------------
    def taken(self, taken: Taken, seconds: float) -> None:
        source, found, observed = taken.portion.source, taken.found, taken.observed
        self._metrics.batch(
            source,
            records=observed.records,
            duplicates=observed.duplicates,
            files=1,
            size=found.stored,
        )
        filters: Counter[str] = Counter()
        for (name, _), count in observed.matches.items():
            filters[name] += count
        for name, count in filters.items():
            self._metrics.matched(name, count)
        if observed.late:
            self._metrics.late(observed.late, observed.late_matches)
        self._metrics.decided(seconds)
        for problem in taken.problems:
            self._metrics.problem(source, problem.code, problem.count)
            self._log.warning(
                "input could not be used",
                source=source,
                place=str(problem.location),
                code=problem.code,
                what=problem.message,
                cure=problem.cure,
            )
        self._log.debug(
            "taken",
            source=source,
            file=taken.portion.label,
            records=observed.records,
            duplicates=observed.duplicates,
            matches=sum(filters.values()),
        )

    def told(self, told: Told) -> None:
        announcement = told.announcement
        transition, kind = announcement.transition, announcement.kind
        self._metrics.announcement(kind)
        channels = []
        for one in told.destinations:
            if one.muted is None:
                channels.append(one.channel)
            else:
                self._metrics.delivery(one.channel, "muted")
                self._log.info(
                    "muted",
                    alarm=announcement.alarm,
                    what=_WORDS.get(kind, transition.to_state),
                    at=format_instant(transition.time),
                    channel=one.channel,
                    reason=one.muted,
                )
        fields: dict[str, object] = {
            "alarm": announcement.alarm,
            "at": format_instant(transition.time),
        }
        if transition.principals:
            shown = [f"{p.principal} x{p.count}" for p in transition.principals[:_SHOWN]]
            fields |= {"principals": ", ".join(shown), "events": transition.event_count}
        fields["channels"] = ",".join(dict.fromkeys(channels)) or "none"
        say = self._log.warning if transition.to_state == "ALARM" else self._log.info
        say(_WORDS.get(kind, transition.to_state), **fields)

    def changed(self, alarm: str, transition: Transition) -> None:
        self._metrics.transition(alarm, transition.to_state)
        self._log.info(
            "decided",
            alarm=alarm,
            state=transition.to_state,
            before=transition.from_state,
            at=format_instant(transition.time),
        )

    def progress(
        self, states: Mapping[str, State], decided: int | None, waiting: int, size: int
    ) -> None:
        for name, state in states.items():
            self._metrics.alarm_state(name, state)
        if decided is not None:
            self._metrics.watermark(from_epoch(decided * 60))
        self._metrics.queue(waiting)
        self._metrics.database(size)
        self._log.flush()
        self._watchdog.alive()

    def drained(self, source: str, at: datetime) -> None:
        self._metrics.drained(source, at)
        with self._lock:
            is_first = source not in self._drained
            recovered = self._failing.pop(source, None)
            self._drained[source] = at
        if is_first:
            self._log.info("all that was there is read", source=source)
        elif recovered is not None:
            self._log.info("the source can be read again", source=source)

    def trouble(self, trouble: Trouble) -> None:
        problem = trouble.problem
        self._metrics.problem(trouble.source, problem.code, problem.count)
        if not trouble.lasting:
            with self._lock:
                self._failing[trouble.source] = problem.code
        self._log.warning(
            "something cannot be read" if trouble.lasting else "the source cannot be read now",
            source=trouble.source,
            place=str(problem.location),
            code=problem.code,
            what=problem.message,
            cure=problem.cure,
        )

    def storage(self, problem: str | None) -> None:
        self._watchdog.alive()
        with self._lock:
            self._storage = problem
        if problem is None:
            self._log.info("the state can be stored again")
        else:
            self._log.error(
                "the state cannot be stored: nothing is taken until it can",
                what=problem,
                cure="make room on its disk; it is tried again and again",
            )

    # --- what the deliveries say ---------------------------------------------------------
    def delivered(self, channel: str, messages: int, seconds: float) -> None:
        self._metrics.delivery(channel, "delivered", seconds)
        with self._lock:
            recovered = self._undelivered.pop(channel, None)
        if recovered is not None:
            self._log.info("the channel works again", channel=channel)
        self._log.debug("delivered", channel=channel, messages=messages)

    def undelivered(self, channel: str, messages: int, why: str, retry: float | None) -> None:
        self._metrics.delivery(channel, "failed" if retry is None else "retried")
        with self._lock:
            self._undelivered[channel] = why
        if retry is None:
            self._log.error("a message is given up", channel=channel, messages=messages, why=why)
        else:
            self._log.warning(
                "a message could not be delivered yet", channel=channel, why=why, retry_after=retry
            )

    def outbox(self, channel: str, waiting: int, oldest: datetime | None) -> None:
        self._metrics.outbox(channel, waiting, oldest)

    # --- health --------------------------------------------------------------------------
    def health(self) -> Health:
        """Whether records are taken and stored. Channels are shown, and do not make it sick."""
        now = self._clock()
        with self._lock:
            checks = {"storage": self._storage or "ok"}
            for source in dict.fromkeys((*self._sources, *self._drained, *self._failing)):
                checks[f"source {source}"] = self._source(source, now)
            is_ok = all(value == "ok" for value in checks.values())
            for channel in self._undelivered:
                checks[f"channel {channel}"] = "undelivered messages"
        return Health(is_ok, checks)

    def _source(self, source: str, now: datetime) -> str:
        at, failing = self._drained.get(source), self._failing.get(source)
        if failing is not None:
            return failing
        if at is None:
            return "reading what is there"
        return "behind" if now - at > _SILENT_AFTER else "ok"
