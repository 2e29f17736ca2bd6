"""The YAML that is written is read as what was meant, whatever the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.deploy.json_text import long_form
from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.values import NO_VALUE, GetAtt, If, Ref, Sub
from trailwarden.deploy.yaml_text import to_yaml
from trailwarden.stack.plain import plain
from trailwarden.stack.source import read_template

# Long enough to be folded, and full of what means something in YAML.
AWKWARD = st.lists(
    st.sampled_from(
        ["a", "word", " ", "  ", ": ", " #", "'", '"', "- ", "&x", "*y", "!z", "%", "|"]
    ),
    max_size=60,
).map("".join)


def template(value):
    resource = Resource("AWS::SNS::Topic", {"TopicName": value}, comment="Why.")
    return Template("command", "description", resources={"Topic": resource})


def read_back(value):
    document = plain(read_template(to_yaml(template(value)), "a.yaml").root)
    return document["Resources"]["Topic"]["Properties"]["TopicName"]


@given(AWKWARD | st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_texts_survive(text):
    assert read_back(text) == text
    assert read_back(Sub(text)) == {"Fn::Sub": text}


@pytest.mark.parametrize(
    "value",
    [
        *("true", "no", "1", "0x1", "2012-10-17", "null", "~", "", " ", "=", "1e3", "007"),
        *(0, 365, True, False),
        Ref("AWS::AccountId"),
        If("A", Ref("B"), NO_VALUE),
        [If("A", GetAtt("Key", "Arn"), If("C", True, False)), "b"],
        {"a": [1, 2], "b": {"c": [{"d": "e"}, {"f": []}]}},
    ],
)
def test_values_survive(value):
    expected = long_form(value)
    found = read_back(value)
    if "GetAtt" in repr(value):
        found = eval(re.sub(r"'(\w+)\.(\w+)'", r"['\1', '\2']", repr(found)))
    assert found == expected


def test_what_is_shared_is_written_out():
    shared = {"a": "b"}
    assert "&" not in to_yaml(template([shared, shared]))


def test_the_layout():
    made = template("t")
    made.parameters["P"] = Parameter("Group", "What it is.", "x", allowed_values=("x", "y"))
    made.outputs["O"] = Output("What it says.", Ref("Topic"), "HasTopic")
    assert to_yaml(made).splitlines()[2:] == [
        "AWSTemplateFormatVersion: '2010-09-09'",
        "Description: description",
        "",
        "Metadata:",
        "  Trailwarden:",
        "    Command: command",
        "  AWS::CloudFormation::Interface:",
        "    ParameterGroups:",
        "      - Label:",
        "          default: Group",
        "        Parameters: [P]",
        "",
        "Parameters:",
        "  P:",
        "    Type: String",
        "    Description: What it is.",
        "    Default: x",
        "    AllowedValues: [x, y]",
        "",
        "Resources:",
        "  # Why.",
        "  Topic:",
        "    Type: AWS::SNS::Topic",
        "    Properties:",
        "      TopicName: t",
        "",
        "Outputs:",
        "  O:",
        "    Condition: HasTopic",
        "    Description: What it says.",
        "    Value: !Ref Topic",
    ]
