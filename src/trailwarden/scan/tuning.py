"""Tuning: an archive read twice, first to see the noise, then to count what each cure would do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property, partial

from trailwarden.alarms import MetricAlarm
from trailwarden.errors import UsageError
from trailwarden.monitor.digest import Digest
from trailwarden.monitor.pending import Pending
from trailwarden.problems import Problem
from trailwarden.scan.options import Archives, ScanOptions, Tell, named
from trailwarden.scan.passes import Pass
from trailwarden.stack.model import Stack
from trailwarden.stack.running import running, why_not_run
from trailwarden.stack.template import did_you_mean
from trailwarden.text import visible
from trailwarden.times import epoch_seconds
from trailwarden.tuning.candidates import AlarmCandidates, Chooser
from trailwarden.tuning.model import Tuning
from trailwarden.tuning.noise import Noise
from trailwarden.tuning.proposals import Proposer
from trailwarden.tuning.suspicion import with_signs
from trailwarden.tuning.thresholds import Plan, plan, published
from trailwarden.tuning.traits import Trait, TraitHits, traits_in
from trailwarden.tuning.trial import Trial

_DAY = 86_400  # seconds
_STDIN = "-"
_AT_ONCE = 32  # alarms that are looked at unasked: each is run with all that might quieten it
_Add = Callable[[tuple[int, ...], Trait, int], None]  # filters of a match, its trait, its second


def tune(
    stack: Stack,
    archives: Archives,
    options: ScanOptions | None = None,
    *,
    alarms: Sequence[str] = (),
    most: int = 5,
    progress: Tell | None = None,
) -> Tuning:
    """Measure the noise of ``stack`` on ``archives`` and what quieter definitions would do.

    ``alarms`` names the metric alarms to look at, by default the 32 noisiest; ``most`` bounds the
    callers that are looked at per filter. Raises UsageError for an alarm that the stack does not
    have, and for an archive that cannot be read twice; what else cannot be read is a problem in
    the result.
    """
    options = options or ScanOptions()
    stack = running(stack)
    sources = named(archives)
    _check(stack, sources, options, alarms)
    started = time.monotonic()
    first = _FirstPass(stack, options, progress)
    first.run.run(sources)
    chosen = first.choose(alarms, most)
    trial = Trial(stack, chosen)
    note = partial(_note, trial.add)
    second = Pass(trial.stack, options, hits=TraitHits, see=note, progress=progress)
    second.run(sources)
    outcomes, end = second.monitor.alarm_outcomes(), second.monitor.last_event
    proposer = Proposer(stack.metric_filters, first.noise, trial, outcomes, end)
    looked_at = {one.alarm.alarm_name for one in chosen}
    return Tuning(
        stack=stack,
        clock=options.clock,
        input=second.summary(sources, _changed(first.run, second)),
        days=first.days,
        alarms=tuple(map(proposer.tuning, chosen)),
        quiet=tuple(a.alarm_name for a in stack.alarms if a.alarm_name not in looked_at),
        left_out=0 if alarms else first.fired - len(chosen),
        since=options.since,
        until=options.until,
        seconds=time.monotonic() - started,
    )


class _FirstPass:
    """The noise of a stack, and what its alarms saw."""

    def __init__(self, stack: Stack, options: ScanOptions, progress: Tell | None) -> None:
        self._stack = stack
        self._pending = Pending()
        self._own = len(stack.metric_filters)
        self.noise = Noise(self._own)
        signed = with_signs(stack)
        self.run = Pass(signed, options, hits=TraitHits, see=self._see, progress=progress)
        self._own_series = frozenset(
            (feed.filter, feed.dimensions)
            for feeds in self.run.monitor.feeds.values()
            for feed in feeds
            if feed.value is None
        )

    def _see(self, digest: Digest, duplicates: Sequence[int]) -> None:
        """Note the noise, and keep what filters publish: alarms can be run over it again."""
        _note(self.noise.add, digest, duplicates)
        left_out = frozenset(duplicates)
        for minute, count in digest.counts_without(left_out):
            if minute >= 0:
                self._pending.records.add(minute, count)
        for hit in digest.hits:
            if hit.position in left_out:
                continue
            for number in hit.filters:
                self._pending.match(number, hit.second // 60)
            for sample in hit.samples:
                series = (sample.filter, sample.dimensions)
                if series in self._own_series:  # whoever writes the log may write any dimension
                    self._pending.value(series, hit.second // 60, sample.value)

    @property
    def days(self) -> float:
        """From the first record to the last one."""
        first, last = self.run.monitor.first_event, self.run.monitor.last_event
        return (last - first).total_seconds() / _DAY if first and last else 0.0

    def choose(self, names: Sequence[str], most: int) -> list[AlarmCandidates]:
        """What to try, for the alarms of these names or those that fired."""
        wanted = set(names) or set(self._noisy[:_AT_ONCE])
        last = self.run.monitor.last_event
        end = epoch_seconds(last) if last else 0
        chooser = Chooser(self._stack.metric_filters, self.noise, end, most)
        feeds = self.run.monitor.feeds
        return [
            chooser.choose(alarm, feeds[alarm.alarm_name], self._plan(alarm))
            for alarm in self._stack.alarms
            if alarm.alarm_name in wanted
        ]

    @cached_property
    def _noisy(self) -> list[str]:
        """The alarms that fired, the noisiest first."""
        fired = [one for one in self.run.monitor.alarm_outcomes() if one.fired]
        metric = {alarm.alarm_name for alarm in self._stack.alarms}
        ranked = sorted(fired, key=lambda one: -one.fired)
        return [one.name for one in ranked if one.name in metric]

    @property
    def fired(self) -> int:
        """How many metric alarms fired."""
        return len(self._noisy)

    def _plan(self, alarm: MetricAlarm) -> Plan:
        days = self._pending.days()
        if not days:
            return Plan((), remark="the archive holds no record")
        (first, _), *_ = self._pending.records.of_day(days[0])
        *_, (last, _) = self._pending.records.of_day(days[-1])
        samples = published(self._pending, self.run.monitor.feeds[alarm.alarm_name])
        return plan(alarm, samples, first, last, self.days)


def _note(add: _Add, digest: Digest, duplicates: Sequence[int]) -> None:
    """Tell ``add`` of every match of a digest but the duplicates."""
    left_out = frozenset(duplicates)
    for hit, trait in zip(digest.hits, traits_in(digest), strict=True):
        if hit.position not in left_out:
            add(hit.filters, trait, hit.second)


def _check(
    stack: Stack, archives: Sequence[str], options: ScanOptions, alarms: Sequence[str]
) -> None:
    for archive in archives:
        if archive == _STDIN:
            raise UsageError(
                "the archive is read twice, and standard input can be read once",
                cure="write it to a file and name that",
            )
    options.check(archives)
    known = [alarm.alarm_name for alarm in stack.alarms]
    composite = {alarm.alarm_name for alarm in stack.composite_alarms}
    for name in alarms:
        if name in composite:
            raise UsageError(
                f"{visible(name, 80)!r} is a composite alarm: its noise is that of its children",
                cure="name the metric alarms of its rule",
            )
        if reason := why_not_run(stack, name, "alarm"):
            raise UsageError(
                f"the alarm {visible(name, 80)!r} is not run: {visible(reason, 300)}",
                cure="name another alarm, or mend the stack",
            )
        if name not in known:
            raise UsageError(
                f"the stack has no alarm {visible(name, 80)!r}",
                cure=visible(did_you_mean(name, tuple(known)), 300)
                or f"its alarms: {visible(', '.join(known), 400) or 'none'}",
            )


def _changed(first: Pass, second: Pass) -> list[Problem]:
    """A problem where the archive was not the same the second time."""
    before, after = first.monitor.events, second.monitor.events
    if before == after:
        return []
    return [
        Problem(
            "(all sources)",
            "archive-changed",
            f"the archive held {before:,} events when it was read first, then {after:,}",
            "tune a copy, or bound it with --until",
        )
    ]
