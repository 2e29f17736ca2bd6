"""Whatever a template holds, loading it gives a stack or an error that says where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.templates import ALARM, FILTER, load_resources
from trailwarden.errors import TrailwardenError
from trailwarden.stack.cloudformation import load_template

WORDS = [
    *("Resources", "Parameters", "Conditions", "Mappings", "Transform", "Type", "Properties"),
    *("Condition", "Ref", "Fn::If", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::ForEach::L"),
    *("Fn::Transform", "AWS::SNS::Topic", "AWS::CloudWatch::Alarm", "AWS::Logs::MetricFilter"),
    *("AWS::LanguageExtensions", "AWS::NoValue", "A", "B", "${A}", "${A.B}", "${", "Default"),
    *("TopicName", "FilterPattern", "MetricTransformations", "{ $.a = b }", "Period", "String"),
]
_LEAVES = st.sampled_from(WORDS) | st.integers() | st.none() | st.booleans() | st.text(max_size=5)
_NODES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=25,
)
_TEMPLATES = st.fixed_dictionaries(
    {
        "Resources": st.dictionaries(
            st.sampled_from(["A", "B", "Fn::ForEach::L", "Fn::Transform"]),
            st.fixed_dictionaries(
                {"Type": st.sampled_from([w for w in WORDS if w.startswith("AWS::")])},
                optional={"Properties": _NODES, "Condition": _LEAVES},
            )
            | _NODES,
            max_size=3,
        )
    },
    optional={
        "Parameters": st.dictionaries(st.sampled_from("AB"), _NODES, max_size=2),
        "Conditions": st.dictionaries(st.sampled_from("AB"), _NODES, max_size=2),
        "Mappings": _NODES,
        "Transform": _LEAVES,
    },
)


def load_anything(text: str) -> str:
    """What loading says: an error, or the representation of the stack."""
    try:
        return repr(load_template(text, "t.yaml", "s", {}))
    except TrailwardenError as error:
        return str(error)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_arbitrary_text(text: str) -> None:
    assert load_anything(text)


@given(st.lists(st.sampled_from([*WORDS, *"{}[],:&*!|>-?#%'\"\n", "\n  ", "  ", "- ", ": ", "<<"])))
@settings(max_examples=300, deadline=None)
def test_arbitrary_yaml(parts: list[str]) -> None:
    assert load_anything("".join(parts))


@given(_TEMPLATES)
@settings(max_examples=300, deadline=None)
def test_arbitrary_templates(template: dict[str, object]) -> None:
    assert load_anything(json.dumps(template))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_whole_template_with_a_piece_changed(data: st.DataObject) -> None:
    text = "Resources:\n  F:\n    " + FILTER.replace("\n", "\n    ").rstrip(" ")
    text += "  A:\n    " + ALARM.replace("\n", "\n    ").rstrip(" ")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    piece = data.draw(st.sampled_from([*WORDS, "\t", "\x00", "~", "[", "{", "'", "&a ", "*a"]))
    assert load_anything(text[:start] + piece + text[end:])


@pytest.mark.parametrize(
    "expression",
    [
        "!Sub [a, {x: " * 200 + "b" + "}]" * 200,
        "!If [C, " * 90 + "a" + ", b]" * 90,
        "{'Fn::Join': ['', [" * 40 + "a" + "]]}" * 40,
        "!Base64 " + "{'Fn::Base64': " * 80 + "a" + "}" * 80,
    ],
)
def test_functions_nested_too_deep(expression: str) -> None:
    with pytest.raises(TrailwardenError, match=r"nest(ed)? more than \d+ deep"):
        load_resources(
            {"T": f"Type: AWS::SNS::Topic\nProperties:\n  TopicName: {expression}\n"},
            "Conditions: {C: !Equals [a, a]}",
        )


@pytest.mark.parametrize(
    "expression",
    [
        "{'Fn::Base64': " * 50 + "!FindInMap [M, a, b]" + "}" * 50,
        "!Join ['', [" + "!FindInMap [M, a, b], " * 1000 + "x]]",
        "!Sub ['" + "${X}" * 1000 + "', {X: !FindInMap [M, a, b]}]",
        "!If [C, [" + "!FindInMap [M, a, b], " * 1000 + "x], z]",
        "{'Fn::ToJsonString': [" + "!FindInMap [M, a, b], " * 1000 + "x]}",
        "!Select [0, !GetAZs [" + "!FindInMap [M, a, b], " * 1000 + "x]]",
    ],
)
def test_functions_that_make_too_much_text(expression: str) -> None:
    head = f"""\
Parameters: {{P: {{Type: String}}}}
Mappings: {{M: {{a: {{b: {"x" * 100_000}}}}}}}
Conditions: {{C: !Equals [!Ref P, a]}}
"""
    with pytest.raises(TrailwardenError, match="more text than any template needs"):
        load_resources(
            {"T": f"Type: AWS::SNS::Topic\nProperties:\n  TopicName: {expression}\n"}, head
        )


def test_a_condition_on_much_text() -> None:
    many = "[" + "!FindInMap [M, a, b], " * 1000 + "x]"
    head = f"""\
Mappings: {{M: {{a: {{b: {"x" * 100_000}}}}}}}
Conditions: {{C: !Equals [{many}, a]}}
"""
    with pytest.raises(TrailwardenError, match="more text than any template needs"):
        load_resources({"T": "Type: AWS::SNS::Topic\nCondition: C\n"}, head)
