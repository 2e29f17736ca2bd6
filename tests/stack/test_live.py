"""A live account (moto) as a stack, read by the real boto3 client."""

from __future__ import annotations

import builtins
import json
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import boto3
import pytest

from tests.stack.live_aws import pending, running
from trailwarden.errors import DefinitionError, UsageError
from trailwarden.stack import load
from trailwarden.stack.live import load_account
from trailwarden.stack.live.calls import Reader, open_session

HOME, OTHER, ACCOUNT = "eu-west-1", "us-east-1", "123456789012"
GROUP = "CloudTrail/DefaultLogGroup"
STOP = '{ $.eventName = "StopLogging" }'


@pytest.fixture(scope="module")
def server():
    with running() as (url, front):
        yield url, front


@pytest.fixture
def front(server, monkeypatch, tmp_path):
    """An empty account, with the environment set to it."""
    url, front = server
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", HOME)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    request = urllib.request.Request(f"{url}/moto-api/reset", method="POST")
    urllib.request.urlopen(request).close()
    front.faults.clear()
    front.rewrites.clear()
    front.calls.clear()
    front.composites.clear()
    return front


def put_filter(name, region=HOME, group=GROUP, pattern=STOP, metric=None, **options):
    logs = boto3.client("logs", region_name=region)
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    logs.put_metric_filter(
        logGroupName=group,
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[
            {
                "metricNamespace": "Trail",
                "metricName": metric or name,
                "metricValue": "1",
                **options,
            }
        ],
    )


def put_alarm(name, region=HOME, metric=None, namespace="Trail", **options):
    boto3.client("cloudwatch", region_name=region).put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName=metric or name,
        **{
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **options,
        },
    )


def put_composite(name, rule, region=HOME, **options):
    cloudwatch = boto3.client("cloudwatch", region_name=region)
    cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule, **options)


def put_trail(region=HOME, group=GROUP, name="org"):
    bucket = f"logs-{name}"
    boto3.client("s3", region_name=OTHER).create_bucket(Bucket=bucket)
    trail = boto3.client("cloudtrail", region_name=region)
    trail.create_trail(
        Name=name,
        S3BucketName=bucket,
        S3KeyPrefix="audit",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail",
    )
    trail.start_logging(Name=name)
    trail.put_event_selectors(
        TrailName=name,
        EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
    )


def names(alarms):
    return [alarm.alarm_name for alarm in alarms]


def reasons(stack):
    return {one.name: one.reason for one in stack.not_run}


def codes(stack):
    return [note.code for note in stack.notes]


def test_a_filter_its_trail_and_its_alarm(front):
    put_filter("stop", defaultValue=0.5, unit="Count")
    put_trail()
    topic = f"arn:aws:sns:{HOME}:{ACCOUNT}:alerts"
    put_alarm("stop", TreatMissingData="notBreaching", AlarmActions=[topic])
    boto3.client("logs", region_name=HOME).put_retention_policy(
        logGroupName=GROUP, retentionInDays=365
    )
    sns = boto3.client("sns", region_name=HOME)
    sns.create_topic(Name="alerts")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="soc@example.com")
    stack = load_account()

    assert (stack.name, stack.region, stack.account) == ("aws", HOME, ACCOUNT)
    assert stack.source == f"account {ACCOUNT} in {HOME}"
    assert stack.notes == stack.not_run == ()
    (metric_filter,) = stack.metric_filters
    assert metric_filter.pattern.matches({"eventName": "StopLogging"})
    assert (metric_filter.filter_name, metric_filter.log_group_name) == ("stop", GROUP)
    (metric,) = metric_filter.metric_transformations
    assert (metric.metric_namespace, metric.metric_name, metric.metric_value) == (
        "Trail",
        "stop",
        "1",
    )
    assert (metric.default_value, metric.unit, metric.dimensions) == (0.5, "Count", ())
    (alarm,) = stack.alarms
    assert (alarm.alarm_name, alarm.threshold) == ("stop", 1.0)
    assert (alarm.treat_missing_data, alarm.alarm_actions) == ("notBreaching", (topic,))
    (trail,) = stack.trails
    assert (trail.trail_name, trail.s3_bucket_name, trail.s3_key_prefix) == (
        "org",
        "logs-org",
        "audit",
    )
    assert trail.is_logging
    assert trail.is_multi_region_trail
    assert trail.enable_log_file_validation
    assert trail.event_selectors[0]["ReadWriteType"] == "WriteOnly"
    (group,) = stack.log_groups
    assert (group.log_group_name, group.retention_in_days) == (GROUP, 365)


def test_the_live_account_is_the_stack_named_aws(front):
    put_filter("stop")
    assert load("aws", regions=[HOME]) == load_account([HOME])


def test_definitions_are_located_by_their_arns(front):
    put_filter("stop")
    put_alarm("stop")
    locations = load_account().locations
    alarm = locations["Alarm", "stop"]
    assert alarm.source == f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:stop"
    place = locations["MetricFilter", "stop"]
    assert (place.source, place.key) == (f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:{GROUP}", "stop")


def test_dimensions_belong_to_the_metric(front):
    put_filter("by-user", metric="calls", dimensions={"User": "$.userIdentity.userName"})
    put_alarm("ann", metric="calls", Dimensions=[{"Name": "User", "Value": "ann"}])
    put_alarm("everybody", metric="calls")
    stack = load_account()
    (metric,) = stack.metric_filters[0].metric_transformations
    assert metric.dimensions == (("User", "$.userIdentity.userName"),)
    assert names(stack.alarms) == ["ann"]
    assert list(reasons(stack)) == ["everybody"]


def test_everything_is_read_to_the_last_page(front):
    for number in range(101):
        put_filter(f"filter-{number:03}")
        put_alarm(f"alarm-{number:03}", metric=f"filter-{number:03}")
    stack = load_account()
    assert [one.filter_name for one in stack.metric_filters] == [
        f"filter-{number:03}" for number in range(101)
    ]
    assert names(stack.alarms) == [f"alarm-{number:03}" for number in range(101)]
    assert front.calls.count("DescribeMetricFilters") >= 3
    assert front.calls.count("DescribeAlarms") >= 3


def test_only_log_groups_that_matter_are_listed(front):
    logs = boto3.client("logs", region_name=HOME)
    for number in range(60):
        logs.create_log_group(logGroupName=f"/aws/lambda/{number}")
    put_filter("stop", group="zzz/trail")
    assert [group.log_group_name for group in load_account().log_groups] == ["zzz/trail"]


def test_filters_on_log_groups_without_a_trail_are_not_run(front):
    put_filter("stop")
    put_filter("errors", group="/app/web", pattern="ERROR")
    put_trail()
    put_alarm("errors")
    stack = load_account()
    assert [one.filter_name for one in stack.metric_filters] == ["stop"]
    assert [(one.type, one.name, one.reason) for one in stack.not_run] == [
        (
            "AWS::Logs::MetricFilter",
            "errors",
            "no trail delivers to its log group, /app/web",
        ),
        (
            "AWS::CloudWatch::Alarm",
            "errors",
            "the metric filter errors that feeds it is not run",
        ),
    ]


def test_all_filters_are_run_where_no_trail_tells_the_log_group(front):
    put_filter("stop")
    put_filter("errors", group="/app/web", pattern="ERROR")
    stack = load_account()
    assert len(stack.metric_filters) == 2
    assert codes(stack).count("no-trail-log-group") == 1


def test_a_trail_that_delivers_to_another_account_tells_no_log_group(front):
    put_filter("stop")
    put_trail()
    front.rewrites["DescribeTrails"] = lambda body: body.replace(
        f":{ACCOUNT}:log-group".encode(), b":999999999999:log-group"
    )
    stack = load_account()
    assert len(stack.metric_filters) == 1
    assert "no-trail-log-group" in codes(stack)


def test_a_pattern_of_former_times_is_not_run(front):
    put_filter("odd", pattern="{ $.eventName = ")
    put_filter("stop")
    stack = load_account()
    assert [one.filter_name for one in stack.metric_filters] == ["stop"]
    assert "pattern" in reasons(stack)["odd"]


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        (b'"applyOnTransformedLogs": true', "log transformers are not run"),
        (
            b'"fieldSelectionCriteria": "@aws.region = 1"',
            "field selection criteria are not evaluated",
        ),
        (
            b'"emitSystemFieldDimensions": ["@aws.account"]',
            "its dimensions are known only inside CloudWatch Logs",
        ),
    ],
)
def test_a_filter_with_an_option_of_cloudwatch_logs_is_not_run(front, option, reason):
    put_filter("stop")
    front.rewrites["DescribeMetricFilters"] = lambda body: body.replace(
        b'"filterName"', option + b', "filterName"'
    )
    stack = load_account()
    assert stack.metric_filters == ()
    assert reasons(stack) == {"stop": reason}


def test_a_region_without_filters_says_so(front):
    stack = load_account([OTHER])
    assert codes(stack) == ["no-metric-filters"]
    assert "--region" in stack.notes[0].message
    assert stack.notes[0].location.source == f"account {ACCOUNT} in {OTHER}"


def test_alarms_on_other_metrics_are_told_briefly(front):
    put_filter("stop")
    put_alarm("stop")
    for number in range(12):
        put_alarm(f"cpu-{number}", namespace="AWS/EC2", metric="CPUUtilization")
    put_alarm("queue", namespace="AWS/SQS", metric="Depth")
    stack = load_account()
    assert names(stack.alarms) == ["stop"]
    why = "its metric does not come from a metric filter"
    assert reasons(stack) == {
        "12 alarms on AWS/EC2": f"{why} (AWS/EC2)",
        "queue": f"{why} (AWS/SQS)",
    }


def test_alarms_that_cannot_be_evaluated_are_not_run(front):
    put_filter("stop")
    query = {"Id": "m", "Expression": "SUM(METRICS())", "ReturnData": True, "Period": 300}
    boto3.client("cloudwatch", region_name=HOME).put_metric_alarm(
        AlarmName="math",
        Metrics=[query],
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    stack = load_account()
    assert stack.alarms == ()
    assert "math" in reasons(stack)["math"]


def test_composite_alarms_are_read_as_far_as_their_alarms_run(front):
    put_filter("stop")
    put_alarm("stop")
    put_alarm("cpu", namespace="AWS/EC2", metric="CPUUtilization")
    put_composite("a-second", 'ALARM("b-first")')
    put_composite("b-first", f"ALARM(arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:stop)")
    put_composite("busy", "ALARM(stop) AND NOT ALARM(cpu)")
    put_composite("busier", "OK(busy)")
    stack = load_account()
    assert set(names(stack.composite_alarms)) == {"a-second", "b-first"}
    assert reasons(stack)["busy"] == "it refers to 'cpu', which is not run"
    assert reasons(stack)["busier"] == "it refers to 'busy', which is not run"


def test_composite_alarms_that_watch_each_other_do_not_end_the_run(front):
    put_filter("stop")
    put_alarm("stop")
    put_composite("hen", "ALARM(egg) OR ALARM(stop)")
    put_composite("egg", "ALARM(hen)")
    stack = load_account()
    assert stack.composite_alarms == ()
    assert set(reasons(stack)) == {"hen", "egg"}


def topic_with_alarm(name="alerts", region=HOME):
    sns = boto3.client("sns", region_name=region)
    arn = sns.create_topic(Name=name)["TopicArn"]
    put_filter("stop", region)
    put_alarm("stop", region, AlarmActions=[arn])
    return sns, arn


def test_topics_that_alarms_publish_to(front):
    sns, arn = topic_with_alarm()
    sns.create_topic(Name="unrelated")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": arn}]}
    for name, value in {
        "DisplayName": "Alerts",
        "Policy": json.dumps(policy),
        "KmsMasterKeyId": "alias/alerts",
    }.items():
        sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
    sns.subscribe(
        TopicArn=arn,
        Protocol="https",
        Endpoint="https://example.com/hook",
        Attributes={
            "FilterPolicy": '{"NewStateValue": ["ALARM"]}',
            "FilterPolicyScope": "MessageBody",
            "RawMessageDelivery": "true",
        },
    )
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="late@example.com")
    front.rewrites["ListSubscriptionsByTopic"] = pending("late@example.com")
    stack = load_account()

    (topic,) = stack.topics
    assert (topic.arn, topic.topic_name) == (arn, "alerts")
    assert (topic.display_name, topic.kms_master_key_id) == ("Alerts", "alias/alerts")
    (found,) = stack.topic_policies
    assert (found.topics, found.policy_document) == ((arn,), policy)
    hook, late = stack.subscriptions
    assert (hook.protocol, hook.endpoint, hook.confirmed) == (
        "https",
        "https://example.com/hook",
        True,
    )
    assert hook.filter_policy == {"NewStateValue": ["ALARM"]}
    assert (hook.filter_policy_scope, hook.raw_message_delivery) == ("MessageBody", True)
    assert (late.endpoint, late.confirmed) == ("late@example.com", False)
    assert "topic-without-subscriber" not in codes(stack)


@pytest.mark.parametrize(("subscribed", "why"), [(False, "nobody"), (True, "confirmed yet")])
def test_a_topic_that_reaches_nobody_is_remarked(front, subscribed, why):
    sns, arn = topic_with_alarm()
    if subscribed:
        sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="late@example.com")
        front.rewrites["ListSubscriptionsByTopic"] = pending("late@example.com")
    (note,) = [one for one in load_account().notes if one.code == "topic-without-subscriber"]
    assert why in note.message
    assert arn in note.message


def test_a_topic_that_is_gone_is_remarked(front):
    sns, arn = topic_with_alarm()
    sns.delete_topic(TopicArn=arn)
    stack = load_account()
    assert stack.topics == ()
    assert "missing-topic" in codes(stack)


# --- several regions ---------------------------------------------------------------------


def test_names_of_two_regions_stay_apart(front):
    for region in (HOME, OTHER):
        put_filter("stop", region, metric="stops")
        put_alarm("stop", region, metric="stops")
        put_composite("any", 'ALARM("stop") OR OK(only)', region)
        put_filter(f"only-{region}", region, metric="only")
        put_alarm("only", region, metric="only")
    put_filter("home", HOME)
    put_alarm("home", HOME)
    stack = load_account([HOME, OTHER, HOME])

    assert stack.source == f"account {ACCOUNT} in {HOME}, {OTHER}"
    assert set(names(stack.alarms)) == {
        f"stop ({HOME})",
        f"stop ({OTHER})",
        f"only ({HOME})",
        f"only ({OTHER})",
        "home",
    }
    assert {one.filter_name for one in stack.metric_filters} == {
        f"stop ({HOME})",
        f"stop ({OTHER})",
        f"only-{HOME}",
        f"only-{OTHER}",
        "home",
    }
    rules = {one.alarm_name: one.alarm_rule for one in stack.composite_alarms}
    assert rules == {
        f"any ({region})": f'ALARM("stop ({region})") OR OK("only ({region})")'
        for region in (HOME, OTHER)
    }


def test_metrics_of_two_regions_do_not_add_up(front):
    for region in (HOME, OTHER):
        put_filter("stop", region)
        put_alarm("stop", region)
    stack = load_account([HOME, OTHER])
    fed = [one.metric_transformations[0].metric_namespace for one in stack.metric_filters]
    assert fed == [f"Trail ({HOME})", f"Trail ({OTHER})"]
    assert [alarm.namespace for alarm in stack.alarms] == fed


def test_an_alarm_hears_nothing_of_another_region(front):
    put_filter("stop", HOME)
    put_alarm("stop", OTHER)
    stack = load_account([HOME, OTHER])
    assert stack.alarms == ()
    assert list(reasons(stack)) == ["stop"]


def test_filters_of_two_log_groups_stay_apart(front):
    put_filter("stop", group="one")
    put_filter("stop", group="two")
    assert {one.filter_name for one in load_account().metric_filters} == {
        "stop (one)",
        "stop (two)",
    }


def test_a_trail_of_all_regions_is_there_once(front):
    put_filter("stop")
    put_trail()
    assert len(load_account([OTHER, HOME]).trails) == 1


# --- refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "code", "permission"),
    [
        ("DescribeMetricFilters", "AccessDeniedException", "logs:DescribeMetricFilters"),
        ("DescribeLogGroups", "AccessDeniedException", "logs:DescribeLogGroups"),
        ("DescribeAlarms", "AccessDenied", "cloudwatch:DescribeAlarms"),
        ("DescribeTrails", "AccessDeniedException", "cloudtrail:DescribeTrails"),
        ("GetTrailStatus", "AccessDeniedException", "cloudtrail:GetTrailStatus"),
        ("GetEventSelectors", "AccessDeniedException", "cloudtrail:GetEventSelectors"),
        ("GetTopicAttributes", "AuthorizationError", "sns:GetTopicAttributes"),
        ("ListSubscriptionsByTopic", "AuthorizationError", "sns:ListSubscriptionsByTopic"),
        ("GetSubscriptionAttributes", "AuthorizationError", "sns:GetSubscriptionAttributes"),
    ],
)
def test_what_is_denied_is_left_out_with_a_note(front, operation, code, permission):
    sns, arn = topic_with_alarm()
    sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint="+15550100")
    put_trail()
    front.faults[operation] = code
    stack = load_account()
    (note,) = [one for one in stack.notes if one.code == "access-denied"]
    assert note.message.startswith(f"{permission} is not allowed in {HOME}")
    assert "topic-without-subscriber" not in codes(stack)
    assert bool(stack.metric_filters) is (operation != "DescribeMetricFilters")
    assert bool(stack.log_groups) is (operation != "DescribeLogGroups")
    assert bool(stack.trails) is (operation != "DescribeTrails")
    assert len(stack.topics) == (operation not in ("DescribeMetricFilters", "DescribeAlarms"))
    assert "filter-without-alarm" not in codes(stack)


def test_without_the_filters_no_alarm_is_said_to_watch_something_else(front):
    put_filter("stop")
    put_alarm("stop")
    front.faults["DescribeMetricFilters"] = "AccessDeniedException"
    assert reasons(load_account())["stop"] == "the metric filters could not be read (Trail)"


def test_a_denied_permission_is_told_once_for_each_region(front):
    for region in (HOME, OTHER):
        topic_with_alarm("alerts", region)
    front.faults["GetTopicAttributes"] = "AuthorizationError"
    stack = load_account([HOME, OTHER])
    assert codes(stack).count("access-denied") == 2


@pytest.mark.parametrize(
    "code", ["ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "AccessDenied"]
)
def test_credentials_that_do_not_work_end_the_run(front, code):
    front.faults["GetCallerIdentity"] = code
    with pytest.raises(UsageError) as caught:
        load_account()
    assert HOME in caught.value.message
    assert caught.value.cure


def test_a_token_that_expires_on_the_way_ends_the_run(front):
    put_filter("stop")
    front.faults["DescribeAlarms"] = "ExpiredTokenException"
    with pytest.raises(UsageError, match="ExpiredTokenException"):
        load_account()


def test_throttled_calls_are_tried_again(front, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    put_filter("stop")
    front.faults["DescribeMetricFilters"] = ["ThrottlingException", "ThrottlingException"]
    assert len(load_account().metric_filters) == 1
    assert front.calls.count("DescribeMetricFilters") == 3


def test_another_refusal_is_an_error_with_the_words_of_aws(front):
    front.faults["DescribeTrails"] = "InternalFailureOfSorts"
    with pytest.raises(DefinitionError, match="DescribeTrails in eu-west-1: InternalFailureOf"):
        load_account()


def test_without_credentials_the_way_out_is_shown(front, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(UsageError) as caught:
        load_account()
    assert "aws sts get-caller-identity" in caught.value.cure


def test_without_a_region_the_way_out_is_shown(front, monkeypatch):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(UsageError, match="region") as caught:
        load_account()
    assert "--region" in caught.value.cure


def test_a_region_that_cannot_be_is_named(front):
    with pytest.raises(UsageError, match="'not a region'"):
        load_account(["not a region"])


def test_a_profile_that_does_not_exist_is_named(front, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match="nobody"):
        load_account()


def test_an_endpoint_that_does_not_answer_is_named(front, monkeypatch):
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(UsageError, match="cannot be reached"):
        load_account()


def test_without_boto3_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without_boto3(name, *rest):
        if name.partition(".")[0] in ("boto3", "botocore"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_boto3)
    with pytest.raises(UsageError) as caught:
        load_account([HOME])
    assert caught.value.cure == "install it with: pip install 'trailwarden[aws]'"


def test_an_answer_that_breaks_off_is_no_empty_one(monkeypatch):
    class Half(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"metricFilters": [')

        def log_message(self, *_):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Half)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with pytest.raises(UsageError, match="1000"):
        Reader(open_session(), "us-east-1").call("logs", "describe_metric_filters")
    server.shutdown()
    server.server_close()
