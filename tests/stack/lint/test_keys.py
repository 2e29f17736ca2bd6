"""Keys whose policies shut out the services that must use them."""

from __future__ import annotations

import pytest

from tests.stack.lint.stacks import codes_of, stack_of
from tests.stack.lint.whole import changed, codes_after
from trailwarden.stack.lint import lint
from trailwarden.stack.model import LogGroup

TRAIL = "Principal: {Service: cloudtrail.amazonaws.com}\n            Action: kms"
ALARMS = "Action: [kms:Decrypt, 'kms:GenerateDataKey*']"
LOGS = "!Sub 'logs.${AWS::Region}.amazonaws.com'"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (TRAIL, TRAIL.replace("cloudtrail", "s3"), ["TW531"]),
        (TRAIL, TRAIL.replace("cloudtrail.amazonaws.com", "!ImportValue who"), []),
        ("Action: kms:GenerateDataKey*", "Action: kms:DescribeKey", ["TW531"]),
        ("Action: kms:GenerateDataKey*", "Action: KMS:Generate*", []),
        (ALARMS, "Action: kms:Decrypt", ["TW532"]),
        (ALARMS, "Action: 'kms:GenerateDataKey*'", ["TW532"]),
        (ALARMS, "Action: ['kms:*']", []),
        (LOGS, "ec2.amazonaws.com", ["TW533"]),
        (LOGS, "logs.eu-west-1.amazonaws.com", []),
        (
            "KeyPolicy:\n        Statement:",
            "KeyPolicy:\n        Nothing:",
            ["TW531", "TW532", "TW533"],
        ),
        ("Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}", "Principal: '*'", []),
        ("KmsKeyId: !GetAtt Key.Arn, ", "", ["TW534"]),
        ("TargetKeyId: !Ref Key", "TargetKeyId: !ImportValue key", []),
    ],
)
def test_keys(old: str, new: str, codes: list[str]) -> None:
    assert codes_after((old, new)) == codes


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("!Ref Key", ["TW531"]),
        ("!Sub 'arn:aws:kms:a:1:key/${Key}'", ["TW531"]),
        ("alias/trail", ["TW531"]),
        ("!Sub 'arn:aws:kms:a:1:alias/trail'", ["TW531"]),
        ("alias/other", []),
        ("arn:aws:kms:eu-west-1:111122223333:key/1", []),
    ],
)
def test_a_key_has_many_names(name: str, codes: list[str]) -> None:
    shut = (TRAIL, TRAIL.replace("cloudtrail", "s3"))
    assert codes_after(shut, ("KMSKeyId: !GetAtt Key.Arn", f"KMSKeyId: {name}")) == codes


def test_a_policy_that_is_not_known_shuts_nobody_out() -> None:
    start = changed().companions[0].properties["KeyPolicy"]
    assert len(start["Statement"]) == 4
    assert codes_after(("KeyPolicy:", "KeyPolicy: !ImportValue policy\n      Tags:")) == []


def test_a_topic_that_no_alarm_tells_needs_no_cloudwatch() -> None:
    shut = (ALARMS, "Action: kms:Decrypt")
    assert codes_after(shut, ("AlarmActions: [!Ref Topic]", "AlarmActions: [elsewhere]")) == []


def test_log_groups_that_no_template_defines() -> None:
    assert codes_of(stack_of(log_groups=(LogGroup("trail", 365),))) == []


def test_what_a_finding_says() -> None:
    [finding] = lint(changed((ALARMS, "Action: kms:Decrypt")))
    assert (finding.severity, finding.location.key) == ("error", "Resources.Key")
    assert finding.message == (
        "the key 'Key' of the topic '${Topic.TopicName}' does not let cloudwatch.amazonaws.com "
        "use it"
    )
