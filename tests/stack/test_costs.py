"""Quantities and prices in, items of a bill out."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.records import alarm, metric_filter, stack
from trailwarden.alarms import CompositeAlarm
from trailwarden.errors import DefinitionError, UsageError
from trailwarden.stack.costs import Bill, Choice, Volume, bill_of
from trailwarden.stack.model import LogGroup, Stack, Topic, Trail
from trailwarden.stack.prices import Price, list_prices, prices_from

GB = 1024**3
EMPTY: dict[str, Any] = {"name": "s", "source": "s"}


def billed(stack: Stack, volume: Volume | None = None, **choice: Any) -> Bill:
    return bill_of(stack, volume or Volume(), list_prices(), Choice(**choice))


def cost(bill: Bill, key: str) -> float:
    (found,) = (item.cost for item in bill.items if item.key == key)
    return found


def keys(bill: Bill) -> list[str]:
    return [item.key for item in bill.items]


def test_the_first_copy_of_management_events_is_free() -> None:
    volume = Volume(management=150_000, data=2_000_000)
    trails = (Trail("a"), Trail("b"), Trail("off", is_logging=False))
    assert keys(billed(Stack(**EMPTY, trails=trails[:1]), volume)) == ["data-events"]
    bill = billed(Stack(**EMPTY, trails=trails), volume)
    assert cost(bill, "management-copies") == pytest.approx(3.0)
    assert cost(bill, "data-events") == pytest.approx(4.0)  # every copy is paid for


def test_configuration_items_count_where_config_records() -> None:
    volume = Volume(changes=10_000)
    assert keys(billed(Stack(**EMPTY), volume)) == []
    assert cost(billed(Stack(**EMPTY), volume, with_config=True), "config-items") == 30.0


def test_trails_of_which_the_stack_knows_nothing() -> None:
    bill = billed(Stack(**EMPTY), Volume(management=100_000), trails=3)
    assert cost(bill, "management-copies") == pytest.approx(4.0)


@pytest.mark.parametrize(("days", "months_kept"), [(90, 3.0), (None, 12.0), (3650, 12.0)])
def test_logs_cost_by_volume_and_retention(days: int | None, months_kept: float) -> None:
    groups = (LogGroup("trail", days), LogGroup("not read by a filter", 1))
    one = Stack(**EMPTY, metric_filters=(metric_filter(),), log_groups=groups)
    bill = billed(one, Volume(read_bytes=100 * GB), with_free_tier=False)
    assert cost(bill, "log-ingestion") == pytest.approx(50.0)
    assert cost(bill, "log-storage") == pytest.approx(100 * 0.15 * 0.03 * months_kept)


def test_a_stack_without_a_log_group_takes_in_nothing() -> None:
    assert keys(billed(Stack(**EMPTY), Volume(read_bytes=100 * GB))) == []


def test_the_free_tier_is_used_up_and_no_more() -> None:
    many = stack(
        [metric_filter(metric=f"M{n}") for n in range(12)], [alarm(f"a{n}") for n in range(11)]
    )
    bill = billed(many)
    assert cost(bill, "custom-metrics") == pytest.approx(2 * 0.30)
    assert cost(bill, "standard-alarms") == pytest.approx(0.10)
    full = billed(many, with_free_tier=False)
    assert cost(full, "custom-metrics") == pytest.approx(12 * 0.30)
    assert full.total == pytest.approx(12 * 0.30 + 11 * 0.10)
    few = billed(stack())
    assert [(item.quantity, item.free, item.cost) for item in few.items] == [(1, 1, 0.0)] * 2


def test_filters_of_one_metric_share_it_unless_dimensions_differ() -> None:
    by_user = metric_filter(dimensions=(("User", "$.userIdentity.userName"),))
    bill = billed(stack([metric_filter(), metric_filter(name="b"), by_user], []))
    assert [item.quantity for item in bill.items] == [2]
    assert any("dimensions" in text for text in bill.assumptions)


def test_alarms_by_kind() -> None:
    alarms = [alarm("a", period=60), alarm("b", period=30), alarm("c", period=10)]
    bill = billed(stack([], alarms, [CompositeAlarm("d", 'ALARM("a")')]))
    assert [(item.key, item.quantity, item.cost) for item in bill.items] == [
        ("standard-alarms", 1, 0.0),
        ("high-resolution-alarms", 2, pytest.approx(0.60)),
        ("composite-alarms", 1, pytest.approx(0.50)),
    ]


def test_keys_of_aws_cost_nothing() -> None:
    topics = (Topic("a", "arn:a", None, "alias/aws/sns"), Topic("b", "arn:b", None, "k1"))
    one = Stack(**EMPTY, topics=topics, trails=(Trail("t", kms_key_id="k1"),))
    bill = billed(one, Volume(files=30_000))
    assert cost(bill, "kms-keys") == pytest.approx(1.0)
    assert cost(bill, "kms-requests") == pytest.approx(0.03)


def test_only_trails_that_log_are_paid_for() -> None:
    selectors = ({"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiErrorRateInsight"})
    off = Trail("off", is_logging=False, insight_selectors=selectors, kms_key_id="alias/aws/x")
    volume = Volume(management=100_000, files=30_000)
    assert keys(billed(Stack(**EMPTY, trails=(off,)), volume)) == ["s3-puts"]
    on = Trail("on", insight_selectors=selectors)
    bill = billed(Stack(**EMPTY, trails=(on, off)), volume)
    assert cost(bill, "insights") == pytest.approx(0.70)
    assert "kms-requests" not in keys(bill)


amounts = st.floats(0, 1e12)


@given(st.builds(Volume, *[amounts] * 7), st.integers(1, 5), st.integers(1, 60))
def test_more_never_costs_less(volume: Volume, trails: int, months: int) -> None:
    double = Volume(*(2 * getattr(volume, one.name) for one in fields(Volume)[:7]))
    total = billed(stack(), volume, trails=trails, months=months).total
    assert 0 <= total <= billed(stack(), double, trails=trails, months=months).total
    assert total <= billed(stack(), volume, trails=trails + 1, months=months).total
    full = billed(stack(), volume, trails=trails, months=months, with_free_tier=False)
    assert total <= full.total


def test_messages() -> None:
    volume = Volume(
        published=2e6, delivered={"email": 600, "email-json": 600, "https": 2, "sqs": 9}
    )
    bill = billed(Stack(**EMPTY), volume)
    assert cost(bill, "sns-requests") == pytest.approx(0.50)
    assert cost(bill, "sns-emails") == pytest.approx(200 * 2 / 100_000)
    assert cost(bill, "sns-http") == 0


def test_a_file_overrides_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("region: eu-west-1\nprices:\n  log-ingestion: {price: 0.57}\n")
    mine, listed = prices_from(path), list_prices()
    assert (mine.region, mine.as_of, mine.source) == ("eu-west-1", listed.as_of, str(path))
    assert mine.prices["log-ingestion"] == Price(0.57, 1, 5)
    assert mine.prices["log-storage"] == listed.prices["log-storage"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("prices:\n  log-ingest: {price: 1}\n", "2:3 (prices)", "did you mean log-ingestion?"),
        ("prices:\n  s3-puts: {cost: 1}\n", "2:13 (prices.s3-puts)", "known: price, per, free"),
        ("price: {}\n", "1:1", "did you mean prices?"),
        ("prices: {s3-puts: 3}\n", "1:19 (prices.s3-puts)", "an object is needed"),
        ("prices: {s3-puts: {price: x}}\n", "(prices.s3-puts.price)", "a number is needed"),
        ("prices: {s3-puts: {price: yes}}\n", "(prices.s3-puts.price)", "a number is needed"),
        ("prices: {s3-puts: {price: -1}}\n", "(prices.s3-puts.price)", "out of range"),
        (
            f"prices: {{s3-puts: {{price: {'9' * 399}}}}}\n",
            "(prices.s3-puts.price)",
            "out of range",
        ),
        ("prices: {s3-puts: {per: 0}}\n", "(prices.s3-puts.per)", "per must not be 0"),
        ("region: [a]\n", "1:9 (region)", "a short text is needed"),
        ("# nothing\n", "p.yaml: ", "cure: write it as prices: {"),
        ("[]\n", "1:1", "an object is needed"),
        ("prices: {s3-puts: \n", "2:1", "the YAML cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, place: str, message: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text)
    with pytest.raises(DefinitionError) as caught:
        prices_from(path)
    assert place in str(caught.value)
    assert message in str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(b"region: \xff")
    with pytest.raises(DefinitionError, match=r"p\.yaml:1:9: the price list is not UTF-8"):
        prices_from(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the price list .*none\.yaml"):
        prices_from(tmp_path / "none.yaml")
