from datetime import date

import pytest

from trailwarden.errors import UsageError
from trailwarden.simulate import Plan


def test_an_archive_ends_with_a_fixed_day():
    assert Plan().all_days[-1] == date(2025, 3, 9)
    assert Plan(days=30).all_days[-1] == date(2025, 3, 9)
    assert len(Plan(days=30).all_days) == 30


def test_a_start_is_kept():
    plan = Plan(days=2, start=date(2024, 2, 29))
    assert plan.all_days == [date(2024, 2, 29), date(2024, 3, 1)]


@pytest.mark.parametrize("days", [1, 2, 3, 7, 30])
def test_the_attack_is_on_one_of_the_days(days):
    plan = Plan(days=days)
    assert plan.attack_day in plan.all_days
    assert Plan(days=days, attack=False).attack_day is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 100_000},
        {"accounts": 0},
        {"accounts": 13},
        {"regions": 9},
        {"events_per_day": 0},
        {"start": date(1999, 1, 1)},
        {"start": date(9999, 1, 1)},
    ],
)
def test_what_cannot_be_simulated_is_refused_with_a_cure(wrong):
    with pytest.raises(UsageError) as caught:
        Plan(**wrong)
    assert caught.value.cure
