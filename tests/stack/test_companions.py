"""Buckets, roles and keys beside what is run, and how long resources live."""

from __future__ import annotations

import json
import pickle

import pytest

from tests.stack.templates import ALARM, FILTER, load_resources
from trailwarden.stack.companions import KEPT
from trailwarden.stack.model import Companion, Lifetime, Stack

BUCKET = """\
Type: AWS::S3::Bucket
DeletionPolicy: Retain
Properties:
  BucketName: !Sub 'logs-${AWS::AccountId}'
  LifecycleConfiguration: {Rules: [{ExpirationInDays: 60, Status: Enabled}]}
"""


def only(stack: Stack) -> Companion:
    [companion] = stack.companions
    return companion


def test_a_bucket_is_kept_and_not_run() -> None:
    stack = load_resources({"Logs": BUCKET, "Filter": FILTER, "Alarm": ALARM})
    bucket = only(stack)
    assert (bucket.logical_id, bucket.type) == ("Logs", "AWS::S3::Bucket")
    assert bucket.name == bucket.properties["BucketName"] == "logs-${AWS::AccountId}"
    rules = [{"ExpirationInDays": 60, "Status": "Enabled"}]
    assert bucket.properties["LifecycleConfiguration"] == {"Rules": rules}
    assert (bucket.deletion_policy, bucket.update_replace_policy) == ("Retain", None)
    assert str(bucket.location) == "t.yaml:3:3 (Resources.Logs)"
    assert [one.name for one in stack.not_run] == ["Logs"]
    assert stack.notes == ()
    assert pickle.loads(pickle.dumps(stack)) == stack


@pytest.mark.parametrize("kind", sorted(KEPT))
def test_the_kinds_that_are_kept(kind: str) -> None:
    companion = only(load_resources({"Thing": f"Type: {kind}"}))
    assert (companion.type, companion.properties, companion.lifetime) == (kind, {}, Lifetime())


def test_others_are_not_kept() -> None:
    assert load_resources({"Thing": "Type: AWS::S3::AccessPoint"}).companions == ()


def test_what_is_unknown_is_opaque() -> None:
    policy = """\
Type: AWS::S3::BucketPolicy
Properties:
  Bucket: !Ref Logs
  PolicyDocument: {Statement: [{Resource: !Sub '${Logs.Arn}/AWSLogs/*'}]}
"""
    stack = load_resources({"Policy": policy, "Logs": "Type: AWS::S3::Bucket"})
    assert stack.companions[0].properties == {
        "Bucket": "${Logs}",
        "PolicyDocument": {"Statement": [{"Resource": "${Logs.Arn}/AWSLogs/*"}]},
    }


def test_documents_may_be_texts() -> None:
    document = {"Statement": [{"Effect": "Allow"}]}
    key = f"Type: AWS::KMS::Key\nProperties:\n  KeyPolicy: '{json.dumps(document)}'\n"
    assert only(load_resources({"Key": key})).properties == {"KeyPolicy": document}


HEAD = (
    "Parameters: {P: {Type: String}}\nConditions: {Never: !Equals [a, b], Who: !Equals [!Ref P, b]}"
)


@pytest.mark.parametrize(("condition", "kept"), [("Never", 0), ("Who", 1)])
def test_conditions(condition: str, kept: int) -> None:
    bucket = f"Type: AWS::S3::Bucket\nCondition: {condition}"
    stack = load_resources({"Logs": bucket}, HEAD)
    assert len(stack.companions) == kept
    assert len(stack.not_run) == 1
    assert [note.code for note in stack.notes] == ["no-metric-filters"]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("Properties: {BucketName: !Ref Nothing}", "there is no parameter or resource", "5:30"),
        ("Properties: {A: {Fn::Transform: {Name: M}}}", "made by Fn::Transform", "5:22"),
        ("Condition: Nothing", "Nothing", "5:16"),
        ("Properties: [a]", "must be an object", "5:17"),
    ],
)
def test_what_cannot_be_worked_out_is_a_note(text: str, message: str, place: str) -> None:
    stack = load_resources({"Logs": f"Type: AWS::S3::Bucket\n{text}", "Filter": FILTER})
    assert stack.companions == ()
    [note] = [note for note in stack.notes if note.code == "companion-not-read"]
    assert message in note.message
    assert str(note.location).startswith(f"t.yaml:{place} ")
    assert len(stack.metric_filters) == 1


def test_documents_that_are_no_json_are_a_note() -> None:
    stack = load_resources({"Key": "Type: AWS::KMS::Key\nProperties: {KeyPolicy: '{'}"})
    assert stack.companions == ()
    assert "companion-not-read" in {note.code for note in stack.notes}


def test_companions_do_not_use_up_what_is_for_the_others() -> None:
    """More text than the limit allows in the buckets, and what is run loads all the same."""
    row = f"!Join ['', [{', '.join(['!Ref P'] * 40)}]]"
    bucket = f"Type: AWS::S3::Bucket\nProperties: {{Rows: [{', '.join([row] * 240)}]}}"
    head = f"Parameters: {{P: {{Type: String, Default: {'x' * 4000}}}}}"
    topic = "Type: AWS::SNS::Topic\nProperties: {DisplayName: !Join ['', [a, b]]}"
    stack = load_resources({"A": bucket, "B": bucket, "Topic": topic}, head)
    assert [one.logical_id for one in stack.companions] == ["A"]
    assert stack.topics[0].display_name == "ab"
    assert "companion-not-read" in {note.code for note in stack.notes}


def test_lifetimes_of_what_is_run() -> None:
    head = "Type: AWS::Logs::LogGroup\nDeletionPolicy: Retain\nUpdateReplacePolicy: Delete"
    stack = load_resources(
        {
            "Group": f"{head}\nProperties: {{LogGroupName: g}}",
            "Topic": "Type: AWS::SNS::Topic\nDeletionPolicy: !Ref Nothing",
        }
    )
    assert stack.lifetimes == {
        ("LogGroup", "g"): Lifetime("Retain", "Delete"),
        ("Topic", "${Topic.TopicName}"): Lifetime(),
    }
    assert stack.lifetimes.keys() == stack.locations.keys()
