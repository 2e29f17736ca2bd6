"""The records of a file that some filter matched, with bounded samples of the events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from trailwarden.monitor.digest import Action, Digest, Hit, Sample
from trailwarden.monitor.events import FIELD_LIMIT, event_of
from trailwarden.monitor.metrics import is_varying
from trailwarden.monitor.outcome import Event
from trailwarden.monitor.samples import Choice, Order, Traits
from trailwarden.stack.model import MetricFilter, MetricTransformation
from trailwarden.text import visible
from trailwarden.trail import Principal, decode_record, principal_of, record


class Extractor:
    """Reads what records add to metrics whose value or dimensions they determine themselves."""

    def __init__(self, filters: Sequence[MetricFilter]) -> None:
        self._filters = filters
        self._varying: dict[int, MetricTransformation] = {
            number: transformation
            for number, metric_filter in enumerate(filters)
            for transformation in metric_filter.metric_transformations[:1]
            if is_varying(transformation)
        }

    def samples(self, matched: Iterable[int], raw: bytes) -> tuple[Sample, ...]:
        """The samples of a record, matched by the filters of these numbers."""
        found: list[Sample] = []
        for number in matched:
            transformation = self._varying.get(number)
            if transformation is None:
                continue
            sample = self._filters[number].pattern.extract(
                raw, transformation.metric_value, dict(transformation.dimensions)
            )
            if sample is not None:  # rule D-13: an unreadable value publishes nothing
                found.append(Sample(number, sample.value, tuple(sorted(sample.dimensions.items()))))
        return tuple(found)


class Hits:
    """Collects the hits of one file (``source``), in the order of its records."""

    def __init__(self, extractor: Extractor, source: str) -> None:
        self._extractor = extractor
        self._source = source
        self._principals: dict[str, int] = {}
        self._actions: dict[Action, int] = {}
        self._choices: dict[tuple[int, int], Choice[tuple[int, Event]]] = {}  # filter, minute
        self._hits: list[Hit] = []

    def add(
        self, position: int, second: int, matched: tuple[int, ...], raw: bytes | msgspec.Raw
    ) -> None:
        """Note a record that counts at ``second`` since the epoch; a negative one does not."""
        if not matched or second < 0:
            return
        text = bytes(raw)
        fields: dict[str, Any] = decode_record(text)
        principal = principal_of(fields)
        number = self._principals.setdefault(principal.name, len(self._principals))
        samples = self._extractor.samples(matched, text)
        name = visible(record.event_name(fields), FIELD_LIMIT)
        action = Action(name, refused=_is_refused(fields))
        done = self._actions.setdefault(action, len(self._actions))
        hit = Hit(position, second, matched, number, samples, done)
        self._hits.append(hit)
        self.note(hit, principal, fields)
        self._sample(hit, principal, fields, text)

    def _sample(
        self, hit: Hit, principal: Principal, fields: Mapping[str, Any], text: bytes
    ) -> None:
        event = event_of(fields, text, principal, self._source)
        order, traits = Order.of(event), Traits.of(event)
        for filter_number in hit.filters:
            bucket = (filter_number, hit.second // 60)
            choice = self._choices.get(bucket)
            if choice is None:
                choice = self._choices[bucket] = Choice()
            choice.offer(order, traits, (hit.position, event))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._hits)

    def note(self, hit: Hit, principal: Principal, fields: Mapping[str, Any]) -> None:
        """For collectors that keep more of every hit: who it was, and the decoded record."""

    def put_into(self, digest: Digest) -> None:
        """Complete the file's digest."""
        digest.hits = self._hits
        digest.principals = list(self._principals)
        digest.actions = list(self._actions)
        kept = {entry[0]: entry for one in self._choices.values() for entry in one.kept()}
        digest.events = [kept[position] for position in sorted(kept)]


def _is_refused(fields: Mapping[str, Any]) -> bool:
    """Sign-ins that fail have an errorMessage without an errorCode."""
    return bool(record.error_code(fields) or record.error_message(fields))


Collector = Callable[[Extractor, str], Hits]  # what makes the hits of a file, by its source
