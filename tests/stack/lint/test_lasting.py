"""What is lost, or stands in the way, when a stack goes or comes again."""

from __future__ import annotations

import pytest

from tests.stack.lint.whole import codes_after

KEPT = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n"
GROUP = f"    Type: AWS::Logs::LogGroup\n{KEPT}"
BUCKET = f"    Type: AWS::S3::Bucket\n{KEPT}    Properties:\n"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (GROUP, "    Type: AWS::Logs::LogGroup\n", ["TW541"]),
        (GROUP, GROUP.replace("Retain", "Delete"), ["TW541"]),
        (GROUP, GROUP.replace("Retain", "RetainExceptOnCreate"), []),
        (GROUP, GROUP.replace("    UpdateReplacePolicy: Retain\n", ""), ["TW542"]),
        (GROUP, GROUP.replace("    DeletionPolicy: Retain\n", ""), ["TW541", "TW542"]),
        (BUCKET, BUCKET.replace("    UpdateReplacePolicy: Retain\n", ""), ["TW542"]),
        (BUCKET, BUCKET.replace("    DeletionPolicy: Retain\n", ""), ["TW542"]),
        (BUCKET, BUCKET.replace(KEPT, ""), []),
        (BUCKET, f"{BUCKET}      BucketName: evidence\n", ["TW543"]),
        (BUCKET, f"{BUCKET}      BucketName: !Sub 'e-${{AWS::AccountId}}'\n", ["TW543"]),
        (BUCKET, f"{BUCKET}      BucketName: !Sub 'e-${{AWS::StackName}}'\n", []),
        (BUCKET, f"{BUCKET}      BucketName: !ImportValue name\n", []),
        (BUCKET, f"{BUCKET.replace(KEPT, '')}      BucketName: evidence\n", []),
    ],
)
def test_lifetimes(old: str, new: str, codes: list[str]) -> None:
    assert codes_after((old, new)) == codes


def test_log_groups_of_other_things() -> None:
    other = """\
Resources:
  Other: {Type: AWS::Logs::LogGroup}
  OtherFilter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterPattern: PATTERN
      LogGroupName: !Ref Other
      MetricTransformations:
        - {DefaultValue: 0, MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}
"""
    application = ("Resources:\n", other.replace("PATTERN", "'{ $.level = error }'"))
    assert codes_after(application) == ["TW005"]
    records = ("Resources:\n", other.replace("PATTERN", "'{ $.eventName = DeleteTrail }'"))
    assert codes_after(records) == ["TW005", "TW534", "TW541"]
