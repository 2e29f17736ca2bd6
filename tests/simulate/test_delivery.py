"""Log files as CloudTrail delivers them."""

import re
from collections import Counter
from datetime import UTC, datetime
from json import loads
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.simulate.delivery import Delivery, LogFile
from trailwarden.simulate.identifiers import random_for
from trailwarden.simulate.scribe import Event

KEY = re.compile(
    r"AWSLogs/(?P<account>\d{12})/CloudTrail/(?P<region>[a-z0-9-]+)/(?P<date>\d{4}/\d\d/\d\d)/"
    r"(?P=account)_CloudTrail_(?P=region)_(?P<stamp>\d{8}T\d{4})Z_[A-Za-z0-9]{16}\.json\.gz"
)
START = 1_741_000_000


def stamp_of(key):
    match = KEY.fullmatch(key)
    assert match, key
    moment = datetime.strptime(match["stamp"], "%Y%m%dT%H%M").replace(tzinfo=UTC)
    assert moment.minute % 5 == 0
    assert f"{moment:%Y/%m/%d}" == match["date"]
    return int(moment.timestamp())


def event(number, time, account="111122223333", region="us-east-1"):
    return Event(time, account, region, b'{"n":%d}' % number)


def deliver(made, seed="test"):
    delivery = Delivery(random_for(seed))
    return delivery, list(delivery.files(made))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4000),
            st.sampled_from(["111122223333", "444455556666"]),
            st.sampled_from(["us-east-1", "eu-west-1"]),
        ),
        max_size=60,
    )
)
def test_every_record_is_delivered_in_its_account_and_region_within_ten_minutes(drawn):
    made = [
        event(number, START + offset, account, region)
        for number, (offset, account, region) in enumerate(sorted(drawn))
    ]
    delivery, files = deliver(made)
    copies = Counter()
    for file in files:
        match = KEY.fullmatch(file.key)
        stamp = stamp_of(file.key)
        for data in file.records:
            source = next(one for one in made if one.data == data)
            assert (match["account"], match["region"]) == (source.account, source.region)
            assert stamp > source.time
            if copies[data] == 0:
                assert stamp - source.time <= 600
            copies[data] += 1
    assert copies.keys() == {one.data for one in made}
    assert sum(copies.values()) == len(made) + delivery.duplicates


def test_half_of_the_records_take_about_three_and_a_half_minutes():
    made = [event(number, START + number // 4) for number in range(20_000)]
    _, files = deliver(made)
    delays = [
        stamp_of(file.key) - START - int(data[5:-1]) // 4 for file in files for data in file.records
    ]
    assert 2.9 < median(delays) / 60 < 3.9
    assert max(delays) <= 1300  # one delivered twice is later still


def test_a_busy_region_gets_several_files_at_once():
    made = [event(number, START + number // 20) for number in range(12_000)]
    _, files = deliver(made)
    at_once = Counter(stamp_of(file.key) for file in files)
    assert max(at_once.values()) >= 10
    assert max(len(file.records) for file in files) < 500
    assert len({file.key for file in files}) == len(files)


def test_some_records_come_twice_in_another_file():
    made = [event(number, START + number // 20) for number in range(12_000)]
    delivery, files = deliver(made)
    where = Counter(data for file in files for data in set(file.records))
    twice = [data for data, count in where.items() if count == 2]
    assert 0 < delivery.duplicates < 30
    assert len(twice) == delivery.duplicates


def test_files_come_as_time_goes_by():
    waiting = []

    def source():
        for number in range(4000):
            waiting.append(number)
            yield event(number, START + number)

    delivery = Delivery(random_for("test"))
    next(delivery.files(source()))
    assert len(waiting) < 1000


def test_nothing_is_delivered_where_nothing_happened():
    assert deliver([])[1] == []


@pytest.mark.parametrize("records", [[b"{}"], [b'{"a":1}', b'{"b":2}']])
def test_a_file_holds_one_object(records):
    assert loads(LogFile("key", records).payload()) == {"Records": list(map(loads, records))}
