"""A test's records as the engine takes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trailwarden.errors import DefinitionError
from trailwarden.monitor import DigestReader
from trailwarden.monitor.digest import Digest
from trailwarden.scan.cases.model import Case
from trailwarden.trail import SeenIds


@dataclass(frozen=True, slots=True)
class Portion:
    """The records' digest, and the positions of those that were there before."""

    digest: Digest
    copies: Collection[int]


def portion_of(case: Case, reader: DigestReader) -> Portion:
    """Raises DefinitionError for records that the engine cannot use."""
    payload = b'{"Records":[' + b",".join(case.records) + b"]}"
    digest = reader.digest(payload, case.location.source)
    if digest.problems:
        problem = digest.problems[0]
        raise DefinitionError(
            f"the test's records cannot be used: {problem.message}",
            location=case.location,
            cure=problem.cure,
        )
    with SeenIds() as seen:  # a record counts once, however often it is delivered
        copies = seen.check(digest.key_array(), digest.event_minute_array())
    return Portion(digest, copies)
