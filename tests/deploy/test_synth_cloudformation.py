"""``stack synth`` as CloudFormation: every combination is whole, quiet, and sees what it should."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest

from trailwarden.deploy import PARTS, STYLES, Request, request
from trailwarden.deploy.request import TAMPERING
from trailwarden.deploy.writing import MAX_INLINE, written
from trailwarden.stack import Stack, load
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.controls import VERSIONS, controls, witnesses
from trailwarden.stack.plain import plain
from trailwarden.stack.source import read_template

COMBINATIONS = [
    (part, style) for part in PARTS for style in STYLES if part != "trail" or style == "detect"
]
EVERYTHING = {
    "SubscriptionEndpoint": "soc@example.com",
    "AuditSubscriptionEndpoint": "audit@example.com",
    "OrganizationId": "o-a1b2c3d4e5",
    "DataEvents": "ENABLED",
}
FORMER = {  # everything that there is already, or that is not wanted
    "SubscriptionEndpoint": "soc@example.com",
    "AuditSubscriptionEndpoint": "audit@example.com",
    "KmsKey": "none",
    "LogBucketName": "access-logs",
    "SnsTopicARN": "arn:aws:sns:eu-west-1:111122223333:alerts",
}


@cache
def text_of(part: str, style: str, form: str = "yaml") -> str:
    return written(request(part, style), form)  # type: ignore[arg-type]


@cache
def template_of(part: str, style: str) -> dict:
    return json.loads(text_of(part, style, "json"))


def loaded(text: str, values: dict[str, str], name: str = "security") -> Stack:
    known = json.loads(text)["Parameters"] if text.startswith("{") else text
    given = {key: value for key, value in values.items() if key in known}
    return load_template(text, f"{name}.yaml", name, given)


@pytest.mark.parametrize("values", [{}, EVERYTHING, FORMER], ids=["defaults", "all", "former"])
@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_every_combination_loads_without_errors(part, style, form, values):
    stack = loaded(text_of(part, style, form), values)
    meant = ["no-metric-filters"] if part == "trail" else []
    if part != "trail" and "SnsTopicARN" in values:
        meant = ["unknown-topic"]  # it is somewhere else, as the parameter says
    assert [note.code for note in stack.notes] == meant
    assert {one.type for one in stack.not_run} <= {
        "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::IAM::Role", "AWS::KMS::Key",
    }  # fmt: skip


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_yaml_and_json_say_the_same(part, style):
    short = plain(read_template(text_of(part, style), "a.yaml").root)
    long = plain(read_template(text_of(part, style, "json"), "a.json").root)
    command = long["Metadata"]["Trailwarden"].pop("Command")
    assert command == short["Metadata"]["Trailwarden"].pop("Command").replace("yaml", "json")
    assert with_lists(short) == long


def with_lists(value):
    """``!GetAtt A.B`` as JSON says it."""
    if isinstance(value, list):
        return [with_lists(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "Fn::GetAtt" in value:
        return {"Fn::GetAtt": value["Fn::GetAtt"].split(".")}
    return {key: with_lists(inner) for key, inner in value.items()}


@pytest.mark.parametrize("style", ["detect", "both"])
@pytest.mark.parametrize("part", ["whole", "alarms"])
def test_hardened_filters_match_every_witness(part, style):
    stack = loaded(text_of(part, style), {})
    filters = {one.filter_name: one for one in stack.metric_filters}
    for control in controls():
        hardened = filters[f"security-{control.key}"].pattern
        for witness in witnesses(control, VERSIONS[-1]):
            assert hardened.matches(dict(witness.record)), (control.key, witness.name)


def test_hardened_filters_are_those_of_the_built_in_stack():
    built_in = load("cis", {"AWS::StackName": "security"})
    own = loaded(text_of("alarms", "detect"), {})
    assert [(one.filter_name, one.filter_pattern) for one in own.metric_filters] == [
        (one.filter_name, one.filter_pattern) for one in built_in.metric_filters
    ]
    unlike = {"alarm_actions": ()}
    assert [replace(one, **unlike) for one in own.alarms] == [
        replace(one, **unlike) for one in built_in.alarms
    ]
    assert [one.metric_transformations for one in own.metric_filters] == [
        one.metric_transformations for one in built_in.metric_filters
    ]


@pytest.mark.parametrize(("part", "style"), [("whole", "strict"), ("alarms", "both")])
def test_strict_filters_are_the_texts_that_scanners_demand(part, style):
    filters = {one.filter_name: one for one in loaded(text_of(part, style), {}).metric_filters}
    for control in controls():
        pattern = filters[f"security-{control.key}-strict"].filter_pattern
        if control.security_hub_pattern:
            assert pattern == control.security_hub_pattern
            continue
        # Names that Prowler demands besides stand after those of the benchmark, which Powerpipe
        # looks for in their order.
        benchmark = control.wording("7.0.0")
        assert pattern.startswith(benchmark.removesuffix(")}"))
        names = re.findall(r"eventName=(\w+)", pattern)
        assert set(names) == set(control.prowler_calls.names)
        assert len(names) == len(set(names))
    assert f"security-{TAMPERING}-strict" not in filters
    assert (f"security-{TAMPERING}" in filters) is (style == "both")


@pytest.mark.parametrize("style", STYLES)
def test_every_filter_feeds_one_alarm_of_its_own(style):
    stack = loaded(text_of("whole", style), {})
    (group,) = {one.log_group_name for one in stack.metric_filters}
    assert group == stack.log_groups[0].log_group_name
    metrics = [
        (one.metric_transformations[0].metric_namespace, one.metric_transformations[0].metric_name)
        for one in stack.metric_filters
    ]
    assert metrics == [(one.namespace, one.metric_name) for one in stack.alarms]
    assert len(set(metrics)) == len(metrics)


def test_people_hear_of_an_event_once():
    stack = loaded(text_of("alarms", "both"), EVERYTHING)
    alarms, audit = stack.topics
    for alarm in stack.alarms:
        strict = alarm.alarm_name.endswith("-strict")
        assert alarm.alarm_actions == ((audit if strict else alarms).arn,)
        assert alarm.ok_actions == alarm.insufficient_data_actions == ()
    assert {one.topic_arn for one in stack.subscriptions} == {alarms.arn, audit.arn}


def test_there_is_no_audit_topic_without_two_kinds_of_filters():
    text = written(request("alarms", "both", [TAMPERING]), "yaml")
    assert len(loaded(text, {}).topics) == 1


def test_two_stacks_in_one_region_share_nothing():
    first = loaded(text_of("whole", "both"), EVERYTHING, "first")
    second = loaded(text_of("whole", "both"), EVERYTHING, "second")
    for names in (
        lambda stack: {one.filter_name for one in stack.metric_filters},
        lambda stack: {one.namespace for one in stack.alarms},
        lambda stack: {one.alarm_name for one in stack.alarms},
        lambda stack: {one.topic_name for one in stack.topics},
        lambda stack: {one.trail_name for one in stack.trails},
    ):
        assert names(first).isdisjoint(names(second))


@pytest.mark.parametrize("type_", ["AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::KMS::Key"])
def test_what_is_kept_has_no_name_that_a_second_deployment_would_meet(type_):
    kept_ones = [
        r for r in template_of("whole", "both")["Resources"].values() if r["Type"] == type_
    ]
    assert kept_ones
    for resource in kept_ones:
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
        assert not {"BucketName", "LogGroupName"} & resource["Properties"].keys()


def test_data_events_stay_out_of_the_log_group_of_the_filters():
    assert len(loaded(text_of("whole", "detect"), {}).trails) == 1
    stack = loaded(text_of("whole", "detect"), {"DataEvents": "ENABLED"})
    management, data = stack.trails
    assert not management.advanced_event_selectors
    assert management.event_selectors[0]["ReadWriteType"] == "All"
    assert data.cloud_watch_logs_log_group_arn != management.cloud_watch_logs_log_group_arn
    for trail in stack.trails:
        assert trail.is_multi_region_trail
        assert trail.enable_log_file_validation
        assert trail.sns_topic_name is None


def test_quotas():
    for part, style in COMBINATIONS:
        template = template_of(part, style)
        assert len(template["Parameters"]) <= 200
        assert len(template["Outputs"]) <= 200
        assert len(template["Resources"]) <= 500
        stack = loaded(text_of(part, style), {}, "n" * 128)
        assert len(stack.metric_filters) <= 100
        assert all(len(one.filter_pattern) <= 1024 for one in stack.metric_filters)
        assert all(len(one.alarm_name) <= 255 for one in stack.alarms)
        assert all(len(one.alarm_description) <= 1024 for one in stack.alarms)
        assert all(len(one.topic_name) <= 256 for one in stack.topics)
        assert all(len(one.display_name) <= 100 for one in stack.topics)
        assert all(len(one.trail_name) <= 128 for one in stack.trails)


def test_the_default_can_be_deployed_without_a_bucket():
    assert len(text_of("whole", "detect")) <= MAX_INLINE


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_every_parameter_has_a_default_a_use_and_a_place_in_the_console(part, style):
    template = template_of(part, style)
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template["Parameters"])
    rest = json.dumps([template["Conditions"], template["Resources"]])
    for name, parameter in template["Parameters"].items():
        assert "Default" in parameter
        assert f'"Ref": "{name}"' in rest or f"${{{name}}}" in rest
    assert all(f'"{name}"' in rest for name in template["Conditions"])


def test_controls_can_be_chosen():
    def names(chosen: Request) -> list[str]:
        return [one.filter_name for one in loaded(written(chosen, "yaml"), {}).metric_filters]

    two = request("alarms", "detect", ["vpc-changes", "root-usage"])
    assert names(two) == ["security-root-usage", "security-vpc-changes"]
    fewer = request("alarms", "detect", (), ["root-usage"])
    assert len(names(fewer)) == 15
    assert "security-root-usage" not in names(fewer)
    assert "--control vpc-changes --control root-usage" in written(two, "yaml").splitlines()[0]


def test_only_thresholds_that_are_used_are_parameters():
    template = json.loads(written(request("alarms", "detect", ["root-usage"]), "json"))
    assert [name for name in template["Parameters"] if name.endswith("Threshold")] == []
