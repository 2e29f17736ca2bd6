"""The built-in templates as texts: what AWS's own linter, a reader and a wheel make of them."""

from __future__ import annotations

import re

import pytest
import yaml

from trailwarden.stack import builtin


class Tagged(yaml.SafeLoader):
    """Reads !Ref and its like as ``{tag: value}``."""


def _tagged(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, object]:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    assert isinstance(node, yaml.SequenceNode)
    return {tag: loader.construct_sequence(node, deep=True)}


Tagged.add_multi_constructor("!", _tagged)


def template(name):
    return yaml.load(builtin.read(name), Tagged)


def resources(name, of_type):
    found = template(name)["Resources"].items()
    return {key: body["Properties"] for key, body in found if body["Type"] == of_type}


@pytest.mark.parametrize("name", builtin.NAMES)
def test_cfn_lint_finds_nothing(name):
    from cfnlint.api import ManualArgs, lint  # slow to import

    regions = ManualArgs(regions=["us-east-1", "eu-west-1", "ap-northeast-1", "us-gov-west-1"])
    found = lint(builtin.read(name), config=regions)
    assert [str(match) for match in found] == []


def test_only_known_names_can_be_read():
    with pytest.raises(KeyError):
        builtin.read("../model")


@pytest.mark.parametrize("name", builtin.NAMES)
def test_two_stacks_in_one_region_share_no_name_and_no_metric(name):
    own = "${AWS::StackName}"
    for properties in resources(name, "AWS::Logs::MetricFilter").values():
        (transformation,) = properties["MetricTransformations"]
        assert own in properties["FilterName"]["Sub"]
        assert own in transformation["MetricNamespace"]["Sub"]
    for properties in resources(name, "AWS::CloudWatch::Alarm").values():
        assert own in properties["AlarmName"]["Sub"]
    for properties in resources(name, "AWS::SNS::Topic").values():
        assert own in properties["TopicName"]["Sub"]


@pytest.mark.parametrize("name", builtin.NAMES)
def test_only_alarms_of_the_account_may_publish_to_the_topic(name):
    (policy,) = resources(name, "AWS::SNS::TopicPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == "sns:Publish"
    assert statement["Resource"] == {"Ref": "AlarmTopic"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnLike": {
            "aws:SourceArn": {"Sub": "arn:${AWS::Partition}:cloudwatch:*:${AWS::AccountId}:alarm:*"}
        },
    }


def test_patterns_with_the_longest_possible_stack_name_fit():
    for properties in resources("cis", "AWS::Logs::MetricFilter").values():
        pattern = properties["FilterPattern"]
        text = pattern["Sub"] if isinstance(pattern, dict) else pattern
        assert len(text.replace("${AWS::StackName}", "n" * 128)) <= 1024


@pytest.mark.parametrize("name", builtin.NAMES)
def test_every_parameter_has_a_default(name):
    assert all("Default" in parameter for parameter in template(name)["Parameters"].values())


def test_every_parameter_is_in_a_group_of_the_console():
    content = template("cis")
    groups = content["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [parameter for group in groups for parameter in group["Parameters"]]
    assert sorted(grouped) == sorted(content["Parameters"])


@pytest.mark.parametrize("name", builtin.NAMES)
def test_texts_are_in_english_and_in_ascii(name):
    assert re.search(r"[^\x00-\x7f]", builtin.read(name)) is None
