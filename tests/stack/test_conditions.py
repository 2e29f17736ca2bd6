from __future__ import annotations

import pytest

from tests.stack.templates import ALARM, FILTER, load_resources
from trailwarden.errors import DefinitionError, DefinitionErrors

HEAD = """\
Parameters:
  Env: {{Type: String, Default: prod}}
  Who: {{Type: String}}
Conditions:
  Always: !Equals [!Ref Env, prod]
  Never: !Equals [!Ref Env, dev]
  Maybe: !Equals [!Ref Who, me]
  C: {condition}
"""


def truth_of(condition: str) -> str:
    """true, false or unknown: from whether a resource exists, and what is noted of it."""
    topic = "Type: AWS::SNS::Topic\nCondition: C\n"
    stack = load_resources({"T": topic}, HEAD.format(condition=condition))
    if not stack.topics:
        return "false"
    return "unknown" if any(n.code == "unknown-condition" for n in stack.notes) else "true"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!Equals [a, a]", "true"),
        ("!Equals [1, '1']", "true"),
        ("!Equals [true, 'true']", "true"),
        ("!Equals [a, A]", "false"),
        ("!Equals [!Ref Who, !Ref Who]", "true"),
        ("!Equals [!Ref Who, !Sub 'x${Who}']", "unknown"),
        ("!Equals [[a, !Ref Env], [a, prod]]", "true"),
        ("!Condition Always", "true"),
        ("{Condition: Never}", "false"),
        ("!Not [!Condition Always]", "false"),
        ("!Not [!Condition Maybe]", "unknown"),
        ("!And [!Condition Always, !Condition Always]", "true"),
        ("!And [!Condition Maybe, !Condition Never]", "false"),
        ("!And [!Condition Maybe, !Condition Always]", "unknown"),
        ("!Or [!Condition Never, !Condition Never]", "false"),
        ("!Or [!Condition Maybe, !Condition Always]", "true"),
        ("!Or [!Condition Maybe, !Condition Never]", "unknown"),
        ("{'Fn::Or': [{'Fn::Not': [{Condition: Never}]}, {Condition: Never}]}", "true"),
        ("!Equals [!If [Always, a, b], a]", "true"),
    ],
)
def test_the_truth_of_a_condition(condition: str, expected: str) -> None:
    assert truth_of(condition) == expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("!Equals [a]", "the list must hold 2, and holds 1"),
        ("!Not [!Condition Always, !Condition Never]", "the list must hold 1, and holds 2"),
        ("!And []", "there is no condition in the list"),
        ("text", "a condition must stand here"),
        ("!Ref Env", "a condition must stand here"),
        ("!Condition Alway", "there is no condition 'Alway'"),
        ("!Condition C", "conditions depend on each other in a cycle: C -> C"),
        ("!Not [!Equals [!Ref Nobody, a]]", "there is no parameter or resource 'Nobody'"),
    ],
)
def test_a_condition_that_is_wrong(condition: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        truth_of(condition)
    assert caught.value.message == message
    assert (caught.value.location or "").line == 8  # type: ignore[union-attr]


def test_a_condition_that_is_false_takes_the_resource_away() -> None:
    resources = {"F": f"Condition: Never\n{FILTER}", "A": f"Condition: Always\n{ALARM}"}
    stack = load_resources(resources, HEAD.format(condition="!Condition Never"))
    assert (stack.metric_filters, len(stack.alarms), stack.not_run) == ((), 1, ())


def test_whether_a_filter_or_an_alarm_exists_must_be_known() -> None:
    resources = {"F": f"Condition: Maybe\n{FILTER}", "A": f"Condition: Maybe\n{ALARM}"}
    head = HEAD.format(condition="!Condition Never")
    with pytest.raises(DefinitionErrors) as caught:
        load_resources({**resources, "Other": FILTER}, head)
    for error, key in zip(caught.value.errors, "FA", strict=True):
        assert error.message == (
            "whether it exists depends on Who, which has no value before deployment"
        )
        assert error.cure == "give --parameter Who=VALUE"
        assert error.location is not None
        assert error.location.key == f"Resources.{key}.Condition"
    assert len(load_resources(resources, head, {"Who": "me"}).alarms) == 1
    assert load_resources(resources, head, {"Who": "you"}).alarms == ()


def test_a_reference_to_a_resource_that_is_taken_away_is_still_a_name() -> None:
    resources = {
        "T": "Condition: Never\nType: AWS::SNS::Topic\nProperties: {TopicName: t}\n",
        "A": ALARM.replace("[topic]", "[!Ref T]"),
    }
    stack = load_resources(resources, HEAD.format(condition="!Condition Never"))
    assert stack.alarms[0].alarm_actions == ("arn:aws:sns:us-east-1:${AWS::AccountId}:t",)
    assert [note.code for note in stack.notes] == [
        "no-metric-filters",
        "alarm-without-metric",
        "unknown-topic",
    ]


def test_a_chain_of_conditions_is_an_error_instead_of_an_exhausted_stack() -> None:
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(2000))
    head = f"Conditions:\n{chain}  C2000: !Equals [a, a]\n"
    with pytest.raises(DefinitionError, match="nest more than 60 deep"):
        load_resources({"T": "Type: AWS::SNS::Topic\nCondition: C0\n"}, head)
