"""Pieces of templates that the tests of several commands share."""

STOPS = """\
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      LogGroupName: trail
      FilterPattern: '{ $.eventName = StopLogging }'
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Test, MetricValue: '1'}
  Stopped:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: stopped
      Namespace: Test
      MetricName: Stops
      Statistic: Sum
      Period: 300
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      TreatMissingData: notBreaching
"""
