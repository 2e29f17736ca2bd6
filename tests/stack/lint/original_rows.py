"""The rows of section 2 of the reference of CIS, with the codes of the rules that find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TRAIL = "original-cloudtrail.yaml"
SNS = "original-sns.yaml"
SAME_TOPIC = {"SnsTopicName": "alerts", "SnsTopicARN": "arn:aws:sns:us-east-1:111122223333:alerts"}
ACCOUNT = {"AWS::AccountId": "111122223333"}
TOPIC_ARN = "arn:aws:sns:us-east-1:111122223333:original-sns-system-notifications"

ALARM = f"""
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {{AlarmActions: [{TOPIC_ARN}], ComparisonOperator: GreaterThanThreshold,
      EvaluationPeriods: 1, MetricName: m, Namespace: AWS/n, Period: 300, Statistic: Sum,
      Threshold: 0}}
Outputs:"""
KEY_FOR_NOBODY = """
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: 'arn:aws:iam::1:root'}, Action: 'kms:*', Resource: '*'}
"""
DENY = """        Statement:
          - Effect: Deny
            Principal: '*'
            Action: 's3:*'
            Resource: '*'
            Condition:
              Bool: {'aws:SecureTransport': true}
              NumericLessThan: {'s3:TlsVersion': 1.2}
          - Effect: Allow
            Principal:
              Service: cloudtrail.amazonaws.com
            Action:
              - 's3:GetBucketAcl'
"""


@dataclass(frozen=True)
class Row:
    """``codes`` must all be found; ``changes`` (old text: new text) make the variant."""

    problem: str
    codes: tuple[str, ...]
    source: str = TRAIL
    changes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)


def publisher(new: str) -> dict[str, str]:
    """The original topic, whose policy has another principal, and an alarm that tells it."""
    return {"Principal:\n              AWS: '*'": new, "\nOutputs:": ALARM}


ALARMS_AND_FILTERS = [
    Row("1: six datapoints of sixty", ("TW306",)),
    Row("2: Maximum of a count", ("TW303",)),
    Row("3: OKActions", ("TW403",)),
    Row("4: sessions of others and failures match, no MFAUsed escapes", ("TW121", "TW603")),
    Row("5: invokedBy NOT EXISTS", ("TW128",)),
    Row("6: homonyms without event source", ("TW126",)),
    Row("7: forgotten events", ("TW131",)),
    Row("8: one message text", ("TW127",)),
    Row("9: refused attempts count twice", ("TW605",)),
    Row("10: metric names without the stack's", ("TW008",)),
    Row("11: no control on the organization", ("TW604",)),
]
NOTIFICATION_PATH = [
    Row("everyone may publish", ("TW405",), SNS),
    Row(
        "not events.amazonaws.com",
        ("TW409",),
        SNS,
        publisher("Principal: {Service: events.amazonaws.com}"),
        ACCOUNT,
    ),
    Row(
        "not an organization's id",
        ("TW410",),
        SNS,
        publisher(
            "Condition: {StringEquals: {'aws:PrincipalOrgID': o-1}}\n            Principal: '*'"
        ),
        ACCOUNT,
    ),
    Row(
        "CloudWatch for every account",
        ("TW411",),
        SNS,
        publisher("Principal: {Service: cloudwatch.amazonaws.com}"),
        ACCOUNT,
    ),
    Row("no subscription", ("TW404",), SNS),
    Row("no encryption", ("TW407",), SNS),
    Row(
        "the key alias/aws/sns",
        ("TW406",),
        SNS,
        {"      DisplayName:": "      KmsMasterKeyId: alias/aws/sns\n      DisplayName:"},
    ),
    Row(
        "a key that shuts CloudWatch out",
        ("TW532",),
        SNS,
        {
            "      DisplayName:": "      KmsMasterKeyId: !Ref Key\n      DisplayName:",
            "\nOutputs:": KEY_FOR_NOBODY.rstrip() + ALARM,
        },
        ACCOUNT,
    ),
    Row("log files are announced on the alarm topic", ("TW509",), given=SAME_TOPIC),
]
TRAIL_BUCKET_LOGS = [
    Row("no KMSKeyId", ("TW506",)),
    Row("aws:kms without a key id", ("TW513",)),
    Row(
        "a key whose policy grants nothing",
        ("TW531",),
        changes={
            "      IsLogging: true": "      KMSKeyId: !GetAtt Key.Arn\n      IsLogging: true",
            "\nResources:": f"\nResources:{KEY_FOR_NOBODY.rstrip()}",
        },
    ),
    Row("no aws:SourceArn", ("TW516",)),
    Row("no deny of plain HTTP", ("TW517",)),
    Row(
        "a deny that denies nothing",
        ("TW518",),
        changes={
            """        Statement:
          - Effect: Allow
            Principal:
              Service: cloudtrail.amazonaws.com
            Action:
              - 's3:GetBucketAcl'
""": DENY
        },
    ),
    Row("60 days of retention", ("TW515",)),
    Row("no versioning", ("TW511",)),
    Row("log group without key", ("TW534",)),
    Row("log group without DeletionPolicy", ("TW541",)),
    Row("no UpdateReplacePolicy", ("TW542",)),
    Row("fixed name and Retain", ("TW543",)),
    Row("data events in the same log group", ("TW507",)),
]
TEMPLATE_MISTAKES = [
    Row("named role", ("TW523",)),
    Row("trust without aws:SourceArn", ("TW521",)),
    Row(
        "controls that upstream deleted",
        ("TW601",),
        changes={
            "($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ": "($.eventName=X) &&"
        },
    ),
]
# Words of the rows that no template can show, and why.
NOT_TO_BE_SEEN = {
    "Same account": "a template does not say where its evidence belongs",
    "ForRootAcount": "any name is right that filter and alarm share (TW001 where they do not)",
    "MFA なしの": "prose, and no rule reads Japanese",
    "changes to the root account": "prose as well",
    "a switch for the Control Tower log group": "the name of the log group is the reader's to give",
}
