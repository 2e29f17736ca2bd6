"""Whatever AWS takes as a template loads: what is unknown and decides nothing stays unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.stack.templates import ALARM, FILTER, error_of, load_resources, load_text
from trailwarden.cli.root import trailwarden
from trailwarden.errors import DefinitionErrors
from trailwarden.stack.lint import lint
from trailwarden.stack.model import Stack

SAM = "Transform: AWS::Serverless-2016-10-31\n"
# An alarm on a metric of a service, which no filter publishes.
QUEUE = """\
Type: AWS::CloudWatch::Alarm
Properties:
  Namespace: AWS/SQS
  MetricName: ApproximateAgeOfOldestMessage
  Statistic: Maximum
  Period: 300
  EvaluationPeriods: 1
  Threshold: 600
  ComparisonOperator: GreaterThanThreshold
"""
FUNCTION = """\
Type: AWS::Serverless::Function
Properties: {Handler: a.b, Runtime: python3.12, InlineCode: x, AutoPublishAlias: live}
"""


def codes_of(stack: Stack) -> list[str]:
    return [note.code for note in stack.notes]


def with_chain(more: dict[str, str], head: str = "", **given: str) -> Stack:
    """A filter, its alarm, and more."""
    return load_resources({"Stops": FILTER, "StopsAlarm": ALARM, **more}, head, given)


# --- SAM and other transforms ----------------------------------------------------------------
def test_globals_are_a_section_where_sam_is() -> None:
    sections = "Globals: {Function: {Timeout: 3}}\n"
    assert len(with_chain({}, SAM + sections).alarms) == 1
    assert "add Transform: AWS::Serverless" in error_of(f"{sections}Resources: {{}}").cure


@pytest.mark.parametrize(
    "expression",
    [
        "!Ref Fn.Version",
        "!Ref Fn.Alias",
        "!Ref FnRole",
        "!Ref FnAliaslive",
        "!GetAtt FnRole.Arn",
        "!Sub '${Fn.Version}'",
        "!Ref ServerlessRestApi",
        "!Sub '${ServerlessHttpApi}.execute-api'",
        "!GetAtt ServerlessRestApiProdStage.Arn",
        "!Ref CodeDeployServiceRole",
    ],
)
def test_what_sam_generates_can_be_referred_to(expression: str) -> None:
    alarm = QUEUE + f"  Dimensions: [{{Name: Resource, Value: {expression}}}]\n"
    stack = with_chain({"Fn": FUNCTION, "Errors": alarm}, SAM)
    [(_, value)] = stack.alarms[1].dimensions
    assert value.startswith("${")


def test_a_name_that_nothing_generates_is_still_wrong() -> None:
    with pytest.raises(Exception, match="no parameter or resource 'Topc'"):
        with_chain({"Fn": FUNCTION, "A": QUEUE + "  AlarmActions: [!Ref Topc]\n"}, SAM)


def test_attributes_that_sam_gives_to_resources() -> None:
    topic = "Type: AWS::SNS::Topic\nConnectors: {C: {Properties: {}}}\nIgnoreGlobals: '*'\n"
    assert len(with_chain({"T": topic}, SAM).topics) == 1


def test_a_macro_may_make_anything() -> None:
    head = "Transform: [AWS::LanguageExtensions, OurMacro]\nOurSection: {A: 1}\n"
    stack = with_chain(
        {
            "T": "Type: AWS::SNS::Topic\nCondition: Made\nOurs: 1\n"
            "Properties: {DisplayName: !GetAtt Elsewhere.Name, KmsMasterKeyId: !Ref Key}\n",
            "Odd": "Ours: 2\n",
        },
        head,
    )
    assert stack.topics[0].display_name == "${Elsewhere.Name}"
    assert "section-not-read" in codes_of(stack)
    assert "Odd" in [item.name for item in stack.not_run]


@pytest.mark.parametrize("section", ["Parameters", "Mappings", "Conditions", "Outputs"])
def test_an_include_may_stand_in_any_section(section: str) -> None:
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}}"
    assert len(with_chain({}, f"{section}: {include}\n").alarms) == 1
    whole = f"Fn::Transform: {include[16:-1]}\nResources: {{}}\n"
    assert load_text(whole).alarms == ()


def test_a_resource_that_an_include_makes_is_not_run() -> None:
    stack = with_chain({"Made": "Fn::Transform: {Name: AWS::Include}\n"})
    assert ("Made", "Fn::Transform") in [(item.name, item.type) for item in stack.not_run]


def test_resources_of_a_module_can_be_referred_to() -> None:
    module = "Type: Our::Team::Thing::MODULE\n"
    topic = "Type: AWS::SNS::Topic\nProperties: {KmsMasterKeyId: !Ref Mod.Key}\n"
    assert with_chain({"Mod": module, "T": topic}).topics[0].kms_master_key_id == "${Mod.Key}"


# --- functions -------------------------------------------------------------------------------
RULES = """\
Parameters:
  Subnet: {Type: 'AWS::EC2::Subnet::Id', Default: subnet-1}
Rules:
  R:
    RuleCondition: !Contains [[a, b], !Ref Subnet]
    Assertions:
      - Assert: !EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll 'AWS::EC2::VPC::Id']
      - Assert: !EachMemberEquals [[!ValueOf [Subnet, VpcId]], vpc-1]
"""  # noqa: E501


def test_functions_of_rules_have_short_forms() -> None:
    assert len(with_chain({}, RULES).alarms) == 1


def test_a_map_for_other_regions_than_the_assumed_one() -> None:
    head = "Mappings: {Keys: {eu-west-1: {Id: k}}}\n"
    topic = (
        "Type: AWS::SNS::Topic\n"
        "Properties: {KmsMasterKeyId: !FindInMap [Keys, !Ref AWS::Region, Id]}\n"
    )
    assert (with_chain({"T": topic}, head).topics[0].kms_master_key_id or "").startswith("${")
    known = with_chain({"T": topic}, head, **{"AWS::Region": "eu-west-1"})
    assert known.topics[0].kms_master_key_id == "k"


def test_a_part_of_an_empty_default() -> None:
    head = "Parameters: {Arn: {Type: String, Default: ''}}\n"
    topic = (
        "Type: AWS::SNS::Topic\nProperties: {DisplayName: !Select [5, !Split [':', !Ref Arn]]}\n"
    )
    assert (with_chain({"T": topic}, head).topics[0].display_name or "").startswith("${")


EXTENSIONS = "Transform: AWS::LanguageExtensions\nParameters: {Names: {Type: CommaDelimitedList}}\n"


def test_a_loop_over_what_is_unknown_decides_nothing_where_no_filter_is_in_it() -> None:
    loop = "[N, !Ref Names, {'Bucket${N}': {Type: AWS::S3::Bucket}}]"
    stack = with_chain({"'Fn::ForEach::Buckets'": loop}, EXTENSIONS)
    assert "Fn::ForEach" in [item.type for item in stack.not_run]


def test_conditions_in_a_loop_and_references_by_functions() -> None:
    head = EXTENSIONS + (
        "Conditions: {'Fn::ForEach::C': [N, [A, B], {'Is${N}': !Equals [a, a]}]}\n"
    )
    topic = "Type: AWS::SNS::Topic\nCondition: IsA\nProperties: {DisplayName: !Ref {Ref: Names}}\n"
    assert len(with_chain({"T": topic}, head).topics) == 1


# --- keys given twice ------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        f"Resources:\n  F:\n    {FILTER.replace(chr(10), chr(10) + '    ')}\n"
        "  T:\n    Type: AWS::SNS::Topic\n"
        "    Properties:\n      DisplayName: first\n      DisplayName: last\n",
        '{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": '
        '{"DisplayName": "first", "DisplayName": "last"}}}}',
    ],
)
def test_the_last_of_a_key_counts_and_it_is_told(text: str) -> None:
    stack = load_text(text)
    assert stack.topics[0].display_name == "last"
    [note] = [note for note in stack.notes if note.code == "duplicate-key"]
    assert note.location is not None
    assert note.location.key == "Resources.T.Properties.DisplayName"
    assert "TW021" in [finding.code for finding in lint(stack)]


# --- what is unknown -------------------------------------------------------------------------
def test_what_decides_nothing_may_stay_unknown() -> None:
    head = "Parameters:\n  Days: {Type: Number}\n  Flag: {Type: String}\n"
    stack = with_chain(
        {
            "G": "Type: AWS::Logs::LogGroup\nProperties: {RetentionInDays: !Ref Days}\n",
            "Trail": "Type: AWS::CloudTrail::Trail\nProperties: {IsLogging: !Ref Flag, "
            "S3BucketName: b, IsMultiRegionTrail: !Ref Flag, EnableLogFileValidation: !Ref Flag}\n",
            "S": "Type: AWS::SNS::Subscription\nProperties: {TopicArn: t, Protocol: email, "
            "Endpoint: a@example.com, RawMessageDelivery: !Ref Flag}\n",
            "A": ALARM + "  ActionsEnabled: !Ref Flag\n  AlarmName: other\n",
        },
        head,
    )
    assert codes_of(stack).count("unknown-value") == 6
    assert stack.trails[0].is_multi_region_trail
    assert stack.alarms[1].actions_enabled
    assert stack.log_groups[0].retention_in_days is None


def test_what_decides_must_be_known_and_all_of_it_is_said_at_once() -> None:
    head = "Parameters: {P: {Type: Number}, T: {Type: Number}}\n"
    alarm = ALARM.replace("Period: 300", "Period: !Ref P").replace(
        "Threshold: 1", "Threshold: !Ref T"
    )
    with pytest.raises(DefinitionErrors) as caught:
        load_resources({"F": FILTER, "A": alarm}, head)
    assert [error.cure for error in caught.value.errors] == [
        "give --parameter P=VALUE",
        "give --parameter T=VALUE",
    ]


MAIL = "Parameters: {Mail: {Type: String}}\nConditions: {Has: !Not [!Equals [!Ref Mail, '']]}\n"


def test_whether_an_alarm_of_a_service_exists_decides_nothing() -> None:
    stack = with_chain({"Q": f"Condition: Has\n{QUEUE}", "Q2": f"Condition: Has\n{QUEUE}"}, MAIL)
    assert len(stack.alarms) == 3
    assert codes_of(stack).count("unknown-condition") == 2
    with pytest.raises(Exception, match="whether it exists depends on Mail"):
        with_chain({"Other": f"Condition: Has\n{ALARM}"}, MAIL)


def test_whether_a_composite_of_such_alarms_exists_decides_nothing() -> None:
    def composite(rule: str) -> str:
        return (
            "Type: AWS::CloudWatch::CompositeAlarm\nCondition: Has\n"
            f"Properties: {{AlarmRule: ALARM({rule})}}\n"
        )

    assert len(with_chain({"Q": QUEUE, "C": composite("Q")}, MAIL).composite_alarms) == 1
    with pytest.raises(Exception, match="whether it exists depends on Mail"):
        with_chain({"C": composite("StopsAlarm")}, MAIL)


@pytest.mark.parametrize(
    "change",
    [
        ("Period: 300", "Period: !Ref Empty"),
        ("Threshold: 600", "Threshold: !Ref Nothing"),
        ("Statistic: Maximum", "Statistic: !Ref Empty"),
        ("Namespace: AWS/SQS", "Namespace: !Ref Empty"),
        ("EvaluationPeriods: 1", "EvaluationPeriods: 1\n  AlarmActions: [!Ref Empty]"),
        ("EvaluationPeriods: 1", "EvaluationPeriods: 1\n  Dimensions: !Ref Nothing"),
        (
            "EvaluationPeriods: 1",
            "EvaluationPeriods: 1\n  Dimensions: [{Name: QueueName, Value: !Ref Empty}]",
        ),
        ("EvaluationPeriods: 1", "EvaluationPeriods: 1\n  AlarmName: !Ref Empty"),
    ],
)
def test_placeholders_in_an_alarm_of_a_service(change: tuple[str, str]) -> None:
    head = "Parameters: {Empty: {Type: String, Default: ''}, Nothing: {Type: String}}\n"
    stack = with_chain({"Q": QUEUE.replace(*change)}, head)
    assert "StopsAlarm" in [alarm.alarm_name for alarm in stack.alarms]
    assert "alarm-refused" not in codes_of(stack)


def test_a_mistake_in_an_alarm_of_a_service_is_a_finding() -> None:
    wrong = QUEUE.replace("300", "45").replace("Maximum", "Most").replace("Threshold:", "Treshold:")
    stack = with_chain({"Q": wrong})
    found = [finding for finding in lint(stack) if finding.code == "TW301"]
    assert [finding.location.line for finding in found] == sorted(
        finding.location.line or 0 for finding in found
    )
    text = " ".join(finding.message for finding in found)
    assert len(found) == 3
    assert all(word in text for word in ("Period", "Statistic", "Treshold"))


def test_an_empty_default_is_no_topic() -> None:
    head = "Parameters: {Topic: {Type: String, Default: ''}}\n"
    stack = load_resources({"F": FILTER, "A": ALARM.replace("[topic]", "[!Ref Topic]")}, head, {})
    assert stack.alarms[0].alarm_actions == ("${Topic}",)
    assert "empty-default" in codes_of(stack)


# --- all mistakes at once --------------------------------------------------------------------
def test_all_mistakes_of_an_alarm_and_of_a_filter_are_told_at_once() -> None:
    alarm = (
        ALARM.replace("Sum", "Summ")
        .replace("300", "45")
        .replace("GreaterThanOrEqualToThreshold", "GreaterThan")
        + "  DatapointsToAlarm: 3\n  TreatMissingData: ignored\n  AlarmActionz: [x]\n"
    )
    a_filter = FILTER.replace("StopLogging", "==").replace("Stops,", "a:b,").replace(": 1}", ": x}")
    with pytest.raises(DefinitionErrors) as caught:
        load_resources({"A": alarm, "F": a_filter, "G": FILTER})
    keys = [(error.location and error.location.key) or "" for error in caught.value.errors]
    assert [key.rpartition(".")[2] for key in keys] == [
        *("ComparisonOperator", "Period", "Statistic"),
        *("DatapointsToAlarm", "TreatMissingData", "AlarmActionz"),
        *("FilterPattern", "MetricName", "MetricValue"),
    ]


def test_what_follows_from_a_wrong_parameter_is_not_told_as_well() -> None:
    head = "Parameters: {P: {Type: Number, AllowedValues: [60]}}\n"
    resources = {
        "F": FILTER,
        "A": ALARM.replace("Period: 300", "Period: !Ref P").replace("Sum", "Summ"),
    }
    with pytest.raises(DefinitionErrors) as caught:
        load_resources(resources, head, {"P": "7"})
    assert [error.message[:20] for error in caught.value.errors] == [
        "'7' of the parameter",
        "Statistic: 'Summ' is",
    ]


# --- on the command line ---------------------------------------------------------------------
@pytest.mark.parametrize("command", [["stack", "show"], ["lint"], ["audit", "--stack"]])
def test_every_command_takes_such_a_template(command: list[str], tmp_path: Path) -> None:
    path = tmp_path / "sam.yaml"
    path.write_text(
        f"{SAM}Globals: {{Function: {{Timeout: 1}}}}\n{MAIL}Resources:\n"
        "  Q:\n    Condition: Has\n    Type: AWS::CloudWatch::Alarm\n    Properties: {Namespace: "
        "AWS/SQS, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 1, Threshold: 1, "
        "ComparisonOperator: GreaterThanThreshold, AlarmActions: [t]}\n",
        "utf-8",
    )
    result = CliRunner().invoke(trailwarden, [*command, str(path)], standalone_mode=False)
    assert result.return_value in (0, 1), result.output
