"""Definitions that look right and are wrong, and such as look wrong and are right."""

from __future__ import annotations

import pytest

from tests.stack.lint.stacks import alarm_of, filter_of, pattern_codes, stack_of, the_finding
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.lint import Finding, lint


def found_in(text: str, **parameters: str) -> list[Finding]:
    given = {name.replace("__", "::"): value for name, value in parameters.items()}
    return lint(load_template(text, "t.yaml", "t", given))


@pytest.mark.parametrize(
    ("pattern", "code", "cure"),
    [
        ('{ $.eventName = "Consolelogin" }', "TW132", "did you mean ConsoleLogin?"),
        ('{ $.userIdentity.type = "ROOT" }', "TW136", "did you mean Root? Values are case"),
        ('{ $.eventName = X && $.additionalEventData.MFAUsed = "NO" }', "TW136", "did you mean No"),
        ("{ $.userIdentity.type != awsservice && $.eventName = X }", "TW136", "AWSService"),
        ("{ $.eventName = X && $.awsRegion = EU-WEST-1 }", "TW136", "us-east-1"),
        (
            "{ $.userIdentity.sessionContext.attributes.mfaAuthenticated IS FALSE }",
            "TW136",
            'compare it with = "false"',
        ),
        ("{ $.eventSource = kms }", "TW135", "did you mean kms.amazonaws.com?"),
        ("{ $.eventSource = kms.amazonaws.co }", "TW135", "did you mean kms.amazonaws.com?"),
        ("{ $.eventSource = aws.kms }", "TW135", "did you mean kms.amazonaws.com?"),
        ("{ $.eventSource = cloudwatch.amazonaws.com }", "TW135", "monitoring.amazonaws.com"),
        ('{ $.errorCode = "AcessDenied*" }', "TW137", "did you mean AccessDenied?"),
        ('{ $.eventName = "%^Delete%" }', "TW115", "write %^Delete% without"),
        ("{ $.eventName = CreateFunction }", "TW134", "write $.eventName = CreateFunction*"),
        ("{ $.eventName = PutBucketNotificationConfiguration }", "TW134", "PutBucketNotification"),
        ("{ ($.eventName = A1) || ($.eventName = B1) || ($.eventName = A1) }", "TW114", "missing"),
    ],
)
def test_patterns_that_look_right(pattern: str, code: str, cure: str) -> None:
    assert cure in the_finding(stack_of(filter_of(pattern)), code).cure


@pytest.mark.parametrize("name", ["StopLoging", "stopLogging", "DeletTrail", "CreatUser"])
def test_names_of_events_without_a_source(name: str) -> None:
    pytest.importorskip("botocore")
    assert "TW132" in pattern_codes(f"{{ $.eventName = {name} }}")


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventName = RotateKey || $.eventName = PutItem || $.eventName = SwitchRole }",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS }',
        "{ $.userIdentity.type = %^[RI].*$% }",
        "{ $.userIdentity.type = *User }",
        "{ $.eventSource = s3* && $.eventName = PutBucketPolicy }",
        '{ $.eventSource = "*.amazonaws.com.cn" && $.eventName = StopLogging }',
        "{ $.eventSource = aps.amazonaws.com && $.eventName = PutRuleGroupsNamespace }",
        '{ $.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*" }',
        "{ $.eventName = CreateFunction* && $.eventSource = lambda.amazonaws.com }",
        "{ $.eventName = CreateAlias && $.eventSource = kms.amazonaws.com }",
        "{ $.eventName = PutBucketLifecycle || $.eventName = PutBucketLifecycleConfiguration }",
        "{ $.responseElements.ConsoleLogin = Failure && $.additionalEventData.MFAUsed = Yes }",
    ],
)
def test_patterns_that_are_right(pattern: str) -> None:
    news = {"TW114", "TW115", "TW132", "TW133", "TW134", "TW135", "TW136", "TW137"}
    assert news & set(pattern_codes(pattern)) == set()


def test_two_metrics_of_one_event_need_two_filters() -> None:
    size = filter_of(name="sizes", metric_name="Sizes", metric_value="$.size")
    assert "TW201" not in {one.code for one in lint(stack_of(filter_of(), size))}
    again = filter_of(name="again", metric_name="Again")
    assert "TW201" in {one.code for one in lint(stack_of(filter_of(), again))}


def test_metrics_of_agents_in_the_namespace_of_filters() -> None:
    """Only a name that is nearly a filter's is sure to be meant for it."""
    codes = {one.code for one in lint(stack_of(alarm=alarm_of(metric_name="AgentRestarts")))}
    assert "TW009" in codes
    assert "TW001" not in codes
    finding = the_finding(stack_of(alarm=alarm_of(metric_name="stops")), "TW001")
    assert finding.cure == "did you mean 'Sec/Stops'? Names are case sensitive"


def test_a_maximum_that_is_as_good_as_the_sum() -> None:
    same = the_finding(stack_of(alarm=alarm_of(statistic="Maximum")), "TW303")
    other = the_finding(stack_of(alarm=alarm_of(statistic="Average")), "TW303")
    assert (same.severity, other.severity) == ("note", "warning")


ALARM = """
Resources:
  Slow:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: slow
      Namespace: AWS/ApplicationELB
      MetricName: TargetResponseTime
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 3
      ComparisonOperator: GreaterThanThreshold
"""
RULE = """
  Told:
    Type: AWS::Events::Rule
    Properties:
      State: STATE
      EventPattern:
        source: [aws.cloudwatch]
        detail-type: [KIND]
        detail: {alarmName: [{prefix: NAME}]}
      Targets: [{Id: one, Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:tell'}]
"""


@pytest.mark.parametrize(
    ("kind", "name", "state", "is_told"),
    [
        ("CloudWatch Alarm State Change", "sl", "ENABLED", True),
        ("CloudWatch Alarm State Change", "fast", "ENABLED", False),
        ("CloudWatch Alarm Configuration Change", "sl", "ENABLED", False),
        ("CloudWatch Alarm State Change", "sl", "DISABLED", False),
    ],
)
def test_alarms_that_a_rule_reads(kind: str, name: str, state: str, is_told: bool) -> None:
    text = ALARM + RULE.replace("KIND", kind).replace("NAME", name).replace("STATE", state)
    assert ("TW401" not in {one.code for one in found_in(text)}) is is_told


def test_noise_outside_the_chain() -> None:
    topic = "arn:aws:sns:eu-west-1:111122223333:ops"
    actions = f"      AlarmActions: [{topic!r}]\n      OKActions: [{topic!r}]\n"
    group = "  Web: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}\n"
    codes = {one.code for one in found_in(ALARM + actions + group)}
    assert codes == {"TW010"}


TOLD = (
    ALARM.replace("AWS/ApplicationELB", "Shop")
    + """
      AlarmActions: [!Ref Topic]
  Topic: {Type: AWS::SNS::Topic}
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument: {Statement: [STATEMENT]}
  Mail:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref Topic
      Protocol: email
      Endpoint: team@example.com
      FilterPolicyScope: MessageBody
      FilterPolicy: FILTER
"""
)
SOUND = (
    "{Effect: Allow, Principal: {Service: cloudwatch.amazonaws.com}, Action: 'sns:Publish', "
    "Resource: !Ref Topic, Condition: {ArnLike: {'aws:SourceArn': "
    "!Sub 'arn:aws:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:slow'}}}"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sns:Publish", "sns:Subscribe"),
        ("alarm:slow", "alarm:fast-*"),
        (":cloudwatch:$", ":events:$"),
        ("Effect: Allow", "Effect: Deny"),
        ("Service: cloudwatch.amazonaws.com", "AWS: 'arn:aws:iam::111122223333:role/fix'"),
        ("Action:", "NotAction:"),
    ],
)
def test_topic_policies_that_keep_the_alarm_out(old: str, new: str) -> None:
    passing = TOLD.replace("FILTER", "{NewStateValue: [ALARM]}")
    assert old in SOUND
    sound = {one.code for one in found_in(passing.replace("STATEMENT", SOUND))}
    assert {"TW409", "TW410", "TW412", "TW414"} & sound == set()
    broken = passing.replace("STATEMENT", SOUND.replace(old, new))
    assert "TW412" in {one.code for one in found_in(broken)}


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        ("{NewStateValue: [OK]}", False),
        ("{NewStateValue: [{anything-but: [ALARM]}]}", False),
        ("{AlarmName: [fast]}", False),
        ("{severity: [high]}", False),
        ("{OldStateValue: [ALARM]}", False),
        ("{NewStateValue: [{prefix: AL}], AlarmName: [slow]}", True),
        ("{Region: [EU (Ireland)]}", True),
        ("{Trigger: {MetricName: [TargetResponseTime]}}", True),
        ("{OldStateValue: [INSUFFICIENT_DATA]}", True),
        ("{severity: [{exists: false}]}", True),
    ],
)
def test_filter_policies_on_the_body(policy: str, passes: bool) -> None:
    text = TOLD.replace("STATEMENT", SOUND).replace("FILTER", policy)
    assert ("TW414" not in {one.code for one in found_in(text)}) is passes


def test_actions_of_another_partition_or_region() -> None:
    text = ALARM + "      AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:ops']\n"

    def is_found(region: str) -> bool:
        return "TW413" in {one.code for one in found_in(text, AWS__Region=region)}

    assert [is_found(one) for one in ("us-gov-west-1", "eu-central-1", "eu-west-1")] == [
        True,
        True,
        False,
    ]
    assert "TW413" not in {one.code for one in found_in(text)}
