"""Whether CloudWatch may publish, by the policy of a topic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailwarden.stack.topic_access import Publication
from trailwarden.stack.topic_access import may_publish as answer_of

CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
ALARM = Publication(
    "${Topic}", "arn:aws:cloudwatch:eu-west-1:${AWS::AccountId}:alarm:stops", "${AWS::AccountId}"
)
SECURE = {"Bool": {"aws:SecureTransport": "false"}}


def may_publish(documents: Any) -> bool | None:
    return answer_of(documents, ALARM).allowed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Statement", "Effect", "Principal", "Action", "Condition", "AWS"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def allow(**fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": CLOUDWATCH, "Action": "sns:Publish", **fields}


def of_alarms(name: str) -> dict[str, Any]:
    return {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:*:alarm:{name}"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], True),
        ([allow()], True),
        (allow(), True),
        ([allow(Action=["sns:Subscribe", "SNS:Publish"])], True),
        ([allow(Action="sns:*")], True),
        ([allow(Action="sns:Pub????")], True),
        ([allow(Principal="*")], True),
        ([allow(Principal={"Service": ["x", "cloudwatch.amazonaws.com"]})], True),
        ([allow(Condition={"StringEquals": {"aws:SourceAccount": "1"}})], True),
        ([allow(), {**allow(Principal="*"), "Effect": "Deny", "Condition": SECURE}], True),
        ([allow(Action="sns:Subscribe")], False),
        ([allow(Action="sns:[P]ublish")], False),
        ([allow(Principal={"Service": "events.amazonaws.com"})], False),
        ([allow(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})], False),
        ([allow(), {**allow(Principal="*"), "Effect": "Deny"}], False),
        ([allow(), {**allow(), "Effect": "Deny", "Action": "*"}], False),
        ([{**allow(), "NotAction": "sns:Publish"}], False),
        ([{**allow(), "NotAction": "sns:Subscribe"}], True),
        ([allow(Principal={"AWS": "arn:aws:iam::111122223333:root"})], None),
        ([allow(Principal={"AWS": "arn:aws:iam::111122223333:user/eve"})], False),
        ([allow(Resource="arn:aws:sns:eu-west-1:111122223333:other")], None),
        ([allow(Condition=of_alarms("sto*"))], True),
        ([allow(Condition=of_alarms("other-*"))], False),
        ([allow(), allow(Effect="Deny", Condition=of_alarms("*"))], False),
        ([allow(NotPrincipal=CLOUDWATCH, Effect="Deny", Action="sns:*"), allow()], True),
    ],
)  # fmt: skip
def test_policies(statements: Any, expected: bool | None) -> None:
    assert may_publish([{"Statement": statements}]) is expected


def test_without_a_policy_there_is_that_of_the_service() -> None:
    assert may_publish([]) is True


@given(st.dictionaries(st.sampled_from(["Statement"]), JSON))
def test_any_document_has_an_answer(document: dict[str, Any]) -> None:
    assert may_publish([document]) in (True, False, None)
