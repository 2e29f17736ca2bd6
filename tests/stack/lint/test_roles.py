"""The role with which CloudTrail writes."""

from __future__ import annotations

import pytest

from tests.stack.lint.whole import changed, codes_after
from trailwarden.stack.lint import lint

TRUST = "            Action: sts:AssumeRole\n"
BOUND = TRUST + "            Condition: {StringEquals: {'aws:SourceArn': a}}\n"
ACTIONS = "Action: [logs:CreateLogStream, logs:PutLogEvents]"
STREAM = "${Group}:log-stream:1_CloudTrail_*"
ON_STREAMS = f"Resource: !Sub 'arn:aws:logs:a:1:log-group:{STREAM}'"
ROLE = "    Type: AWS::IAM::Role\n    Properties:\n"
ANOTHER_POLICY = """\
Resources:
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [ROLE]
      PolicyDocument: {Statement: {Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::b'}}
"""


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (ON_STREAMS, "Resource: !GetAtt Group.Arn", ["TW521"]),
        (STREAM, "${Group}:log-stream:*", ["TW521"]),
        (STREAM, "${Group}:*", ["TW521"]),
        (ON_STREAMS, "Resource: !ImportValue streams", []),
        (TRUST, BOUND, ["TW524"]),
        (TRUST, BOUND.replace("SourceArn", "SourceAccount"), ["TW524"]),
        (ACTIONS, "Action: 'logs:*'", ["TW522"]),
        (ACTIONS, "Action: [logs:CreateLogStream, logs:PutLogEvents, s3:GetObject]", ["TW522"]),
        (ACTIONS, "Action: Logs:PutLogEvents", []),
        (ACTIONS, "NotAction: iam:PassRole", ["TW522"]),
        (ON_STREAMS, "Resource: '*'", ["TW521", "TW522"]),
        (STREAM, "*", ["TW521", "TW522"]),
        (ROLE, f"{ROLE}      ManagedPolicyArns: ['arn:aws:iam::aws:policy/Admin']\n", ["TW522"]),
        (ROLE, f"{ROLE}      RoleName: trail\n", ["TW523"]),
        ("Resources:\n", ANOTHER_POLICY.replace("ROLE", "!Ref Role"), ["TW522"]),
        ("Resources:\n", ANOTHER_POLICY.replace("ROLE", "another"), []),
    ],
)
def test_roles(old: str, new: str, codes: list[str]) -> None:
    assert codes_after((old, new)) == codes


def test_roles_of_others_are_their_own_business() -> None:
    others = """\
Resources:
  Other:
    Type: AWS::IAM::Role
    Properties:
      RoleName: other
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: 'sts:*'}]
"""
    assert codes_after(("Resources:\n", others)) == []


def test_what_a_finding_says() -> None:
    [finding] = lint(changed((ACTIONS, "Action: [a:1, a:2, a:3, a:4]")))
    assert finding.message == (
        "the role 'Role', with which CloudTrail writes, may do more than that: a:1, a:2, a:3 "
        "and 1 more"
    )
