from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stack.templates import as_json
from trailwarden.errors import DefinitionError, UsageError
from trailwarden.stack import Stack, load, loading

TEMPLATE = {
    "Parameters": {"Env": {"Type": "String", "Default": "prod"}},
    "Resources": {
        "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
        "Filter": {
            "Type": "AWS::Logs::MetricFilter",
            "Properties": {
                "FilterName": {"Fn::Sub": "${AWS::StackName}-${Env}-日本"},
                "FilterPattern": '{ $.eventName = "StopLogging" }',
                "LogGroupName": {"Ref": "Group"},
                "MetricTransformations": [
                    {"MetricName": "Stops", "MetricNamespace": "Sec", "MetricValue": 1}
                ],
            },
        },
    },
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stack.json", as_json(TEMPLATE)),
        ("stack.template", json.dumps(TEMPLATE)),
        ("stack.yaml", json.dumps(TEMPLATE, ensure_ascii=False)),
        ("stack.yml", "\ufeff" + json.dumps(TEMPLATE)),
        ("stack", "---\n" + json.dumps(TEMPLATE)),
    ],
)
def test_a_template_in_either_format(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    stack = load(str(path))
    assert stack.name == "stack"
    assert stack.source == str(path)
    [metric_filter] = stack.metric_filters
    assert metric_filter.filter_name == "stack-prod-日本"
    assert metric_filter.log_group_name == "${Group}"
    assert metric_filter.metric_transformations[0].metric_value == "1"
    location = stack.locations["MetricFilter", "stack-prod-日本"]
    assert location.key == "Resources.Filter"


def test_json_says_the_same_as_yaml(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(as_json(TEMPLATE))
    (tmp_path / "s.yaml").write_text(
        """\
Parameters: {Env: {Type: String, Default: prod}}
Resources:
  Group: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 30}}
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: !Sub ${AWS::StackName}-${Env}-日本
      FilterPattern: >-
        { $.eventName = "StopLogging" }
      LogGroupName: !Ref Group
      MetricTransformations:
      - MetricName: Stops
        MetricNamespace: Sec
        MetricValue: 1
""",
        "utf-8",
    )
    first, second = (load(str(tmp_path / name)) for name in ("s.json", "s.yaml"))
    assert first.metric_filters == second.metric_filters
    assert first.log_groups == second.log_groups


def test_a_template_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    path.write_text(json.dumps(TEMPLATE, ensure_ascii=False), "utf-16")
    assert len(load(str(path)).metric_filters) == 1


@pytest.mark.parametrize("name", ["cis", "cis-1.2.0"])
def test_a_built_in_stack(name: str) -> None:
    stack = load(name, {"AWS::StackName": "mine"})
    assert (stack.name, stack.source) == ("mine", f"builtin:{name}")
    assert len(stack.alarms) >= 14
    assert {location.source for location in stack.locations.values()} == {f"builtin:{name}"}


def test_the_live_account(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def load_account(regions: object) -> Stack:
        asked.append(regions)
        return Stack("live", "aws")

    monkeypatch.setattr("trailwarden.stack.live.load_account", load_account)
    assert load("aws", regions=["eu-west-1"]).name == "live"
    assert asked == [["eu-west-1"]]
    with pytest.raises(UsageError, match="the live account has no parameters"):
        load("aws", {"a": "b"})


def test_a_region_belongs_to_the_live_account() -> None:
    with pytest.raises(UsageError, match="--stack aws only"):
        load("cis", regions=["eu-west-1"])


@pytest.mark.parametrize(
    ("source", "message", "cure"),
    [
        ("cs", "there is no stack 'cs'", "did you mean cis?"),
        ("cis-1.2", "there is no stack 'cis-1.2'", "did you mean cis-1.2.0?"),
        ("AWS", "there is no stack 'AWS'", "did you mean aws?"),
        ("stak.yaml", "there is no template 'stak.yaml'", "did you mean stack.yaml?"),
        ("no/where.yaml", "there is no template 'no/where.yaml'", "check the path"),
        ("stack", "there is no stack 'stack'", "did you mean stack.yaml?"),
        ("", "the name of a stack is empty", "name cis, say, or a template"),
        (".", "'.' is a folder, and no template of CDK is in it", "each with --stack"),
        ("a\0b", r"there is no stack 'a\\x00b'", "name one of cis"),
        ("x" * 5000, "there is no stack 'xxx", "name one of cis"),
    ],
)
def test_a_source_that_there_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str, cure: str
) -> None:
    (tmp_path / "stack.yaml").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        load(source)
    assert caught.value.message.startswith(message)
    assert cure in caught.value.cure


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trailwarden.stack.source.MAX_BYTES", 1024 * 1024)
    path = tmp_path / "stack.yaml"
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    with pytest.raises(DefinitionError, match="larger than 1 MiB"):
        load(str(path))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "stack.yaml"
    path.write_bytes(b"a: b\nc: \xe9\n")
    with pytest.raises(DefinitionError) as caught:
        load(str(path))
    assert caught.value.message == "the template is not UTF-8 text: byte 0xe9"
    assert str(caught.value.location) == f"{path}:2:4"


def test_the_public_name_is_that_of_the_room() -> None:
    assert load is loading.load
