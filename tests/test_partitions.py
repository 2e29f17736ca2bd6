"""Partitions: by botocore's table, and without it."""

from collections.abc import Iterator

import pytest

from trailwarden import partitions
from trailwarden.partitions import domain_of, domains, partition_of

REGIONS = [
    ("us-east-1", "aws", "amazonaws.com"),
    ("eu-central-1", "aws", "amazonaws.com"),
    ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
    ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
    ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
    ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
]


@pytest.fixture(params=["with botocore", "without botocore"])
def table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    is_there = request.param == "with botocore"
    _forget()
    if is_there:
        pytest.importorskip("botocore")
    else:
        monkeypatch.setattr(partitions, "find_spec", lambda _: None)
    yield is_there
    _forget()


def _forget() -> None:
    for cached in (partitions._table, partition_of, domains):
        cached.cache_clear()


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(("region", "partition", "domain"), REGIONS)
def test_a_region_lies_in_its_partition(region: str, partition: str, domain: str) -> None:
    assert partition_of(region) == partition
    assert domain_of(partition) == domain


@pytest.mark.usefixtures("table")
def test_a_region_that_nothing_is_known_of_lies_in_the_standard_partition() -> None:
    assert partition_of("zz-nowhere-9") == "aws"


@pytest.mark.usefixtures("table")
def test_a_new_region_of_a_partition_is_told_by_its_name() -> None:
    assert partition_of("cn-future-9") == "aws-cn"
    assert partition_of("us-gov-future-9") == "aws-us-gov"


def test_the_table_is_botocores_own(table: bool) -> None:
    assert bool(partitions._table()) is table


def test_a_table_of_another_form_is_left_alone(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    _forget()
    monkeypatch.setattr(partitions, "find_spec", lambda _: Spec)
    assert partition_of("cn-north-1") == "aws-cn"
    _forget()
