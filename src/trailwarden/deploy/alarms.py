"""Topics, subscriptions, metric filters and alarms."""

from __future__ import annotations

from trailwarden.deploy import policies
from trailwarden.deploy.encryption import KEY
from trailwarden.deploy.monitors import Monitor, monitors, thresholds
from trailwarden.deploy.request import Request
from trailwarden.deploy.template import Output, Parameter, Resource, Template
from trailwarden.deploy.values import STACK_NAME, Equals, If, Not, Ref, Sub, Value

_WHO = "Who is told"
_PROTOCOLS = ("email", "email-json", "https", "lambda", "sms", "sqs")
_NAMESPACE = Sub(f"Trailwarden/{STACK_NAME}")


def alarms(request: Request) -> Template:
    """The topics, the filters and alarms of the request, and their parameters."""
    part = Template()
    if not request.has_trail:
        part.parameters["LogGroupName"] = Parameter(
            "Where the events are",
            "The log group that the trail delivers to. It has to exist.",
            # What the console of CloudTrail proposed for years.
            "CloudTrail/DefaultLogGroup",
            allowed_pattern=r"[.\-_/#A-Za-z0-9]{1,512}",
        )
    part.add(_alarm_topic())
    found = list(monitors(request))
    is_mixed = len({monitor.is_strict for monitor in found}) > 1
    if is_mixed:
        part.add(_audit_topic())
    part.parameters.update(thresholds(found))
    log_group = Ref("TrailLogGroup" if request.has_trail else "LogGroupName")
    for monitor in found:
        is_for_audit = monitor.is_strict and is_mixed
        part.resources[f"{monitor.logical_id}Filter"] = _filter(monitor, log_group)
        part.resources[f"{monitor.logical_id}Alarm"] = _alarm(
            monitor,
            Ref("AuditTopic")
            if is_for_audit
            else If("CreatesTopic", Ref("AlarmTopic"), Ref("SnsTopicARN")),
        )
    part.outputs["MetricNamespace"] = Output(
        "The namespace of the metrics that the filters feed.", _NAMESPACE
    )
    return part


def _alarm_topic() -> Template:
    part = Template()
    part.parameters["SnsTopicARN"] = Parameter(
        _WHO,
        "A topic that there is already, for the alarms. Empty for one of this stack.",
        "",
        allowed_pattern=r"(arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})?",
    )
    part.conditions["CreatesTopic"] = Equals(Ref("SnsTopicARN"), "")
    part.add(_topic("Alarm", "alarms", "Security alarms", "CreatesTopic", ""))
    return part


def _audit_topic() -> Template:
    """Strict alarms have a topic of their own: people hear of an event once, from the hardened
    filter, and scanners find an action and a subscriber.
    """
    return _topic(
        "Audit",
        "audit",
        "Benchmark alarms",
        None,
        "For the alarms that scanners look for. They say nothing that the others do not: subscribe "
        "a queue or a mailbox that wakes nobody.",
    )


def _topic(prefix: str, suffix: str, title: str, condition: str | None, comment: str) -> Template:
    """A topic that alarms may publish to, and whoever is subscribed to it."""
    topic, part = f"{prefix}Topic", Template()
    part.resources[topic] = Resource(
        "AWS::SNS::Topic",
        {
            "TopicName": Sub(f"{STACK_NAME}-{suffix}"),
            "DisplayName": title,  # 100 characters at most, so without the name of the stack
            "KmsMasterKeyId": KEY,
        },
        condition=condition,
        comment=comment,
    )
    part.resources[f"{topic}Policy"] = Resource(
        "AWS::SNS::TopicPolicy",
        {"Topics": [Ref(topic)], "PolicyDocument": policies.topic(topic)},
        condition=condition,
    )
    part.outputs[f"{topic}Arn"] = Output(
        f"The topic {suffix}. Subscribe to it.", Ref(topic), condition
    )
    arn: Value = If(condition, Ref(topic), Ref("SnsTopicARN")) if condition else Ref(topic)
    part.add(_subscription(prefix, suffix, arn))
    return part


def _subscription(prefix: str, suffix: str, arn: Value) -> Template:
    """One subscriber, if the parameters name any."""
    part = Template()
    stem = "" if prefix == "Alarm" else prefix
    protocol, endpoint = f"{stem}SubscriptionProtocol", f"{stem}SubscriptionEndpoint"
    has_subscriber = f"Has{stem}Subscriber"
    part.parameters[protocol] = Parameter(
        _WHO,
        f"How the subscriber of the topic {suffix} is told.",
        _PROTOCOLS[0],
        allowed_values=_PROTOCOLS,
    )
    part.parameters[endpoint] = Parameter(
        _WHO,
        f"Who gets what is published to the topic {suffix}: an address, a URL or an ARN. "
        "Empty for nobody yet.",
        "",
    )
    part.conditions[has_subscriber] = Not(Equals(Ref(endpoint), ""))
    part.resources[f"{prefix}Subscription"] = Resource(
        "AWS::SNS::Subscription",
        {"TopicArn": arn, "Protocol": Ref(protocol), "Endpoint": Ref(endpoint)},
        condition=has_subscriber,
    )
    return part


def _filter(monitor: Monitor, log_group: Ref) -> Resource:
    return Resource(
        "AWS::Logs::MetricFilter",
        {
            "FilterName": Sub(f"{STACK_NAME}-{monitor.name}"),
            "LogGroupName": log_group,
            "FilterPattern": monitor.pattern,
            "MetricTransformations": [
                {
                    "MetricNamespace": _NAMESPACE,
                    "MetricName": monitor.logical_id,
                    "MetricValue": "1",
                    "DefaultValue": 0,
                }
            ],
        },
        ignores=monitor.faults,
    )


def _alarm(monitor: Monitor, topic: Value) -> Resource:
    return Resource(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": Sub(f"{STACK_NAME}-{monitor.name}"),
            "AlarmDescription": monitor.description,
            "Namespace": _NAMESPACE,
            "MetricName": monitor.logical_id,
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": monitor.threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [topic],
        },
    )
