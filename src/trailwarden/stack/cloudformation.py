"""A CloudFormation template as a stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.errors import (
    DefinitionError,
    DefinitionErrors,
    Location,
    UnsupportedAlarmError,
)
from trailwarden.stack.alarms import (
    composite_alarm,
    metric_alarm,
    references_of,
    runnable_composites,
    watched_metric,
)
from trailwarden.stack.filters import metric_filter_of, metrics_of, reason_not_to_run
from trailwarden.stack.findings import ALARM_REFUSED, DUPLICATE_KEY, Findings
from trailwarden.stack.formats import foreign_format
from trailwarden.stack.intrinsics import Resolver
from trailwarden.stack.limits import MAX_NESTED
from trailwarden.stack.links import link_notes
from trailwarden.stack.links_between import Between, Member
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
from trailwarden.stack.nested import nested_of
from trailwarden.stack.nodes import Document
from trailwarden.stack.parameters import Parameters
from trailwarden.stack.resource import Resource
from trailwarden.stack.resources import ResourceLoader
from trailwarden.stack.source import read_template
from trailwarden.stack.template import Template, template_of
from trailwarden.stack.topics import (
    inline_subscriptions,
    subscription_of,
    topic_of,
    topic_policy_of,
)
from trailwarden.stack.trails import log_group_of, trail_of
from trailwarden.stack.unknown import UnknownValueError
from trailwarden.stack.wrappings import unwrapped


class TemplateText(NamedTuple):
    """A template's ``text``, of the file (or other place) ``source``, deployed as ``name``.

    ``folder`` is where the templates of its nested stacks are looked for; None to leave them.
    """

    text: str
    source: str
    name: str
    folder: Path | None = None


def load_template(text: str, source: str, name: str, given: Mapping[str, str]) -> Stack:
    """The stack that a template's ``text`` defines.

    ``source`` is shown in messages, ``name`` is the stack's name unless the parameter
    AWS::StackName gives another, and ``given`` are values of parameters. Raises
    :class:`~trailwarden.errors.DefinitionError`: one, or a
    :class:`~trailwarden.errors.DefinitionErrors` with all that were found.
    """
    return load_templates([TemplateText(text, source, name)], given)


def load_templates(texts: Sequence[TemplateText], given: Mapping[str, str]) -> Stack:
    """As load_template, for several templates that are one stack: what one says of another is
    followed, through exports, outputs and the parameters that they feed.
    """
    findings = Findings(", ".join(text.source for text in texts))
    members = _members(texts, given, findings)
    if len(members) < len(texts):  # what refers to a template that could not be read is no mistake
        findings.raise_errors()
    loader = _StackLoader(findings)
    loaders = [ResourceLoader(member.resolver, findings) for member in members]
    for resources in loaders:
        for resource in resources.load():
            with findings.collect():
                loader.add(resource)
    loader.judge_alarms()
    findings.forget_unknown({name for one in members for name in one.resolver.parameters.wrong})
    findings.raise_errors()
    loader.companions += [one for resources in loaders for one in resources.companions()]
    for member in members:
        _note_document(member.resolver.document, findings)
    named = "+".join(text.name for text in texts)
    return loader.stack(members[0].resolver.parameters, texts[0].source, named, len(texts) > 1)


def _members(
    texts: Sequence[TemplateText], given: Mapping[str, str], findings: Findings
) -> list[Member]:
    """The templates, each with what it needs to be worked out."""
    templates: list[tuple[TemplateText, Template]] = []
    for text in texts:
        with findings.collect():
            templates.append((text, _read(text.text, text.source)))
    between = Between(findings)
    known = {name for _, template in templates for name in template.parameters}
    names: set[str] = set()
    for text, template in templates:
        name = next(one for one in _numbered(text.name) if one not in names)
        names.add(name)
        # A name that no template has is told once.
        elsewhere = known if between.members == [] else {*known, *given}
        parameters = Parameters(template, given, name, findings, elsewhere)
        member = _member(template, parameters, between, name)
        if template.document.place is None:
            _add_nested(member, text.folder, between, findings, 0)
    if len(between.members) == 1:
        between.members[0].resolver.between = None
    return between.members


def _member(template: Template, parameters: Parameters, between: Between, name: str) -> Member:
    resolver = Resolver(template, parameters)
    resolver.between = between
    parameters.feed = lambda asked, mark, has_default: between.parameter(
        resolver, asked, mark, has_default=has_default
    )
    between.members.append(Member(resolver, name))
    return between.members[-1]


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}-{number}"


def _note_document(document: Document, findings: Findings) -> None:
    for twice in document.duplicates:
        findings.note(
            DUPLICATE_KEY,
            f"the key {twice.path.rpartition('.')[2]!r} is given twice, first at line "
            f"{twice.first.line}: CloudFormation takes the last",
            document.location(twice.mark, twice.path),
        )
    if document.has_aliases:
        findings.note(
            "yaml-aliases",
            "the template uses YAML aliases, which CloudFormation itself refuses: deploy it with "
            "aws cloudformation package, which writes them out",
            Location(document.source),
        )


def _add_nested(
    member: Member, folder: Path | None, between: Between, findings: Findings, depth: int
) -> None:
    """The templates of the nested stacks that are found beside their parent."""
    for nested in nested_of(member.resolver, folder, findings):
        with findings.collect():
            if nested.document is not None:
                template = template_of(nested.document)
            else:
                template = _read(nested.text, nested.source)
            name = f"{member.name}-{nested.logical_id}"
            pseudo = {k: v for k, v in member.resolver.parameters.given.items() if "::" in k}
            parameters = Parameters(template, pseudo, name, findings)
            child = _member(template, parameters, between, name)
            child.parent, child.path = member.resolver, nested.logical_id
            child.fed = nested.parameters
            member.resolver.nested_stacks.add(nested.logical_id)
            if depth < MAX_NESTED:
                _add_nested(child, nested.folder, between, findings, depth + 1)


def _read(text: str, source: str) -> Template:
    """The template, out of what the AWS CLI may have put around it; other formats are named."""
    try:
        return template_of(unwrapped(read_template(text, source)))
    except DefinitionError:
        found = foreign_format(text, source)
        if found is None:
            raise
        raise DefinitionError(
            f"this is {found.name}, and no CloudFormation template",
            location=Location(source),
            cure=found.cure,
        ) from None


def _template_at(location: Location) -> tuple[str, str]:
    """The template that a place is in: its file, and the text in that file for a stack set's."""
    return location.source, (location.key or "").rpartition(": ")[0]


_NAMED_ONCE = (
    "AWS::CloudTrail::Trail",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::SNS::Topic",
)


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
    published: set[tuple[str, str]] = field(default_factory=set)
    waiting: list[Resource] = field(default_factory=list)
    seen: dict[tuple[str, str, str], Location] = field(default_factory=dict)

    def add(self, resource: Resource) -> None:
        """Raises DefinitionError for what its service would refuse."""
        if self._is_second(resource):
            return
        match resource.type:
            case "AWS::Logs::MetricFilter":
                self._add_filter(resource)
            case "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm":
                self.waiting.append(resource)
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

    def _is_second(self, resource: Resource) -> bool:
        """Whether another template of the stack has a resource of this type and name: the first one
        counts, as AWS refuses to make the second.
        """
        kind = resource.type
        if kind in ("AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Alarm"):
            kind = "AWS::CloudWatch::Alarm"
        elif kind not in _NAMED_ONCE:
            return False
        scope = resource.read.text("LogGroupName") if kind == "AWS::Logs::MetricFilter" else ""
        key = (kind, scope or "", resource.name)
        first = self.seen.setdefault(key, resource.location)
        if _template_at(first) == _template_at(resource.location):
            return False
        self.findings.note(
            "defined-twice",
            f"{resource.name!r} is defined in {first} as well: AWS makes only one in an account "
            "and Region, and the first is taken",
            resource.location,
        )
        return True

    def judge_alarms(self) -> None:
        """The alarms, which come after all filters: what an alarm on another metric than theirs
        says decides nothing, as it never fires here.
        """
        composite = "AWS::CloudWatch::CompositeAlarm"
        for resource in sorted(self.waiting, key=lambda one: one.type == composite):
            with self.findings.collect():
                if resource.type == composite:
                    self._add_composite(resource)
                else:
                    self._add_alarm(resource)

    def stack(self, parameters: Parameters, source: str, name: str, is_merged: bool) -> Stack:
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
            name=name if is_merged else parameters.text("AWS::StackName").text,
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
        self.published.update(metrics_of(resource))
        reason = reason_not_to_run(resource)
        if reason:
            self._not_run(resource, reason)
            return
        metric_filter = metric_filter_of(resource)
        self._claim(resource, "metric filter", "FilterName", metric_filter.log_group_name)
        self.metric_filters.append(metric_filter)
        self._place("MetricFilter", resource)

    def _add_alarm(self, resource: Resource) -> None:
        decides = watched_metric(resource) in self.published
        if resource.doubt is not None:
            if decides:
                raise resource.doubt
            if self._is_taken(resource, "alarm"):
                self._not_run(resource, "another alarm has its name, and it may not exist")
                return
            self.findings.note(
                "unknown-condition",
                f"{resource.logical_id} is taken to exist: {resource.doubt.message}; no metric "
                "filter here publishes its metric, so that it never fires",
                resource.doubt.location,
            )
        self._claim(resource, "alarm", "AlarmName")
        try:
            self.alarms.append(metric_alarm(resource))
        except UnsupportedAlarmError as error:
            self._leave_out(resource, error.message)
            return
        except DefinitionError as error:
            if decides:
                raise
            self._remark_on(resource, error)
            return
        self._place("Alarm", resource)

    def _leave_out(self, resource: Resource, reason: str) -> None:
        self.alarms_not_run.add(resource.name)
        self._not_run(resource, reason)

    def _remark_on(self, resource: Resource, error: DefinitionError) -> None:
        """An alarm that never fires here and cannot be read stops nobody."""
        errors = error.errors if isinstance(error, DefinitionErrors) else (error,)
        for one in errors:
            if isinstance(one, UnknownValueError):
                self.findings.note("unknown-value", one.message, one.location)
            else:
                self.findings.note(
                    ALARM_REFUSED,
                    f"CloudWatch would refuse the alarm {resource.name!r}: {one.message}",
                    one.location,
                )
        self._leave_out(
            resource, f"{errors[0].message}; no metric filter here publishes its metric"
        )

    def _is_taken(self, resource: Resource, kind: str) -> bool:
        return (kind, "", resource.name) in self.names

    def _add_composite(self, resource: Resource) -> None:
        if resource.doubt is not None:
            self._doubt_composite(resource, resource.doubt)
        self._claim(resource, "alarm", "AlarmName")
        self.composites[resource.name] = (composite_alarm(resource), resource)
        self._place("Alarm", resource)

    def _doubt_composite(self, resource: Resource, doubt: UnknownValueError) -> None:
        """Whether a composite alarm exists matters where it may fire."""
        names = references_of(composite_alarm(resource))
        firing = {
            a.alarm_name for a in self.alarms if (a.namespace, a.metric_name) in self.published
        }
        if not firing.isdisjoint(names):
            raise doubt
        self.findings.note(
            "unknown-condition",
            f"{resource.logical_id} is taken to exist: {doubt.message}; none of its alarms watches "
            "a metric of the filters here",
            doubt.location,
        )

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
