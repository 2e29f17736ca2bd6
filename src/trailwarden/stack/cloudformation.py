"""A CloudFormation template as a stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import DefinitionError, Location, UnsupportedAlarmError
from trailwarden.stack.alarms import composite_alarm, metric_alarm, runnable_composites
from trailwarden.stack.filters import metric_filter_of, reason_not_to_run
from trailwarden.stack.findings import Findings
from trailwarden.stack.intrinsics import Resolver
from trailwarden.stack.links import link_notes
from trailwarden.stack.model import (
    Companion,
    Lifetime,
    LogGroup,
    MetricFilter,
    NotRun,
    Stack,
    Subscription,
    Topic,
    TopicPolicy,
    Trail,
)
from trailwarden.stack.parameters import Parameters
from trailwarden.stack.resource import Resource
from trailwarden.stack.resources import ResourceLoader
from trailwarden.stack.source import read_template
from trailwarden.stack.template import template_of
from trailwarden.stack.topics import (
    inline_subscriptions,
    subscription_of,
    topic_of,
    topic_policy_of,
)
from trailwarden.stack.trails import log_group_of, trail_of


def load_template(text: str, source: str, name: str, given: Mapping[str, str]) -> Stack:
    """The stack that a template's ``text`` defines.

    ``source`` is shown in messages, ``name`` is the stack's name unless the parameter
    AWS::StackName gives another, and ``given`` are values of parameters. Raises
    :class:`~trailwarden.errors.DefinitionError`: one, or a
    :class:`~trailwarden.errors.DefinitionErrors` with all that were found.
    """
    findings = Findings(source)
    template = template_of(read_template(text, source))
    parameters = Parameters(template, given, name, findings)
    # Without the parameters everything else would seem to be wrong as well.
    findings.raise_errors()
    loader = _StackLoader(findings)
    resources = ResourceLoader(Resolver(template, parameters), findings)
    for resource in resources.load():
        with findings.collect():
            loader.add(resource)
    findings.raise_errors()
    loader.companions += resources.companions()
    if template.document.has_aliases:
        findings.note(
            "yaml-aliases",
            "the template uses YAML aliases, which CloudFormation itself refuses: deploy it with "
            "aws cloudformation package, which writes them out",
            Location(source),
        )
    return loader.stack(parameters, source)


@dataclass
class _StackLoader:
    """Collects definitions in the order of the template."""

    findings: Findings
    trails: list[Trail] = field(default_factory=list)
    log_groups: list[LogGroup] = field(default_factory=list)
    metric_filters: list[MetricFilter] = field(default_factory=list)
    alarms: list[MetricAlarm] = field(default_factory=list)
    composites: dict[str, tuple[CompositeAlarm, Resource]] = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)
    topic_policies: list[TopicPolicy] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    locations: dict[tuple[str, str], Location] = field(default_factory=dict)
    lifetimes: dict[tuple[str, str], Lifetime] = field(default_factory=dict)
    names: dict[tuple[str, str, str], Location] = field(default_factory=dict)
    alarms_not_run: set[str] = field(default_factory=set)

    def add(self, resource: Resource) -> None:
        """Raises DefinitionError for what its service would refuse."""
        match resource.type:
            case "AWS::Logs::MetricFilter":
                self._add_filter(resource)
            case "AWS::CloudWatch::Alarm":
                self._add_alarm(resource)
            case "AWS::CloudWatch::CompositeAlarm":
                self._add_composite(resource)
            case "AWS::Logs::LogGroup":
                self.log_groups.append(log_group_of(resource))
                self._place_kept("LogGroup", resource)
            case "AWS::CloudTrail::Trail":
                self.trails.append(trail_of(resource))
                self._place_kept("Trail", resource)
            case "AWS::SNS::Topic":
                self.topics.append(topic_of(resource))
                self.subscriptions += inline_subscriptions(resource)
                self._place_kept("Topic", resource)
            case "AWS::SNS::TopicPolicy":
                self.topic_policies.append(topic_policy_of(resource))
            case "AWS::SNS::Subscription":
                self.subscriptions.append(subscription_of(resource))

    def stack(self, parameters: Parameters, source: str) -> Stack:
        """The whole, its parts checked against each other."""
        composites = runnable_composites(
            self.composites,
            [alarm.alarm_name for alarm in self.alarms],
            self.alarms_not_run,
            self.findings,
        )
        self.findings.raise_errors()
        account = parameters.text("AWS::AccountId")
        stack = Stack(
            name=parameters.text("AWS::StackName").text,
            source=source,
            trails=tuple(self.trails),
            log_groups=tuple(self.log_groups),
            metric_filters=tuple(self.metric_filters),
            alarms=tuple(self.alarms),
            composite_alarms=composites,
            topics=tuple(self.topics),
            topic_policies=tuple(self.topic_policies),
            subscriptions=tuple(self.subscriptions),
            not_run=tuple(self.findings.not_run),
            region=parameters.text("AWS::Region").text,
            account=None if account.unknown else account.text,
            locations=self.locations,
            companions=tuple(self.companions),
            lifetimes=self.lifetimes,
        )
        return replace(stack, notes=(*self.findings.notes, *link_notes(stack)))

    def _add_filter(self, resource: Resource) -> None:
        reason = reason_not_to_run(resource)
        if reason:
            self._not_run(resource, reason)
            return
        metric_filter = metric_filter_of(resource)
        self._claim(resource, "metric filter", "FilterName", metric_filter.log_group_name)
        self.metric_filters.append(metric_filter)
        self._place("MetricFilter", resource)

    def _add_alarm(self, resource: Resource) -> None:
        self._claim(resource, "alarm", "AlarmName")
        try:
            self.alarms.append(metric_alarm(resource))
        except UnsupportedAlarmError as error:
            self.alarms_not_run.add(resource.name)
            self._not_run(resource, error.message)
            return
        self._place("Alarm", resource)

    def _add_composite(self, resource: Resource) -> None:
        self._claim(resource, "alarm", "AlarmName")
        self.composites[resource.name] = (composite_alarm(resource), resource)
        self._place("Alarm", resource)

    def _claim(self, resource: Resource, kind: str, name_property: str, scope: str = "") -> None:
        """A name may be used once: by an alarm, or by a metric filter of one log group."""
        first = self.names.setdefault((kind, scope, resource.name), resource.location)
        if first != resource.location:
            raise DefinitionError(
                f"another {kind} has the name {resource.name!r}: {first}",
                location=resource.place_of(name_property),
                cure="give them different names",
            )

    def _place(self, kind: str, resource: Resource) -> None:
        self.locations.setdefault((kind, resource.name), resource.location)

    def _place_kept(self, kind: str, resource: Resource) -> None:
        """Evidence, and the way to people: how long it lives matters."""
        self._place(kind, resource)
        self.lifetimes.setdefault((kind, resource.name), resource.lifetime)

    def _not_run(self, resource: Resource, reason: str) -> None:
        self.findings.not_run.append(
            NotRun(resource.logical_id, resource.type, reason, resource.location)
        )
