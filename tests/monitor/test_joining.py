"""What is known of a file's parts is known of the file: no field of a digest is lost."""

from __future__ import annotations

import msgspec

from tests.records import log_file, metric_filter, record
from trailwarden.monitor import DigestReader
from trailwarden.monitor.digest import Digest, Hit
from trailwarden.monitor.merging import joined


def parts() -> list[Digest]:
    reader = DigestReader([metric_filter()])
    made = [
        reader.digest(
            log_file([record("StopLogging", n, number=n, **more), record("Put", 9, number=n + 50)]),
            "a.json",
        )
        for n, more in enumerate(({}, {"errorCode": "AccessDenied"}, {}))
    ]
    made[1].problems = [*reader.digest(b'{"Records":[{]}', "a.json").problems]
    made[2].event_minutes = made[2].minutes[::-1]
    return made


def test_every_field_of_a_digest_survives() -> None:
    digest = joined("a.json", parts())
    # Matches that are kept for a list of all of them are written for each member by itself.
    fields = [field for field in msgspec.structs.fields(Digest) if field.name != "extra"]
    for field in fields:
        assert getattr(digest, field.name) not in (None, b"", [], ""), field.name


def test_every_field_of_a_hit_points_where_it_pointed() -> None:
    made = parts()
    digest = joined("a.json", made)
    told = [
        (hit.second, hit.filters, hit.samples, part.principals[hit.principal], part.action_of(hit))
        for part in made
        for hit in part.hits
    ]
    assert told == [
        (
            *(hit.second, hit.filters, hit.samples),
            *(digest.principals[hit.principal], digest.action_of(hit)),
        )
        for hit in digest.hits
    ]
    assert [hit.position for hit in digest.hits] == [0, 2, 4]
    assert [position for position, _ in digest.events] == [0, 2, 4]


def test_these_are_all_the_fields_of_a_hit() -> None:
    names = {field.name for field in msgspec.structs.fields(Hit)}
    assert names == {"position", "second", "filters", "principal", "samples", "action"}
