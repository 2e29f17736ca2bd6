"""Judging one control of one version over a stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from trailwarden.audit.belonging import Belonging
from trailwarden.audit.chains import NO_FILTER, Chain, Chains, rank
from trailwarden.audit.model import SEVERITIES, ControlAudit, Count, Escape, Finding
from trailwarden.audit.noise import Noise
from trailwarden.audit.scanners import predict
from trailwarden.audit.scope import Scope
from trailwarden.audit.summing import summed
from trailwarden.audit.verdict import Verdict
from trailwarden.monitor import DigestReader
from trailwarden.monitor.digest import Hit
from trailwarden.stack.controls import Control, Version, Witness, witnesses
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import Stack

_Judged = tuple[Witness, Chain]


class Judge:
    """Judges the controls of ``stack``, each by its witnesses.

    ``scope`` says what it means that the stack does not hold a trail or a subscription.
    """

    def __init__(self, stack: Stack, scope: Scope) -> None:
        self._stack = stack
        self._reader = DigestReader(stack.metric_filters)
        self._chains = Chains(stack, scope)
        self._noise = Noise(stack, self._hits)
        self._belonging = Belonging(self._hits, self._noise.indiscriminate)
        self._verdicts: dict[str, tuple[Verdict, ...]] = {}

    def judge(self, control: Control, version: Version) -> ControlAudit:
        """The control must be in the version."""
        found = witnesses(control, version)
        own = self._belonging.of(control)
        judged = [
            (one, self._best(one, hit, own))
            for one, hit in zip(found, self._hits([one.record for one in found]), strict=True)
        ]
        watched = [number for number in own if self._chains.readers(number)]
        noise, noise_findings = self._noise.of(control, watched)
        alarms = [alarm.alarm_name for number in own for alarm in self._chains.readers(number)]
        filters = [self._stack.metric_filters[number].filter_name for number in own]
        return ControlAudit(
            control=control,
            version=version,
            findings=_ordered((*summed(judged, self._places(own)), *noise_findings)),
            named=_count(judged, is_named=True),
            forgotten=_count(judged, is_named=False),
            escapes=tuple(_escapes(judged)),
            example=next((one.record for one, chain in judged if chain.is_broken), None),
            noise=noise,
            filters=tuple(dict.fromkeys(filters)),
            alarms=tuple(dict.fromkeys(alarms)),
            verdicts=self._predicted(control),
        )

    def _predicted(self, control: Control) -> tuple[Verdict, ...]:
        """Scanners ask the same of every version."""
        if control.key not in self._verdicts:
            self._verdicts[control.key] = predict(control, self._stack)
        return self._verdicts[control.key]

    def _hits(self, records: Sequence[Mapping[str, Any]]) -> list[Hit | None]:
        """What the filters make of each record; None where no filter matches."""
        payload = msgspec.json.encode({"Records": records})
        by_position = {hit.position: hit for hit in self._reader.digest(payload, "audit").hits}
        return [by_position.get(position) for position in range(len(records))]

    def _best(self, witness: Witness, hit: Hit | None, own: Sequence[int]) -> Chain:
        """The best chain through the control's own filters, or through any that tells something."""
        if hit is None:
            return NO_FILTER
        everything = self._noise.indiscriminate.intersection(hit.filters)
        mine = [number for number in hit.filters if number in own]
        chains = [self._chains.best(witness.record, hit, mine)] if mine else []
        if not chains or chains[0].is_broken:
            others = sorted(set(hit.filters) - everything.union(mine))
            chains += [self._elsewhere(witness, hit, number) for number in others]
        if not chains:
            return Chain((self._noise.of_everything(min(everything)),), 1)
        return min(chains, key=rank)

    def _elsewhere(self, witness: Witness, hit: Hit, number: int) -> Chain:
        """The chain through a filter that may be about something else."""
        chain = self._chains.best(witness.record, hit, [number])
        title = self._belonging.title(number)
        if not title or chain.is_broken:
            return chain
        name = quoted(self._stack.metric_filters[number].filter_name)
        message = f"only the filter {name} leads to people, whose alarm tells of {title}"
        finding = Finding("another-alarm", "events", "weak", message)
        return Chain((*chain.findings, finding), chain.length)

    def _places(self, own: Sequence[int]) -> tuple[str, ...]:
        """The names of the filters that could be extended, those with an alarm first."""
        ordered = sorted(own, key=lambda number: not self._chains.readers(number))
        return tuple(self._stack.metric_filters[number].filter_name for number in ordered)


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first."""
    return tuple(sorted(findings, key=lambda one: -SEVERITIES.index(one.severity)))


def _count(judged: Iterable[_Judged], *, is_named: bool) -> Count:
    chains = [chain for witness, chain in judged if witness.is_named == is_named]
    return Count(sum(not chain.is_broken for chain in chains), len(chains))


def _escapes(judged: Iterable[_Judged]) -> Iterator[Escape]:
    for witness, chain in judged:
        broken = next((one for one in chain.findings if one.severity == "fail"), None)
        if broken is not None:
            yield Escape(witness.name, witness.is_named, broken.code)
