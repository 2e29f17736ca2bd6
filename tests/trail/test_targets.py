"""Which resources a record is about."""

from __future__ import annotations

from typing import Any

import pytest

from trailwarden.trail.record import access_key, with_mfa
from trailwarden.trail.targets import LIMIT, MOST, targets_of


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"requestParameters": {"name": "audit"}}, ("audit",)),
        (
            {"requestParameters": {"userName": "eve", "policyArn": "arn:aws:iam::1:policy/all"}},
            ("eve", "arn:aws:iam::1:policy/all"),
        ),
        ({"requestParameters": {"bucketName": "logs", "Host": "logs.s3"}}, ("logs",)),
        (
            {
                "requestParameters": {"keyId": "1234"},
                "resources": [{"ARN": "arn:aws:kms:eu-west-1:1:key/1234", "type": "AWS::KMS::Key"}],
            },
            ("arn:aws:kms:eu-west-1:1:key/1234",),
        ),
        (
            {"requestParameters": {"groupId": "sg-1", "ipPermissions": {"items": [{"port": 22}]}}},
            ("sg-1",),
        ),
        (
            {"requestParameters": {"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-1"}}}},
            (),
        ),
        (
            {"requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}]}}},
            ("i-1",),
        ),
        (
            {
                "requestParameters": {"clientToken": "x"},
                "responseElements": {"vpc": {"vpcId": "v"}},
            },
            ("v",),
        ),
        (
            {
                "requestParameters": {"roleArn": "arn:r", "roleSessionName": "me"},
                "responseElements": {"credentials": {"accessKeyId": "ASIA"}, "requestId": "q"},
            },
            ("arn:r", "ASIA"),
        ),
        (
            {"errorMessage": "not authorized to do x on resource: arn:aws:s3:::b because"},
            ("arn:aws:s3:::b",),
        ),
        ({"requestParameters": None, "responseElements": "text", "resources": {"ARN": "x"}}, ()),
        ({"resources": ["text", {"ARN": 7}, None]}, ()),
    ],
)
def test_what_a_record_names(fields: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert targets_of(fields) == expected


def test_hostile_records_stay_bounded() -> None:
    wide = {f"x{number}Name": "n" * 5000 + str(number) for number in range(100_000)}
    found = targets_of({"requestParameters": wide})
    assert len(found) <= MOST
    assert all(len(one) <= LIMIT for one in found)
    deep: dict[str, Any] = {"name": "at the bottom"}
    for _ in range(100_000):
        deep = {"x": deep}
    assert targets_of({"requestParameters": deep}) == ()
    assert targets_of({"requestParameters": {"name": "a\x1b[31m\nb\u202e"}}) == (
        r"a\x1b[31m\nb\u202e",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": "true"}}}}, True),
        ({"userIdentity": {"sessionContext": {"attributes": {"mfaAuthenticated": False}}}}, False),
        ({"additionalEventData": {"MFAUsed": "No"}}, False),
        ({"additionalEventData": {"MFAUsed": "Yes"}, "userIdentity": None}, True),
        ({"additionalEventData": {"MFAUsed": ["Yes"]}}, None),
        ({}, None),
    ],
)
def test_the_second_factor(fields: dict[str, Any], expected: bool | None) -> None:
    assert with_mfa(fields) is expected


def test_the_access_key() -> None:
    assert access_key({"userIdentity": {"accessKeyId": "AKIA"}}) == "AKIA"
    assert access_key({"userIdentity": {"accessKeyId": 7}}) == ""
