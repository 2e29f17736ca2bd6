"""The source of a bucket: against moto, through a proxy that misbehaves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.watch.sources.faulty import Fault, Proxy
from tests.watch.sources.running import Taken, once, watching
from trailwarden.errors import UsageError
from trailwarden.settings import SourceSettings
from trailwarden.watch.sources import open_source
from trailwarden.watch.sources import s3 as s3_module
from trailwarden.watch.sources.s3 import BucketSource

ACCOUNT = "111122223333"
NOON = datetime(2024, 5, 2, 12, 0, tzinfo=UTC)


def key(
    at: datetime, region: str = "us-east-1", *, account: str = ACCOUNT, unique: str = "A" * 16
) -> str:
    name = f"{account}_CloudTrail_{region}_{at:%Y%m%dT%H%MZ}_{unique}.json.gz"
    return f"AWSLogs/{account}/CloudTrail/{region}/{at:%Y/%m/%d}/{name}"


def put(s3: Any, *keys: str, body: bytes = b"content") -> None:
    for one in keys:
        s3.put_object(Bucket="trail", Key=one, Body=body)


def source(address: str = "s3://trail", **options: Any) -> BucketSource:
    """A source for which it is NOON."""
    since, limit = options.pop("since", None), options.pop("limit", 10_000_000)
    settings = SourceSettings("s3", address, poll=0.02)
    made = open_source(settings, since=since, limit=limit)
    assert isinstance(made, BucketSource)
    return replace(made, now=lambda: NOON, **options)


def uris(*keys: str) -> list[str]:
    return [f"s3://trail/{one}" for one in keys]


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


def test_everything_is_offered_in_the_order_of_delivery(s3: Any) -> None:
    expected = [
        key(ago(days=400)),
        key(ago(days=2), "eu-west-1"),
        key(ago(minutes=10), "eu-west-1"),
        key(ago(minutes=5), account="444455556666"),
        key(ago(minutes=5)).replace("AAAA", "BBBB"),
    ]
    put(s3, *reversed(expected), "AWSLogs/", "AWSLogs/README.md")
    put(s3, key(ago(hours=1)).replace("/CloudTrail/", "/CloudTrail-Digest/"))
    put(s3, f"AWSLogs/{ACCOUNT}/elasticloadbalancing/us-east-1/2024/05/02/x.log.gz")
    run = once(source())
    assert sorted(run.keys) == sorted(uris(*expected))
    assert [portion.delivered for portion in run.portions] == sorted(
        portion.delivered for portion in run.portions if portion.delivered
    )
    first = run.portions[0]
    assert first.content == b"content"
    assert first.version == s3.head_object(Bucket="trail", Key=expected[0])["ETag"].strip('"')
    assert first.label == first.key
    assert first.source == "s3://trail"
    assert [drained.at for drained in run.drained] == [NOON]
    assert not run.troubles


def test_what_comes_is_offered(s3: Any) -> None:
    put(s3, key(ago(minutes=10)))
    with watching(source()) as run:
        run.wait_drained()
        put(s3, key(ago(minutes=5)), key(ago(minutes=5), "us-east-1", unique="C" * 16))
        run.wait_for(3)
        run.wait_drained()
        assert len(set(run.keys)) == len(run.keys) == 3


def test_late_keys_that_sort_before_others_are_found(s3: Any) -> None:
    put(s3, key(ago(minutes=5)))
    with watching(source()) as run:
        run.wait_drained()
        put(s3, key(ago(minutes=100)))
        run.wait_for(2)
        assert run.keys[-1] == uris(key(ago(minutes=100)))[0]


def test_only_a_part_of_a_day_is_listed_again(s3: Any, aws: Proxy) -> None:
    put(s3, key(ago(minutes=5)), key(ago(hours=11)))
    with watching(source()) as run:
        run.wait_drained()
        aws.requests.clear()
        run.wait_drained()
        run.wait_drained()
        assert aws.count("list-type=2") == aws.count("2024/05/02/") > 0
        since = key(ago(hours=2, minutes=5)).partition("Z_")[0]
        assert aws.count(f"start-after={since}&") == aws.count("list-type=2")


def test_the_day_before_is_listed_until_some_hours_after_midnight(s3: Any, aws: Proxy) -> None:
    midnight = NOON.replace(hour=0)
    put(s3, key(ago(hours=13)))
    for hour, is_listed in ((2, True), (4, False)):
        now = midnight + timedelta(hours=hour)
        with watching(replace(source(), now=lambda now=now: now)) as run:
            run.wait_drained()
            aws.requests.clear()
            run.wait_drained()
            run.wait_drained()
            assert bool(
                aws.count("prefix=AWSLogs/111122223333/CloudTrail/us-east-1/2024/05/01")
            ) is (is_listed)
            assert aws.count("prefix=AWSLogs/111122223333/CloudTrail/us-east-1/2024/05/02")


def test_the_day_changes_in_the_middle(s3: Any) -> None:
    clock = [NOON.replace(hour=23, minute=58)]
    put(s3, key(clock[0]))
    with watching(replace(source(), now=lambda: clock[0])) as run:
        run.wait_drained()
        clock[0] += timedelta(minutes=4)
        put(s3, key(clock[0]), key(NOON.replace(hour=23, minute=59)))
        run.wait_for(3)
        assert len(set(run.keys)) == 3


def test_new_regions_and_accounts_are_discovered(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_module, "SWEEP", 0.1)
    monkeypatch.setattr(s3_module, "_SWEEP_SHARE", 0)
    put(s3, key(ago(minutes=5)))
    with watching(source()) as run:
        run.wait_drained()
        old = key(ago(days=9), "eu-north-1")
        put(s3, old, key(ago(minutes=5), account="999988887777"))
        run.wait_for(3)
        run.wait_drained()
        assert len(set(run.keys)) == len(run.keys) == 3


def test_organizations_and_prefixes(s3: Any) -> None:
    organization = "team/logs/" + key(ago(minutes=5)).replace("AWSLogs/", "AWSLogs/o-abc123/")
    put(s3, organization, "team/other/x.json", "other.json", "z/2024/05/01/y.json")
    assert sorted(once(source()).keys) == sorted(
        uris(organization, "team/other/x.json", "other.json", "z/2024/05/01/y.json")
    )
    assert once(source("s3://trail/team/logs")).keys == uris(organization)
    region = organization.partition("us-east-1/")[0] + "us-east-1/"
    assert once(source(f"s3://trail/{region}")).keys == uris(organization)
    assert once(source(f"s3://trail/{region}2024/05/")).keys == uris(organization)


def test_a_plain_prefix_is_listed(s3: Any) -> None:
    put(s3, "plain/b.json", "plain/a.json", "plain/x.png", "elsewhere/c.json")
    with watching(source("s3://trail/plain/")) as run:
        run.wait_drained()
        assert run.keys == uris("plain/a.json", "plain/b.json")
        put(s3, "plain/0.json")
        run.wait_for(3)
        put(s3, "plain/a.json", body=b"another")
        run.wait_for(4)
        assert run.portions[-1].content == b"another"
        assert run.portions[-1].key == uris("plain/a.json")[0]


def test_dates_in_plain_keys_shorten_the_listing(s3: Any, aws: Proxy) -> None:
    put(s3, "fire/2024/05/01/10/old.json", "fire/2024/05/02/11/new.json")
    with watching(source("s3://trail/fire/")) as run:
        run.wait_drained()
        put(s3, "fire/2024/05/02/09/late.json", "fire/2024/05/02/12/newer.json")
        run.wait_for(4)
        assert aws.count("start-after=fire/2024/05/01&")
        assert aws.count("list-type=2&prefix=fire/&encoding") == 1


@pytest.mark.parametrize("odd", ["0001/01/01/x.json", "9999/12/31/x.json", "2024/99/99/x.json"])
def test_dates_that_cannot_be_hide_nothing(s3: Any, odd: str) -> None:
    put(s3, f"fire/{odd}")
    with watching(source("s3://trail/fire/")) as run:
        run.wait_drained()
        put(s3, "fire/2024/05/02/11/new.json")
        run.wait_for(2)


def test_a_name_that_tells_a_time_to_come_hides_nothing(s3: Any) -> None:
    folder = key(ago(minutes=5)).rpartition("/")[0]
    for name in (key(ago(hours=-11)), key(ago(days=-4000))):
        put(s3, f"{folder}/{name.rpartition('/')[2]}")
    with watching(source()) as run:
        run.wait_drained()
        put(s3, key(ago(minutes=5)))
        run.wait_for(3)


def test_since_limits_the_days_that_are_listed(s3: Any, aws: Proxy) -> None:
    put(s3, key(ago(days=30)), key(ago(days=2)), "loose/" + key(ago(days=30)).rpartition("/")[2])
    assert once(source(since=ago(days=2))).keys == uris(key(ago(days=2)))
    assert not aws.count("2024/04/02/&")


def test_after_a_restart_only_what_is_not_safe_is_offered(s3: Any, aws: Proxy) -> None:
    keys = [key(ago(days=9 - number)) for number in range(10)]
    put(s3, *keys)
    memory = Taken()
    first = once(source(), memory, takes=lambda portion: portion.key < uris(keys[4])[0], most=7)
    assert first.keys == uris(*keys[:7])
    # Of what was put, only what was taken counts; its cursor came with it.
    assert json.loads(str(memory.cursor("s3://trail"))) == {"day": "2024-04-26"}
    aws.requests.clear()
    second = once(source(), memory)
    assert second.keys == uris(*keys[4:])
    assert not aws.count("2024/04/24/")
    assert aws.count("2024/04/25/")
    assert once(source(), memory).keys == []


@pytest.mark.parametrize(
    "cursor", ["{", "{}", '{"day": 7}', '{"day": "never"}', "[]", "null", '{"day": "0001-01-01"}']
)
def test_a_cursor_that_cannot_be_used_costs_a_longer_listing(s3: Any, cursor: str) -> None:
    put(s3, key(ago(days=30)))
    memory = Taken()
    memory.cursors["s3://trail"] = cursor
    assert len(once(source(), memory).keys) == 1


def test_a_cursor_of_a_clock_that_was_ahead_hides_nothing(s3: Any) -> None:
    put(s3, key(ago(minutes=5)))
    memory = Taken()
    memory.cursors["s3://trail"] = json.dumps({"day": "2199-01-01"})
    assert len(once(source(), memory).keys) == 1


def test_what_is_too_large_is_refused_without_a_download(s3: Any, aws: Proxy) -> None:
    put(s3, "a.json", body=b"x" * 101)
    put(s3, "b.json", body=b"x" * 100)
    run = once(source(limit=100))
    assert run.keys == uris("b.json")
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (True, "too-large")
    ]
    assert run.troubles[0].problem.source == "s3://trail/a.json"
    assert run.drained
    assert not aws.count("GET /trail/a.json")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("list-type=2", times=2),
        Fault("GET /trail/AWSLogs", times=2),
        Fault("GET /trail/AWSLogs", status=500, code="InternalError", times=2),
        Fault("GET /trail/AWSLogs", "reset", times=2),
        Fault("GET /trail/AWSLogs", "truncate", times=2),
        Fault("GET /trail/AWSLogs", "slow", times=3),
        Fault("GET /trail/AWSLogs", "truncate", times=8),
        Fault("GET /trail/AWSLogs", status=403, code="AccessDenied", times=3),
        Fault("list-type=2", status=403, code="AccessDenied", times=2),
    ],
    ids=lambda fault: f"{fault.where}-{fault.kind}-{fault.code}-{fault.times}",
)
def test_what_fails_is_tried_again(s3: Any, aws: Proxy, fault: Fault) -> None:
    made = source()
    expected = [key(ago(minutes=5 * number)) for number in range(1, 4)]
    put(s3, *expected, body=b"c" * 500)
    aws.faults.append(replace(fault))
    with watching(made) as run:
        run.wait_for(3)
        run.wait_drained()
        assert sorted(run.keys) == sorted(uris(*expected))
        assert {portion.content for portion in run.portions} == {b"c" * 500}
        assert not any(trouble.lasting for trouble in run.troubles)
        assert not aws.faults[0].times


def test_trouble_is_told_once_while_it_lasts_and_nothing_is_drained(s3: Any, aws: Proxy) -> None:
    made = source()
    put(s3, key(ago(minutes=5)))
    aws.faults.append(Fault("list-type=2", times=4))
    with watching(made) as run:
        run.wait_for(1)
        run.wait_drained()
        kinds = [type(offer).__name__ for offer in run.offers]
        assert kinds[:3] == ["Trouble", "Portion", "Drained"]
        assert run.codes == ["throttled"]


def test_one_object_that_cannot_be_read_does_not_stop_the_others(s3: Any, aws: Proxy) -> None:
    bad, good = key(ago(minutes=10)), key(ago(minutes=5))
    put(s3, bad, good)
    aws.faults.append(Fault(f"GET /trail/{bad}", status=403, code="AccessDenied", times=-1))
    run = once(source())
    assert run.keys == uris(good)
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (False, "access-denied"),
        (True, "access-denied"),
    ]
    assert run.troubles[0].problem.source == uris(bad)[0]
    assert run.drained


def test_it_is_tried_again_after_a_restart(s3: Any, aws: Proxy) -> None:
    bad, good = key(ago(minutes=10)), key(ago(minutes=5))
    put(s3, bad, good)
    aws.faults.append(Fault(f"GET /trail/{bad}", status=403, code="AccessDenied", times=-1))
    memory = Taken()
    once(source(), memory)
    aws.faults.clear()
    assert once(source(), memory).keys == uris(bad)


def test_an_object_that_is_gone_is_told_and_left(s3: Any, aws: Proxy) -> None:
    put(s3, key(ago(minutes=10)))
    aws.faults.append(Fault("GET /trail/AWSLogs", status=404, code="NoSuchKey", times=-1))
    run = once(source())
    assert [(trouble.lasting, trouble.problem.code) for trouble in run.troubles] == [
        (True, "vanished")
    ]
    assert run.drained


def test_once_gives_up_on_a_service_that_does_not_answer(s3: Any, aws: Proxy) -> None:
    made = source()
    aws.faults.append(Fault("list-type=2", times=-1))
    run = once(made)
    assert run.codes == ["throttled"]
    assert not run.drained


def test_a_stop_does_not_wait_for_an_answer(s3: Any, aws: Proxy) -> None:
    made = source()
    put(s3, key(ago(minutes=5)))
    aws.faults.append(Fault("list-type=2", times=-1))
    with watching(made) as run:
        run.wait(lambda: run.troubles)


def test_odd_keys(s3: Any) -> None:
    odd = "a b/é?#%25\u202e+.json"
    put(s3, odd)
    (portion,) = once(source()).portions
    assert portion.key == f"s3://trail/{odd}"
    assert portion.label == r"s3://trail/a b/é?#%25\u202e+.json"


def test_what_does_not_exist_is_refused(aws: Proxy) -> None:
    with pytest.raises(UsageError, match="there is no bucket nothing-here"):
        source("s3://nothing-here/")
    with pytest.raises(UsageError, match="names no bucket"):
        source("s3://")


def test_a_bucket_that_cannot_be_asked_yet_is_no_mistake(s3: Any, aws: Proxy) -> None:
    put(s3, key(ago(minutes=5)))
    aws.faults.append(Fault("GET /trail", "reset", times=1))
    assert once(source()).keys
