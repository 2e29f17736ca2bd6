"""What PutMetricFilter and TestMetricFilter refuse."""

from __future__ import annotations

from typing import Any

import pytest

from trailwarden.errors import PatternError, RequestError
from trailwarden.patterns import check_log_group, check_request, parse, trial
from trailwarden.patterns.criteria import is_criteria


def request(transformation: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A request that the service accepts, but for what is given."""
    whole = {"metricName": "M", "metricNamespace": "N", "metricValue": "1"} | (transformation or {})
    return {
        "filterName": "f",
        "filterPattern": "{ $.a = 1 }",
        "metricTransformations": [whole],
    } | members


@pytest.mark.parametrize(
    "accepted",
    [
        request(),
        request(filterName="x" * 512, filterPattern=""),
        request(filterPattern=" " * 1024),
        request({"metricName": "x" * 255, "metricNamespace": "é" * 255, "metricValue": "9" * 100}),
        request({"metricValue": "$.b.c", "dimensions": {"A": "$.x", "B": "$.y[0]", "C": "$.z"}}),
        request({"metricValue": "$3", "dimensions": {"A": "$x"}}, filterPattern="[a, b]"),
        request({"defaultValue": 0, "unit": "Count/Second", "dimensions": {}}),
        request({"defaultValue": None, "unit": None, "dimensions": None}),
        request(emitSystemFieldDimensions=["@aws.account", "@aws.region", "@source.log"]),
        request(fieldSelectionCriteria='@aws.account IN ["1", "2"] AND @aws.region != "x"'),
    ],
)
def test_what_is_accepted(accepted: dict[str, Any]) -> None:
    assert check_request(accepted) == parse(accepted["filterPattern"])


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (request(filterName=""), "filterName"),
        (request(filterName="x" * 513), "filterName"),
        (request(filterName="a*b"), "filterName"),
        (request(filterName=None), "filterName"),
        (request(filterPattern=None), "filterPattern"),
        (request(filterPattern=" " * 1025), "filterPattern"),
        (request(filterPattern="{ $.a }"), "filterPattern"),
        (request(metricTransformations=None), "metricTransformations"),
        (request(metricTransformations="1"), "metricTransformations"),
        (request(metricTransformations=["x"]), "metricTransformations"),
        (request({"metricName": ""}), "metricName"),
        (request({"metricName": "x" * 256}), "metricName"),
        (request({"metricName": "a*"}), "metricName"),
        (request({"metricNamespace": "a$"}), "metricNamespace"),
        (request({"metricNamespace": None}), "metricNamespace"),
        (request({"metricValue": 1}), "metricValue"),
        (request({"metricValue": "1 "}), "metricValue"),
        (request({"metricValue": "9" * 101}), "metricValue"),
        (request({"unit": "count"}), "unit"),
        (request({"unit": ["Count"]}), "unit"),
        (request({"defaultValue": "0"}), "defaultValue"),
        (request({"defaultValue": True}), "defaultValue"),
        (request({"defaultValue": float("nan")}), "defaultValue"),
        (request({"defaultValue": -(10**400)}), "defaultValue"),
        (request({"defaultValue": 0, "dimensions": {"A": "$.a"}}), "defaultValue"),
        (request({"dimensions": ["$.a"]}), "dimensions"),
        (request({"dimensions": {"": "$.a"}}), "dimensions"),
        (request({"dimensions": {"x" * 256: "$.a"}}), "dimensions"),
        (request({"dimensions": {"A": "$." + "x" * 254}}), "dimensions"),
        (request({"dimensions": {"A": "$a"}}), "dimensions"),
        (request({"dimensions": {"A": 1}}), "dimensions"),
        (request(emitSystemFieldDimensions=["@aws.account"] * 4), "emitSystemFieldDimensions"),
        (request(emitSystemFieldDimensions="@aws.account"), "emitSystemFieldDimensions"),
        (request(emitSystemFieldDimensions=[["@aws.account"]]), "emitSystemFieldDimensions"),
        (request(fieldSelectionCriteria="@aws.account = 1"), "fieldSelectionCriteria"),
        (request(fieldSelectionCriteria=" " * 2001), "fieldSelectionCriteria"),
        (request(fieldSelectionCriteria=1), "fieldSelectionCriteria"),
    ],
)
def test_what_is_refused(refused: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_request(refused)
    assert caught.value.field == field


def test_a_broken_pattern_keeps_its_place() -> None:
    with pytest.raises(RequestError, match="at offset 7") as caught:
        check_request(request(filterPattern="{ $.a == 1 }"))
    assert isinstance(caught.value.__cause__, PatternError)
    assert caught.value.aws_message == "Invalid metric filter pattern"


@pytest.mark.parametrize(
    ("criteria", "accepted"),
    [
        ("", True),
        ('@aws.region = "us-east-1"', True),
        ('@aws.region="a" OR @source.log != "b" AND @aws.account NOT IN ["1","2"]', True),
        ('((@aws.region = "a") AND (@aws.region = "b" OR @aws.account IN [ "c" ]))', True),
        ('@aws.region = "a" AND', False),
        ('@aws.region = "a" @aws.region = "b"', False),
        ('@aws.zone = "a"', False),
        ("@aws.region = 'a'", False),
        ("@aws.region IN []", False),
        ('@aws.region IN ["a",]', False),
        ('(@aws.region = "a"', False),
        ('@aws.region = "a")', False),
        ("(" * 2000, False),
    ],
)
def test_field_selection_criteria(criteria: str, accepted: bool) -> None:
    assert is_criteria(criteria) is accepted


def test_the_quotas_of_a_log_group() -> None:
    plain, regex = parse("ERROR"), parse("{ $.a = %x% || $.b = %y% }")
    check_log_group([plain] * 95 + [regex] * 5)
    for patterns in ([plain] * 101, [regex] * 6):
        with pytest.raises(RequestError) as caught:
            check_log_group(patterns)
        assert caught.value.aws_message == "Resource limit exceeded."


@pytest.mark.parametrize(
    ("text", "has_regex"),
    [
        ("", False),
        ("a -%b%", True),
        ('"%a%"', False),
        ("[a, b = 1 || b = %c%, ...]", True),
        ("[a = x]", False),
        ("{ $.a = 1 && ($.b != %c% || $.d IS NULL) }", True),
        ('{ $.a = "%b%" }', False),
    ],
)
def test_which_patterns_have_a_regex(text: str, has_regex: bool) -> None:
    assert parse(text).has_regex is has_regex


def test_test_metric_filter() -> None:
    messages = ["a 1", "b 2", "a 3 4"]
    assert trial.test_metric_filter("[k=a, v]", messages) == [
        {"eventNumber": 1, "eventMessage": "a 1", "extractedValues": {"$k": "a", "$v": "1"}},
        {"eventNumber": 3, "eventMessage": "a 3 4", "extractedValues": {"$k": "a", "$v": "3 4"}},
    ]
    assert trial.test_metric_filter(parse("b"), messages) == [
        {"eventNumber": 2, "eventMessage": "b 2", "extractedValues": {}}
    ]
    with pytest.raises(PatternError):
        trial.test_metric_filter("[", messages)


@pytest.mark.parametrize("messages", [[], ["x"] * 51, ["x", ""]])
def test_test_metric_filter_takes_1_to_50_messages(messages: list[str]) -> None:
    with pytest.raises(RequestError) as caught:
        trial.test_metric_filter("x", messages)
    assert caught.value.field == "logEventMessages"
