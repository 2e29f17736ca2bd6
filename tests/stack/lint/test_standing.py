"""What stands around the alarms, whatever it holds, and however much of it there is."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.lint.stacks import TOPIC, stack_of
from trailwarden.errors import Location
from trailwarden.stack.companions import KEPT
from trailwarden.stack.lint import lint
from trailwarden.stack.lint.standing import names_in
from trailwarden.stack.model import (
    Companion,
    Lifetime,
    LogGroup,
    Stack,
    Topic,
    TopicPolicy,
    Trail,
)

NAMES = [
    *("AssumeRolePolicyDocument", "Bucket", "BucketEncryption", "BucketName", "KeyPolicy"),
    *("LifecycleConfiguration", "LoggingConfiguration", "ManagedPolicyArns", "Policies"),
    *("PolicyDocument", "PublicAccessBlockConfiguration", "RoleName", "Roles", "Rules"),
    *("ServerSideEncryptionByDefault", "ServerSideEncryptionConfiguration", "TargetKeyId"),
    *("VersioningConfiguration", "Status", "ExpirationInDays", "Prefix", "SSEAlgorithm"),
    *("Statement", "Effect", "Principal", "Service", "Action", "Resource", "Condition", "Bool"),
]
WORDS = ["thing", "Allow", "Deny", "cloudtrail.amazonaws.com", "s3:*", "Enabled", "9" * 30, "*"]
JSON = st.recursive(
    st.sampled_from([None, True, 1, -1, 1.5, *WORDS]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=30,
)
POLICY = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "*",
    }
}


def companion(kind: str, name: str, properties: dict[str, Any]) -> Companion:
    return Companion(name, kind, name, properties, Location("t.yaml", 1, 1), Lifetime("Retain"))


@settings(max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8), max_size=3))
def test_any_properties_can_be_judged(each: list[dict[str, Any]]) -> None:
    companions = [companion(kind, "thing", one) for one in each for kind in sorted(KEPT)]
    stack = stack_of(
        companions=tuple(companions),
        trails=(Trail("t", s3_bucket_name="thing", kms_key_id="thing"),),
        topics=(Topic("t", TOPIC, kms_master_key_id="thing"),),
        topic_policies=tuple(TopicPolicy((TOPIC,), one) for one in each),
        log_groups=(LogGroup("trail", None, "thing"),),
    )
    codes = {finding.code for finding in lint(stack)}
    assert not each or "TW542" in codes


def test_references() -> None:
    assert "a" in names_in("arn:aws:s3:::a")
    assert "k" in names_in("arn:aws:kms:eu-west-1:1:key/k")
    assert "alias/k" in names_in("arn:aws:kms:eu-west-1:1:alias/k")
    assert "b-${AWS::AccountId}" in names_in("b-${AWS::AccountId}")
    assert names_in("") == names_in(None) == names_in(["a"]) == ()


def crowd(size: int) -> Stack:
    """So many of everything that comparing each with each would take minutes."""
    names = [f"n{i}" for i in range(size)]
    kinds = {"AWS::S3::BucketPolicy": {"PolicyDocument": POLICY, "Bucket": "n1"}}
    kinds["AWS::IAM::Role"] = {"AssumeRolePolicyDocument": POLICY}
    kinds["AWS::IAM::Policy"] = {"PolicyDocument": POLICY, "Roles": "n2"}
    return stack_of(
        companions=tuple(companion(k, n, kinds.get(k, {})) for k in sorted(KEPT) for n in names),
        trails=tuple(Trail(n, s3_bucket_name=n, kms_key_id=n) for n in names),
        topics=tuple(Topic(n, f"arn:{n}", kms_master_key_id=n) for n in names),
        topic_policies=tuple(TopicPolicy((f"arn:{n}",), POLICY) for n in names),
        log_groups=tuple(LogGroup(n, 365, n) for n in names),
        lifetimes={("LogGroup", n): Lifetime() for n in names},
    )


def test_thousands_of_everything() -> None:
    stack = crowd(2_000)
    start = perf_counter()
    assert len(lint(stack)) > 2_000
    assert perf_counter() - start < 20
