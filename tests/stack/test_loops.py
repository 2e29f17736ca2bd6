from __future__ import annotations

import pytest

from tests.stack.templates import error_of, load_text

HEAD = """\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'x,y'}
  Others: {Type: CommaDelimitedList}
Resources:
"""


def test_a_loop_makes_a_resource_for_each_value() -> None:
    stack = load_text(
        HEAD
        + """\
  Fn::ForEach::Topics:
    - Name
    - [root.use, iam-policy]
    - Topic&{Name}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub 'alert-${Name}'
          DisplayName: !Ref Name
      Policy&{Name}:
        Type: AWS::SNS::TopicPolicy
        Properties: {Topics: [!Ref 'Topic&{Name}'], PolicyDocument: {}}
"""
    )
    assert [(topic.topic_name, topic.display_name) for topic in stack.topics] == [
        ("alert-root.use", "root.use"),
        ("alert-iam-policy", "iam-policy"),
    ]
    assert [policy.topics for policy in stack.topic_policies] == [
        (topic.arn,) for topic in stack.topics
    ]
    assert stack.locations["Topic", "alert-root.use"].key == "Resources.Topicrootuse"


def test_loops_in_loops_over_a_parameter_and_in_properties() -> None:
    stack = load_text(
        HEAD
        + """\
  Fn::ForEach::Outer:
    - A
    - !Ref Names
    - Fn::ForEach::Inner:
        - B
        - ['1', '2']
        - T${A}${B}:
            Type: AWS::SNS::TopicPolicy
            Properties:
              Topics: [t]
              PolicyDocument:
                Fn::ForEach::Doc: [C, [p, q], {'${C}': '${A}${B}'}]
                Version: v
"""
    )
    assert [policy.policy_document for policy in stack.topic_policies] == [
        {"p": pair, "q": pair, "Version": "v"} for pair in ("x1", "x2", "y1", "y2")
    ]


@pytest.mark.parametrize(
    ("loop", "message", "cure"),
    [
        (
            "[A, !Ref Others, {'T${A}': {Type: AWS::Logs::MetricFilter}}]",
            "the collection must be known",
            "give --parameter Others=VALUE",
        ),
        (
            "[A, [!Ref Others], {'T${A}': {Type: AWS::CloudWatch::Alarm}}]",
            "must be known here",
            "give --parameter Others=VALUE",
        ),
        (
            "[A, [x, y], {T: {Type: a}}]",
            "the key 'T' is made twice",
            "let the key hold the identifier",
        ),
        (
            "[A, [x], {'T${A}': {}, Tx: {}}]",
            "two keys become the same for 'x'",
            "rename one of them",
        ),
        ("[A, [x]]", "takes a list of 3 arguments, not 2", "complete or correct its list"),
        ("[[A], [x], {}]", "takes an identifier, a collection and an object", "correct its list"),
        ("[A, x, {}]", "a list must stand here, not a single value", "give a list"),
    ],
)
def test_a_loop_that_cannot_be_expanded(loop: str, message: str, cure: str) -> None:
    error = error_of(f"{HEAD}  'Fn::ForEach::L': {loop}\n")
    assert message in error.message
    assert error.cure == cure
    assert error.location is not None
    assert (error.location.line, error.location.key) == (6, "Resources.Fn::ForEach::L")


def test_a_loop_needs_its_transform() -> None:
    error = error_of("Resources: {'Fn::ForEach::L': [A, [x], {'T${A}': {Type: a}}]}")
    assert "loops need the transform AWS::LanguageExtensions" in error.message


def test_a_key_of_a_loop_that_exists_already() -> None:
    error = error_of(
        f"{HEAD}  Tx: {{Type: a}}\n  'Fn::ForEach::L': [A, [x], {{'T${{A}}': {{Type: a}}}}]\n"
    )
    assert error.message == "the key 'Tx' is given twice"


def test_loops_that_multiply_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.stack.intrinsics.MAX_NODES", 10_000)
    body = "{'T${A0}${A1}${A2}${A3}': {Type: a}}"
    values = "[" + ", ".join(f"v{n}" for n in range(60)) + "]"
    for depth in range(4):
        body = f"{{'Fn::ForEach::L{depth}': [A{depth}, {values}, {body}]}}"
    error = error_of(f"{HEAD}  {body[1:-1]}\n")
    assert "more than 10,000 values" in error.message
