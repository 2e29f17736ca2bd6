"""A whole small stack, with everything around its one alarm, in which lint finds nothing."""

from __future__ import annotations

from tests.stack.lint.stacks import codes_of
from tests.stack.templates import load_text
from trailwarden.stack.model import Stack

GOOD = """\
Resources:
  Key:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      KeyPolicy:
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}
            Action: kms:*
            Resource: '*'
          - Effect: Allow
            Principal: {Service: cloudtrail.amazonaws.com}
            Action: kms:GenerateDataKey*
            Resource: '*'
          - Effect: Allow
            Principal: {Service: cloudwatch.amazonaws.com}
            Action: [kms:Decrypt, 'kms:GenerateDataKey*']
            Resource: '*'
          - Effect: Allow
            Principal: {Service: !Sub 'logs.${AWS::Region}.amazonaws.com'}
            Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:GenerateDataKey*']
            Resource: '*'
  Alias:
    Type: AWS::KMS::Alias
    Properties: {AliasName: alias/trail, TargetKeyId: !Ref Key}
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
      LifecycleConfiguration: {Rules: [{ExpirationInDays: 400, Status: Enabled}]}
      LoggingConfiguration: {DestinationBucketName: access-logs}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
      VersioningConfiguration: {Status: Enabled}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: cloudtrail.amazonaws.com}
            Action: [s3:GetBucketAcl, s3:PutObject]
            Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/AWSLogs/*']
            Condition: {StringEquals: {'aws:SourceArn': 'arn:aws:cloudtrail:a:1:trail/t'}}
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']
            Condition: {Bool: {'aws:SecureTransport': false}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: cloudtrail.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: write
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: !Sub 'arn:aws:logs:a:1:log-group:${Group}:log-stream:1_CloudTrail_*'
  Group:
    Type: AWS::Logs::LogGroup
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {KmsKeyId: !GetAtt Key.Arn, RetentionInDays: 400}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      CloudWatchLogsLogGroupArn: !GetAtt Group.Arn
      CloudWatchLogsRoleArn: !GetAtt Role.Arn
      EnableLogFileValidation: true
      IsLogging: true
      IsMultiRegionTrail: true
      KMSKeyId: !GetAtt Key.Arn
      S3BucketName: !Ref Bucket
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      KmsMasterKeyId: !Ref Alias
      Subscription: [{Endpoint: a@example.com, Protocol: email}]
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: cloudwatch.amazonaws.com}
            Action: sns:Publish
            Resource: !Ref Topic
            Condition: {StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}}
  Filter:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterPattern: '{ $.eventName = StopLogging }'
      LogGroupName: !Ref Group
      MetricTransformations:
        - {DefaultValue: 0, MetricName: Stops, MetricNamespace: Sec, MetricValue: 1}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Ref Topic]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Sum
      Threshold: 1
      TreatMissingData: notBreaching
"""


def changed(*changes: tuple[str, str]) -> Stack:
    """The good stack with texts in it replaced, each in all of its places."""
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_text(text)


def codes_after(*changes: tuple[str, str]) -> list[str]:
    """The codes that are found once texts of the good stack are replaced."""
    return codes_of(changed(*changes))
