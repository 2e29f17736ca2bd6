from __future__ import annotations

import pytest

from tests.stack.templates import error_of, load_resources, load_text, value_of
from trailwarden.errors import DefinitionError

HEAD = """\
Parameters:
  Env: {Type: String, Default: prod}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Email: {Type: String}
  Nets: {Type: 'List<String>'}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /the/name}
Mappings:
  Regions:
    us-east-1: {Short: ue1, Zones: [a, b]}
    eu-west-1: {Short: ew1}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsTest: !Not [!Condition IsProd]
  HasEmail: !Not [!Equals [!Ref Email, '']]
"""

KNOWN = [
    ("!Ref Env", "prod"),
    ("!Ref Count", "3"),
    ("{Ref: Env}", "prod"),
    ("!Ref AWS::Region", "us-east-1"),
    ("!Ref AWS::Partition", "aws"),
    ("!Ref AWS::URLSuffix", "amazonaws.com"),
    ("!Ref AWS::StackName", "my-stack"),
    ("!Ref Group", "trail-logs"),
    ("!Ref Alarm", "Alarm"),
    ("!GetAtt Alerts.TopicName", "alerts"),
    ("{'Fn::GetAtt': [Alerts, TopicName]}", "alerts"),
    ("!Sub 'x-${Env}-${AWS::Region}'", "x-prod-us-east-1"),
    ("!Sub '${!Env} ${Env}'", "${Env} prod"),
    ("!Sub ['${A}${Env}${B.C}', {A: !Ref Count, B.C: z}]", "3prodz"),
    ("!Sub '${Alerts.TopicName}!'", "alerts!"),
    ("!Join ['-', [a, !Ref Env, 1]]", "a-prod-1"),
    ("!Join ['', !Ref Names]", "abc"),
    ("!Join [',', [a, !If [IsTest, b, !Ref AWS::NoValue], c]]", "a,c"),
    ("!Select [1, [a, b]]", "b"),
    ("!Select ['2', !Ref Names]", "c"),
    ("!Select [1, !Split ['|', 'x|y|z']]", "y"),
    ("!Join ['+', !Split ['.', a.b]]", "a+b"),
    ("!If [IsProd, yes it is, 'no']", "yes it is"),
    ("!If [IsTest, 'yes', 'no']", "no"),
    ("!If [IsTest, 'yes', !Ref AWS::NoValue]", None),
    ("!FindInMap [Regions, !Ref AWS::Region, Short]", "ue1"),
    ("!FindInMap [Regions, eu-west-1, Zones, {DefaultValue: none}]", "none"),
    ("!Select [1, !FindInMap [Regions, us-east-1, Zones]]", "b"),
    ("!Base64 abc", "YWJj"),
    ("{'Fn::Length': [a, b]}", "2"),
    ("{'Fn::Length': !Ref Names}", "3"),
    (
        "{'Fn::ToJsonString': {A: 1, B: [x, true], C: !Ref Env}}",
        '{"A":1,"B":["x",true],"C":"prod"}',
    ),
]
UNKNOWN = [
    ("!Ref Email", "${Email}"),
    ("!Sub 'to ${Email}'", "to ${Email}"),
    ("!Ref Stored", "${Stored}"),
    ("!Ref AWS::AccountId", "${AWS::AccountId}"),
    ("!Ref AWS::StackId", "${AWS::StackId}"),
    ("!Ref Role", "${Role}"),
    ("!GetAtt Role.Arn", "${Role.Arn}"),
    ("!Ref UnnamedGroup", "${UnnamedGroup}"),
    ("!GetAtt UnnamedGroup.Arn", "${UnnamedGroup.Arn}"),
    ("!Ref Unnamed", "${Unnamed.TopicArn}"),
    ("!GetAtt Unnamed.TopicArn", "${Unnamed.TopicArn}"),
    ("!GetAtt Unnamed.TopicName", "${Unnamed.TopicName}"),
    ("!Ref Alerts", "arn:aws:sns:us-east-1:${AWS::AccountId}:alerts"),
    ("!GetAtt Group.Arn", "arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:trail-logs:*"),
    ("!GetAtt Alarm.Arn", "arn:aws:cloudwatch:us-east-1:${AWS::AccountId}:alarm:Alarm"),
    ("!ImportValue other-Arn", "${Fn::ImportValue other-Arn}"),
    ("!ImportValue {'Fn::Sub': '${Env}-Arn'}", "${Fn::ImportValue prod-Arn}"),
    ("!Select [0, !GetAZs us-east-1]", "${Fn::Select 0 ${Fn::GetAZs us-east-1}}"),
    ("!Select [0, !Cidr [10.0.0.0/8, 2, 8]]", "${Fn::Select 0 ${Fn::Cidr [10.0.0.0/8,2,8]}}"),
    (
        "!Select [5, !Split [':', !Ref Alerts]]",
        "${Fn::Select 5 ${Fn::Split : arn:aws:sns:us-east-1:${AWS::AccountId}:alerts}}",
    ),
    ("!Join [',', !Ref Nets]", "${Fn::Join , ${Nets}}"),
    ("!Base64 {Ref: Email}", "${Fn::Base64 ${Email}}"),
    ("!If [HasEmail, a, b]", "${Fn::If HasEmail a b}"),
    ("!If [HasEmail, a, !Ref AWS::NoValue]", "${Fn::If HasEmail a AWS::NoValue}"),
    ("!If [HasEmail, same, !Sub same]", "same"),
    ("!FindInMap [Regions, !Ref Email, Short]", "${Fn::FindInMap Regions ${Email} Short}"),
    ("'{{resolve:ssm:/a/b}}'", "{{resolve:ssm:/a/b}}"),
    ("!Sub '{{resolve:ssm:/${Env}/b}}-x'", "{{resolve:ssm:/prod/b}}-x"),
]


@pytest.mark.parametrize(("expression", "expected"), KNOWN + UNKNOWN)
def test_the_value_of_a_function(expression: str, expected: str | None) -> None:
    assert value_of(expression, HEAD) == expected


@pytest.mark.parametrize(
    ("name", "value", "expression", "expected"),
    [
        ("Email", "a@example.org", "!Ref Email", "a@example.org"),
        ("Email", "x", "!If [HasEmail, a, b]", "a"),
        ("Email", "", "!If [HasEmail, a, b]", "b"),
        ("Nets", "p, q", "!Join ['+', !Ref Nets]", "p+q"),
        ("Stored", "the-value", "!Ref Stored", "the-value"),
        ("AWS::Region", "cn-north-1", "!Ref AWS::Partition", "aws-cn"),
        ("AWS::Region", "cn-north-1", "!Ref AWS::URLSuffix", "amazonaws.com.cn"),
        ("AWS::Region", "us-gov-west-1", "!Ref AWS::Partition", "aws-us-gov"),
        ("AWS::Region", "eusc-de-east-1", "!Ref AWS::Partition", "aws-eusc"),
        ("AWS::Region", "eusc-de-east-1", "!Ref AWS::URLSuffix", "amazonaws.eu"),
        ("AWS::Region", "us-isob-east-1", "!Ref AWS::URLSuffix", "sc2s.sgov.gov"),
        ("AWS::StackName", "s", "!Ref AWS::StackName", "s"),
        (
            "AWS::AccountId",
            "012345678901",
            "!Ref Alerts",
            "arn:aws:sns:us-east-1:012345678901:alerts",
        ),
        ("AWS::NotificationARNs", "t,u", "!Select [1, !Ref AWS::NotificationARNs]", "u"),
    ],
)
def test_the_value_of_a_function_with_a_parameter(
    name: str, value: str, expression: str, expected: str
) -> None:
    assert value_of(expression, HEAD, {name: value}) == expected


@pytest.mark.parametrize(
    ("expression", "message", "cure"),
    [
        ("!Ref Envv", "there is no parameter or resource 'Envv'", "did you mean 'Env'?"),
        ("!Sub '${Envv}'", "there is no parameter or resource 'Envv'", "did you mean 'Env'?"),
        ("!GetAtt Alert.TopicName", "there is no resource 'Alert'", "did you mean 'Alerts'?"),
        (
            "!GetAtt Alerts.TopicNam",
            "Alerts has no attribute 'TopicNam'",
            "did you mean 'TopicName'?",
        ),
        ("!GetAtt Alerts", "Fn::GetAtt: 'Alerts' names no attribute", "write Resource.Attribute"),
        ("!If [IsPro, a, b]", "there is no condition 'IsPro'", "did you mean 'IsProd'?"),
        (
            "!If [IsProd, a]",
            "Fn::If: takes a list of 3 arguments, not 2",
            "complete or correct its list",
        ),
        (
            "!Join [a]",
            "Fn::Join: takes a list of 2 arguments, not 1",
            "complete or correct its list",
        ),
        ("!Join ['', text]", "Fn::Join: a list must stand here, not a single value", "give a list"),
        ("!Select [3, [a]]", "Fn::Select: there is no item '3' in a list of 1", "count from 0"),
        ("!Select [-1, [a]]", "Fn::Select: there is no item '-1' in a list of 1", "count from 0"),
        (
            "!Split ['', a]",
            "Fn::Split: the delimiter is empty",
            "give the characters between the parts",
        ),
        (
            "!FindInMap [Region, a, b]",
            "Fn::FindInMap: there is no 'Region' in the mappings",
            "did you mean 'Regions'?",
        ),
        (
            "!FindInMap [Regions, us-east-1, Shor]",
            "Fn::FindInMap: there is no 'Shor' in the map",
            "did you mean 'Short'?",
        ),
        ("!Sub '${Names}'", "Fn::Sub: ${Names} is a list, where a text is needed", "use Fn::Join"),
        (
            "!Sub [a, b, c]",
            "Fn::Sub: takes a list of 2 arguments, not 3",
            "complete or correct its list",
        ),
        (
            "{'Fn::Jion': ['', []]}",
            "'Fn::Jion' is not a CloudFormation function",
            "did you mean 'Fn::Join'?",
        ),
        (
            "{'Fn::Equals': [a, b]}",
            "Fn::Equals stands in Conditions only",
            "define a condition, use Fn::If",
        ),
        ("{'Fn::Sub': a, b: c}", "Fn::Sub must stand alone", "remove the other keys"),
        (
            "!Base64 {Ref: AWS::NoValue}",
            "Fn::Base64: AWS::NoValue cannot be used here",
            "give a value",
        ),
    ],
)
def test_a_function_that_cannot_be_worked_out(expression: str, message: str, cure: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        value_of(expression, HEAD)
    assert (caught.value.message, caught.value.cure) == (message, cure)
    location = caught.value.location
    assert location is not None
    assert location.source == "t.yaml"
    assert location.line == 21
    assert (location.key or "").startswith("Resources.Probe.Properties.DisplayName")


def test_json_and_yaml_forms_of_functions_are_the_same() -> None:
    text = """\
    Resources:
      A:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: {"Fn::Join": ["", ["a", {"Ref": "AWS::StackName"}]]}
      B:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Join ['', [b, !Ref 'AWS::StackName']]
    """
    assert [topic.topic_name for topic in load_text(text).topics] == ["amy-stack", "bmy-stack"]


def test_an_arn_written_by_hand_equals_a_reference() -> None:
    hand = "!Sub 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:alerts'"
    assert value_of(hand) == value_of("!Ref Alerts") == value_of("!GetAtt Alerts.TopicArn")


def test_names_that_depend_on_each_other_in_a_cycle() -> None:
    error = error_of(
        """\
        Resources:
          A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 'x${B.TopicName}'}}
          B: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt A.TopicName}}
        """
    )
    assert "names depend on each other in a cycle: A -> B -> A" in str(error)


def test_a_long_chain_of_names_is_an_error_instead_of_an_exhausted_stack() -> None:
    chain = {
        f"T{n}": f"Type: AWS::SNS::Topic\nProperties: {{TopicName: !GetAtt T{n + 1}.TopicName}}\n"
        for n in range(500)
    }
    chain["T500"] = "Type: AWS::SNS::Topic\nProperties: {TopicName: end}\n"
    with pytest.raises(DefinitionError, match="nest more than 60 deep"):
        load_resources(chain)


def test_a_chain_that_doubles_a_text_is_stopped() -> None:
    double = (
        "Type: AWS::SNS::Topic\nProperties:\n  TopicName: !Sub '${T%d.TopicName}${T%d.TopicName}'\n"
    )
    chain = {f"T{n}": double % (n + 1, n + 1) for n in range(30)}
    chain["T30"] = "Type: AWS::SNS::Topic\nProperties: {TopicName: aa}\n"
    with pytest.raises(DefinitionError, match="more text than any template needs"):
        load_resources(chain)
