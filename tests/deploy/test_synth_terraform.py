"""``stack synth`` as Terraform: valid by its syntax, and the same stack as CloudFormation."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.deploy.test_synth_cloudformation import COMBINATIONS, loaded, template_of, text_of
from trailwarden.deploy import request
from trailwarden.deploy.terraform.expressions import escaped
from trailwarden.deploy.terraform.names import TYPES, snake
from trailwarden.deploy.writing import written

# The block structure of Terraform's JSON syntax, as far as it is used here.
NAMED = {
    "type": "object",
    "propertyNames": {"pattern": "^[a-z_][a-z0-9_]*$"},
    "additionalProperties": {"type": "object"},
}
TWICE_NAMED = {**NAMED, "additionalProperties": {**NAMED, "minProperties": 1}}
SCHEMA = {
    "type": "object",
    "required": ["//", "terraform", "variable", "locals", "data", "resource", "output"],
    "additionalProperties": False,
    "properties": {
        "//": {"type": "string"},
        "terraform": {
            "type": "object",
            "required": ["required_providers"],
            "additionalProperties": False,
            "properties": {
                "required_providers": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["source", "version"],
                        "additionalProperties": {"type": "string"},
                    },
                }
            },
        },
        "variable": {
            **NAMED,
            "additionalProperties": {
                "type": "object",
                "required": ["type", "description", "default"],
                "additionalProperties": False,
                "properties": {
                    "type": {"enum": ["string", "number"]},
                    "description": {"type": "string", "not": {"pattern": r"\$\{"}},
                    "default": {"type": ["string", "integer"]},
                    "nullable": {"const": False},
                    "validation": {
                        "type": "object",
                        "required": ["condition", "error_message"],
                        "additionalProperties": False,
                        "properties": {
                            "condition": {"pattern": r"^\$\{.*\}$"},
                            "error_message": {"pattern": r"^[A-Z].*\.$"},
                        },
                    },
                },
            },
        },
        "locals": {**NAMED, "additionalProperties": {"pattern": r"^\$\{.*\}$"}},
        "data": TWICE_NAMED,
        "resource": TWICE_NAMED,
        "output": {
            **NAMED,
            "additionalProperties": {
                "type": "object",
                "required": ["description", "value"],
                "additionalProperties": False,
                "properties": {"description": {"type": "string"}, "value": {"type": "string"}},
            },
        },
    },
}
REFERENCE = re.compile(r"\b(var|local|data\.aws_\w+|aws_\w+)\.(\w+)")


@cache
def terraform(part: str, style: str) -> dict:
    return json.loads(text_of(part, style, "terraform"))


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_blocks_have_the_structure_of_the_syntax(part, style):
    from jsonschema import Draft202012Validator

    errors = list(Draft202012Validator(SCHEMA).iter_errors(terraform(part, style)))
    assert [error.message for error in errors] == []


def texts(value):
    """All texts in a value, those of keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_every_reference_is_to_something_that_is_there(part, style):
    content = terraform(part, style)
    defined = {f"var.{name}" for name in content["variable"]}
    defined |= {f"local.{name}" for name in content["locals"]}
    for kind, prefix in (("data", "data."), ("resource", "")):
        defined |= {
            f"{prefix}{type_}.{name}" for type_, all_ in content[kind].items() for name in all_
        }
    body = {key: content[key] for key in ("variable", "locals", "data", "resource", "output")}
    found = {
        f"{root}.{name}"
        for text in texts(body)
        if "${" in text or text.startswith("aws_")
        for root, name in REFERENCE.findall(text.replace("$${", ""))
    }
    assert found <= defined
    unused = defined - found
    assert not {one for one in unused if one.startswith(("var.", "local.", "data."))}


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_what_is_there_by_condition_is_referred_to_by_its_index(part, style):
    content = terraform(part, style)
    for prefix, blocks in (("data.", content["data"]), ("", content["resource"])):
        for type_, named in blocks.items():
            for name, body in named.items():
                place = re.escape(f"{prefix}{type_}.{name}") + r"(?!\w)"
                uses = [
                    text
                    for text in texts([content["resource"], content["data"], content["output"]])
                    if re.search(r"(?<![\w.])" + place, text) and "${" in text
                ]
                for use in uses:
                    assert bool(re.search(place + r"\[0\]\.", use)) is ("count" in body), use


@pytest.mark.parametrize(("part", "style"), COMBINATIONS)
def test_each_resource_of_the_template_is_there(part, style):
    wanted: dict[str, int] = {}
    for resource in template_of(part, style)["Resources"].values():
        wanted[TYPES[resource["Type"]]] = wanted.get(TYPES[resource["Type"]], 0) + 1
    resources = terraform(part, style)["resource"]
    assert {kind: len(resources[kind]) for kind in wanted} == wanted


@pytest.mark.parametrize("style", ["detect", "strict", "both"])
def test_filters_and_alarms_are_those_of_the_template(style):
    stack = loaded(text_of("whole", style), {})
    resources = terraform("whole", style)["resource"]
    patterns = [
        body["pattern"].replace("${var.name}", "security")
        for body in resources["aws_cloudwatch_log_metric_filter"].values()
    ]
    assert patterns == [one.filter_pattern for one in stack.metric_filters]
    alarms = resources["aws_cloudwatch_metric_alarm"].values()
    for body, alarm in zip(alarms, stack.alarms, strict=True):
        assert body["alarm_name"].replace("${var.name}", "security") == alarm.alarm_name
        assert body["metric_name"] == alarm.metric_name
        assert (body["statistic"], body["period"]) == (alarm.statistic, alarm.period)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{ $.a = 1 }", "{ $.a = 1 }"), ("${x}", "$${x}"), ("%{ if a }", "%%{ if a }"), ("$%", "$%")],
)
def test_nothing_in_a_text_is_worked_out(text, expected):
    assert escaped(text) == expected


def test_logs_are_delivered_to_streams_of_the_group():
    # CloudFormation's ARN of a log group ends so, Terraform's does not.
    content = terraform("whole", "detect")
    for trail in content["resource"]["aws_cloudtrail"].values():
        assert trail["cloud_watch_logs_group_arn"].endswith("}:*")
    (statement,) = content["data"]["aws_iam_policy_document"]["trail_role"]["statement"]
    first = "log-group:${aws_cloudwatch_log_group.trail.name}:log-stream:"
    assert first in statement["resources"]


def test_a_trail_waits_for_what_it_needs():
    for trail in terraform("whole", "detect")["resource"]["aws_cloudtrail"].values():
        assert trail["depends_on"] == ["aws_s3_bucket_policy.trail", "aws_iam_role_policy.trail"]


def test_what_holds_evidence_cannot_be_destroyed_by_a_slip():
    resources = terraform("whole", "both")["resource"]
    for kind in ("aws_s3_bucket", "aws_cloudwatch_log_group", "aws_kms_key"):
        for body in resources[kind].values():
            assert body["lifecycle"] == {"prevent_destroy": True}


def test_the_longest_name_leaves_room_for_what_terraform_adds():
    content = terraform("whole", "both")
    longest = int(re.search(r",(\d+)\}", content["variable"]["name"]["validation"]["condition"])[1])
    limits = {"aws_s3_bucket": ("bucket_prefix", 37), "aws_iam_role": ("name_prefix", 38)}
    for kind, (argument, limit) in limits.items():
        for body in content["resource"][kind].values():
            assert len(body[argument].replace("${var.name}", "n" * (longest + 1))) <= limit


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SnsTopicARN", "sns_topic_arn"),
        ("KmsKey", "kms_key"),
        ("S3BucketPolicyChangesThreshold", "s3_bucket_policy_changes_threshold"),
        ("RestrictPublicBuckets", "restrict_public_buckets"),
    ],
)
def test_names(name, expected):
    assert snake(name) == expected


@pytest.mark.skipif(
    not (shutil.which("terraform") and os.environ.get("TF_CLI_ARGS_init")),  # noqa: SIM112
    reason="needs terraform, and TF_CLI_ARGS_init=-plugin-dir=FOLDER with the provider",
)
@pytest.mark.parametrize(("part", "style"), [("whole", "both"), ("trail", "detect")])
def test_terraform_finds_it_valid(part, style, tmp_path: Path):
    (tmp_path / "main.tf.json").write_text(written(request(part, style), "terraform"))
    for arguments in (["init", "-backend=false"], ["validate"]):
        subprocess.run(["terraform", *arguments], cwd=tmp_path, check=True, capture_output=True)
