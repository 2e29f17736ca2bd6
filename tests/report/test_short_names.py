from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from trailwarden.report.short_names import short_names

LIKE_THE_ORIGINAL = [
    "Warning-my-company-cloudtrail-CloudTrail-Unauthorized-API-Calls",
    "Warning-my-company-cloudtrail-CloudTrail-IamPolicy-Changes",
    "Notice-my-company-cloudtrail-CloudTrail-S3BucketPolicy-Changes",
    "Notice-my-company-cloudtrail-CloudTrail-Vpc-Changes",
]


def test_what_names_share_is_left_out() -> None:
    assert list(short_names(LIKE_THE_ORIGINAL, 40).values()) == [
        "Warning-…Unauthorized-API-Calls",
        "Warning-…IamPolicy-Changes",
        "Notice-…S3BucketPolicy-Changes",
        "Notice-…Vpc-Changes",
    ]


def test_a_common_beginning() -> None:
    names = [f"production-security-account-alarms/{what}" for what in ("root-usage", "no-mfa")]
    assert list(short_names(names, 30).values()) == ["…root-usage", "…no-mfa"]


def test_what_is_short_stays() -> None:
    assert short_names(["cis-root-usage", "cis-vpc"], 20) == {
        "cis-root-usage": "cis-root-usage",
        "cis-vpc": "cis-vpc",
    }
    assert short_names([], 20) == {}


def test_one_long_name_loses_its_middle() -> None:
    [shown] = short_names(["abcdefgh" * 10], 20).values()
    assert len(shown) == 20
    assert shown.startswith("abcd")
    assert shown.endswith("efgh")


def test_names_that_differ_in_the_middle_only() -> None:
    names = [f"{'a' * 60}{which}{'z' * 60}" for which in ("first", "second")]
    one, other = short_names(names, 30).values()
    assert "first" in one
    assert "second" in other


def test_names_are_harmless() -> None:
    shown = short_names(["a\x1b[31m" * 10, "b\u202e" * 20, "\ud800" * 40], 20).values()
    assert not any(set("\x1b\u202e\ud800") & set(one) for one in shown)


@given(st.lists(st.text("ab-/X", max_size=60), unique=True, max_size=12), st.integers(8, 40))
@settings(max_examples=300)
def test_different_names_stay_different(names: list[str], limit: int) -> None:
    shown = short_names(names, limit)
    assert list(shown) == names
    assert len(set(shown.values())) == len(names)
    assert all(len(shown[name]) <= max(limit, len(name)) for name in names)


def test_thousands_of_names_are_quick() -> None:
    names = [f"{'part-' * 40}{number}" for number in range(2000)]
    assert len(set(short_names(names, 30).values())) == 2000
