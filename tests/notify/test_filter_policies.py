"""Filter policies of subscriptions (rules S-20 to S-26)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.errors import RequestError
from trailwarden.notify import FilterPolicy

BODY: dict[str, Any] = {
    "name": "prod-Root",
    "count": 300,
    "ratio": 0.5,
    "on": True,
    "none": None,
    "tags": ["a", "b"],
    "ip": "10.1.2.3",
    "inner": {"deep": {"x": "y"}, "list": [{"k": "v", "n": 1}, {"k": "w", "n": 2}]},
    "empty": [],
}


def _matches(policy: dict[str, object], body: object = BODY) -> bool:
    return FilterPolicy(policy, "MessageBody").matches(json.dumps(body))


@pytest.mark.parametrize(
    ("key", "conditions", "expected"),
    [
        ("name", ["prod-Root"], True),
        ("name", ["prod-root"], False),
        ("name", ["x", "prod-Root"], True),
        ("count", [300], True),
        ("count", [300.0], True),
        ("count", ["300"], False),
        ("on", [True], True),
        ("on", [1], False),
        ("on", ["true"], False),
        ("count", [True], False),
        ("none", [None], True),
        ("absent", [None], False),
        ("name", [{"prefix": "prod-"}], True),
        ("name", [{"prefix": "Root"}], False),
        ("name", [{"suffix": "Root"}], True),
        ("name", [{"suffix": "prod"}], False),
        ("count", [{"prefix": "3"}], False),
        ("name", [{"equals-ignore-case": "PROD-ROOT"}], True),
        ("name", [{"equals-ignore-case": "prod"}], False),
        ("name", [{"anything-but": "other"}], True),
        ("name", [{"anything-but": ["prod-Root", "other"]}], False),
        ("name", [{"anything-but": {"prefix": "prod"}}], False),
        ("name", [{"anything-but": {"prefix": "dev"}}], True),
        ("count", [{"anything-but": [300]}], False),
        ("absent", [{"anything-but": ["x"]}], False),
        ("tags", [{"anything-but": ["a"]}], True),
        ("tags", [{"anything-but": ["a", "b"]}], False),
        ("tags", ["b"], True),
        ("tags", ["c"], False),
        ("count", [{"numeric": ["=", 300]}], True),
        ("count", [{"numeric": ["<", 300]}], False),
        ("count", [{"numeric": [">=", 300, "<", 301]}], True),
        ("count", [{"numeric": [">", 300, "<=", 301]}], False),
        ("name", [{"numeric": [">", 0]}], False),
        ("on", [{"numeric": ["=", 1]}], False),
        ("name", [{"exists": True}], True),
        ("none", [{"exists": True}], True),
        ("absent", [{"exists": True}], False),
        ("absent", [{"exists": False}], True),
        ("name", [{"exists": False}], False),
        ("inner", [{"exists": True}], False),
        ("empty", [{"exists": False}], True),
        ("absent", ["x", {"exists": False}], True),
        ("ip", [{"cidr": "10.0.0.0/8"}], True),
        ("ip", [{"cidr": "10.1.2.3"}], True),
        ("ip", [{"cidr": "fe80::/10"}], False),
        ("name", [{"cidr": "10.0.0.0/8"}], False),
        ("count", [{"cidr": "10.0.0.0/8"}], False),
    ],
)
def test_conditions(key: str, conditions: list[object], expected: bool) -> None:
    assert _matches({key: conditions}) is expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, True),
        ({"name": ["prod-Root"], "count": [300]}, True),
        ({"name": ["prod-Root"], "count": [1]}, False),
        ({"inner": {"deep": {"x": ["y"]}}}, True),
        ({"inner": {"deep": {"x": ["z"]}}}, False),
        ({"inner": {"list": {"k": ["w"], "n": [2]}}}, True),
        ({"inner": {"list": {"k": ["v"], "n": [2]}}}, False),
        ({"absent": {"x": [{"exists": False}]}}, True),
        ({"name": {"x": ["y"]}}, False),
        ({"$or": [{"count": [1]}, {"name": ["prod-Root"]}]}, True),
        ({"$or": [{"count": [1]}, {"name": ["x"]}]}, False),
        ({"on": [False], "$or": [{"count": [300]}, {"name": ["x"]}]}, False),
        ({"inner": {"$or": [{"deep": {"x": ["y"]}}, {"absent": ["x"]}]}}, True),
        ({"$or": [{"prefix": "a"}, {"prefix": "b"}]}, False),
    ],
)
def test_keys(policy: dict[str, object], expected: bool) -> None:
    assert _matches(policy) is expected


def test_or_can_be_the_name_of_a_key() -> None:
    assert _matches({"$or": [{"prefix": "a"}, {"prefix": "b"}]}, {"$or": "better"})
    assert _matches({"$or": ["x"]}, {"$or": "x"})


@pytest.mark.parametrize(
    "body", ["", "text", "[]", "[{}]", "1", "null", '{"a":NaN}', "{" * 9, "[" * 100_000]
)
def test_a_body_that_is_no_object_never_matches(body: str) -> None:
    """Rule S-21."""
    assert not FilterPolicy({}, "MessageBody").matches(body)


def test_deep_arrays_in_the_body() -> None:
    deep = '{"a":' + "[" * 400 + '"x"' + "]" * 400 + "}"
    assert FilterPolicy({"a": ["x"]}, "MessageBody").matches(deep)


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ({"Type": "String", "Value": "x"}, True),
        ({"DataType": "String", "StringValue": "x"}, True),
        ({"Type": "String.Kind", "Value": "x"}, True),
        ({"Type": "String.Array", "Value": '["w", "x"]'}, True),
        ({"Type": "String.Array", "Value": "x"}, False),
        ({"Type": "Number", "Value": "5"}, True),
        ({"Type": "Number.int", "Value": "5.0"}, True),
        ({"Type": "Number", "Value": "five"}, False),
        ({"Type": "String", "Value": "5"}, False),
        ({"Type": "Binary", "Value": "eA=="}, False),
        ("x", True),
        (5, True),
        (["w", "x"], True),
    ],
)
def test_attributes(attribute: object, expected: bool) -> None:
    policy = FilterPolicy({"a": ["x", 5]})
    assert policy.matches('{"a":"x"}', {"a": attribute}) is expected
    assert not policy.matches('{"a":"x"}')


# --- what SNS refuses (rules S-25 and S-26) --------------------------------------------------
@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ({k: ["v"] for k in "abcdef"}, "Filter policy can not have more than 5 keys"),
        ({"a": [str(n) for n in range(151)]}, "Filter policy is too complex"),
        (
            {
                "a": {"b": {"c": ["1", "2", "3", "4"]}},
                "d": {"e": ["1", "2", "3"]},
                "f": ["1", "2", "3"],
            },
            "Filter policy is too complex",
        ),
        ({"a": []}, "Empty arrays are not allowed"),
        ({"a": "v"}, '"a" must be an object or an array'),
        ({"a": [{"prefix": "x", "suffix": "y"}]}, "Only one key allowed in match expression"),
        ({"a": [{"regex": "x"}]}, "Unrecognized match type regex"),
    ],
)
def test_policies_that_sns_refuses(policy: dict[str, object], reason: str) -> None:
    with pytest.raises(RequestError) as raised:
        FilterPolicy(policy, "MessageBody")
    assert raised.value.field == "FilterPolicy"
    assert raised.value.aws_message == (
        f"Invalid parameter: Attributes Reason: FilterPolicy: {reason}"
    )
    assert raised.value.cure


@pytest.mark.parametrize(
    "condition",
    [
        [["x"]],
        [{}],
        [{"prefix": 1}],
        [{"anything-but": []}],
        [{"anything-but": [None]}],
        [{"anything-but": {"regex": "x"}}],
        [{"numeric": []}],
        [{"numeric": [">"]}],
        [{"numeric": ["!=", 1]}],
        [{"numeric": [">", "1"]}],
        [{"numeric": ["<", 5, ">", 1]}],
        [{"numeric": [">", 5, "<", 1]}],
        [{"numeric": [[], 1]}],
        [{"numeric": 5}],
        [{"exists": "true"}],
        [{"cidr": "10.0.0.0/99"}],
        [10**9 + 1],
        [0.000001],
        [float("nan")],
    ],
)
def test_conditions_that_mean_nothing(condition: list[object]) -> None:
    with pytest.raises(RequestError, match="FilterPolicy"):
        FilterPolicy({"a": condition})


def test_limits_may_be_reached() -> None:
    FilterPolicy({"a": [str(n) for n in range(150)]})
    FilterPolicy({k: ["1", "2"] for k in "abcde"})
    FilterPolicy({"a": {"b": [str(n) for n in range(75)]}}, "MessageBody")
    FilterPolicy({"$or": [{"a": ["1"] * 75}, {"b": ["1"] * 75}]})
    with pytest.raises(RequestError, match="combinations"):
        FilterPolicy({"$or": [{"a": ["1"] * 75}, {"b": ["1"] * 76}]})


def test_attributes_are_not_nested() -> None:
    for policy in ({"a": {"b": ["x"]}}, {"$or": [{"a": ["x"]}, {"b": {"c": ["x"]}}]}):
        with pytest.raises(RequestError, match="nested"):
            FilterPolicy(policy)


def test_deep_and_large_policies_are_refused() -> None:
    deep: dict[str, object] = {"a": ["x"]}
    wide: dict[str, object] = {"a": ["x"]}
    for _ in range(5000):
        deep, wide = {"a": deep}, {"$or": [wide, {"b": ["x"]}]}
    for policy in (deep, wide):
        with pytest.raises(RequestError, match="combinations"):
            FilterPolicy(policy, "MessageBody")
    with pytest.raises(RequestError, match="larger"):
        FilterPolicy({"a": ["x" * 300_000]})
    with pytest.raises(RequestError, match="scope"):
        FilterPolicy({}, "Everything")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "$or", "prefix", "numeric", "exists"]), inner)
        ),
    )
)
def test_any_policy_is_taken_or_refused(value: object) -> None:
    try:
        policy = FilterPolicy({"a": value}, "MessageBody")
    except RequestError:
        return
    assert policy.matches(json.dumps({"a": value})) in (True, False)
