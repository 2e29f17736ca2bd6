"""The resources of a template: which exist, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trailwarden.errors import DefinitionError
from trailwarden.stack.companions import KEPT, companion_of, lifetime_of
from trailwarden.stack.findings import Findings
from trailwarden.stack.intrinsics import Resolver, TransformedError
from trailwarden.stack.loops import expand
from trailwarden.stack.model import Companion, NotRun
from trailwarden.stack.nodes import Entries, Entry, Items, Mark, Node, Scalar
from trailwarden.stack.properties import Place, PropertyReader
from trailwarden.stack.reasons import reason_for, slip_for
from trailwarden.stack.resource import Resource
from trailwarden.stack.shapes import SHAPES
from trailwarden.stack.template import (
    CONNECTORS,
    LANGUAGE_EXTENSIONS,
    TRANSFORM,
    as_entries,
    did_you_mean,
    null_error,
    wrong_kind,
)
from trailwarden.stack.unknown import UnknownValueError

ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_ATTRIBUTES = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type",
    "UpdatePolicy", "UpdateReplacePolicy",
)  # fmt: skip
# Attributes that SAM takes away before CloudFormation sees the resource.
_SERVERLESS_ATTRIBUTES = (CONNECTORS, "IgnoreGlobals")
# Whether these exist decides what a run finds, so that it must be known: of alarms, where a filter
# here publishes their metric.
_DECISIVE = ("AWS::Logs::MetricFilter", *ALARMS)


class ResourceLoader:
    """Goes through the resources in order. Errors and remarks go to ``findings``."""

    def __init__(self, resolver: Resolver, findings: Findings) -> None:
        self._resolver = resolver
        self._document = resolver.document
        self._findings = findings
        self._reader = PropertyReader(self._document, resolver.parameters, findings)
        self._beside: list[tuple[str, str, Entry]] = []

    def load(self) -> Iterator[Resource]:
        """The resources that are to be run."""
        self._note_transforms()
        resources = self._resolver.resources = self._expanded()
        for logical_id, entry in resources.items():
            with self._findings.collect():
                resource = self._resource(logical_id, entry)
                if resource is not None:
                    yield resource

    def companions(self) -> Iterator[Companion]:
        """Those of the resources that :meth:`load` went by, which therefore comes first: the limits
        of a template's size are for what is run.
        """
        for logical_id, resource_type, entry in self._beside:
            found = companion_of(self._resolver, self._findings, logical_id, resource_type, entry)
            if found is not None:
                yield found

    def _expanded(self) -> Mapping[str, Entry]:
        """The resources, loops expanded."""
        resources = dict(self._resolver.template.resources)
        macro = resources.pop(TRANSFORM, None)
        if macro is not None:
            self._not_run(TRANSFORM, TRANSFORM, macro, "macros are not run")
        made: dict[str, Entry] = {}
        for name, entry in resources.items():
            with self._findings.collect():
                try:
                    found = expand(self._resolver, {name: entry}, "Resources")
                except UnknownValueError as error:
                    if _decides(entry.value):
                        raise
                    self._not_run(name, "Fn::ForEach", entry, error.message)
                    self._resolver.makes_more = True
                    continue
                for twice in made.keys() & found.keys():
                    self._findings.errors.append(
                        self._document.error(
                            entry.key_mark,
                            f"Resources.{twice}",
                            f"the key {twice!r} is given twice",
                            "let the loop's key hold the identifier",
                        )
                    )
                made |= found
        return made

    def _note_transforms(self) -> None:
        for transform in self._resolver.template.transforms:
            if transform.text != LANGUAGE_EXTENSIONS:
                entry = Entry(transform.mark, transform)
                reason = "transforms are not run: give the processed template"
                self._not_run(transform.text, "Transform", entry, reason)
        for name, entry in self._resolver.template.unread:
            self._findings.note(
                "section-not-read",
                f"{name} is no section of CloudFormation's, and was not looked at: it may be a "
                "macro's, which is not run",
                self._document.location(entry.key_mark, name),
            )

    def _resource(self, logical_id: str, entry: Entry) -> Resource | None:
        path = f"Resources.{logical_id}"
        body = as_entries(self._document, entry.value, path)
        if TRANSFORM in body.entries or (self._has_macros and body.get("Type") is None):
            self._not_run(logical_id, TRANSFORM, entry, "macros are not run")
            return None
        resource_type, mark = self._type(body, entry, path)
        if resource_type not in SHAPES:
            if meant := slip_for(resource_type, SHAPES):
                raise self._document.error(
                    mark,
                    f"{path}.Type",
                    f"there is no resource type {resource_type[:100]!r}",
                    f"did you mean {meant!r}?",
                )
            if logical_id not in self._resolver.nested_stacks:
                self._not_run(logical_id, resource_type, entry, reason_for(resource_type))
            if resource_type in KEPT:
                self._beside.append((logical_id, resource_type, entry))
            return None
        for name, attribute in body.entries.items():
            if not self._is_attribute(name):
                with self._findings.collect():
                    raise self._document.error(
                        attribute.key_mark,
                        f"{path}.{name}",
                        f"a resource has no attribute {name[:255]!r}",
                        did_you_mean(name, _ATTRIBUTES) or "move it into Properties, or remove it",
                    )
        exists, doubt = self._exists(body, resource_type, logical_id)
        return self._read(body, resource_type, logical_id, entry, doubt) if exists else None

    @property
    def _has_macros(self) -> bool:
        return self._resolver.template.has_macros

    def _is_attribute(self, name: str) -> bool:
        """Whether a resource of the template may have the attribute."""
        template = self._resolver.template
        by_transform = template.is_serverless and name in _SERVERLESS_ATTRIBUTES
        return name in _ATTRIBUTES or by_transform or template.has_macros

    def _type(self, body: Entries, entry: Entry, path: str) -> tuple[str, Mark]:
        node = body.get("Type")
        if isinstance(node, Scalar):
            return node.text, node.mark
        if node is not None:
            raise wrong_kind(self._document, node, f"{path}.Type", "a string")
        raise self._document.error(
            entry.key_mark,
            path,
            "the resource has no Type",
            "add one, such as Type: AWS::Logs::MetricFilter",
        )

    def _exists(
        self, body: Entries, resource_type: str, logical_id: str
    ) -> tuple[bool, UnknownValueError | None]:
        """Whether the resource's condition, if it has one, holds; for alarms, a doubt about it."""
        condition = body.get("Condition")
        if condition is None:
            return True, None
        path = f"Resources.{logical_id}.Condition"
        if not isinstance(condition, Scalar):
            raise wrong_kind(self._document, condition, path, "the name of a condition")
        truth = self._resolver.conditions.named(condition.text, condition.mark, path)
        if truth.value is not None:
            return truth.value, None
        unknown = ", ".join(truth.unknown)
        place = self._document.location(condition.mark, path)
        doubt = UnknownValueError(
            f"whether it exists depends on {unknown}, which has no value before deployment",
            names=truth.unknown,
            location=place,
            cure=self._resolver.parameters.cure(truth.unknown),
        )
        if resource_type in ALARMS:
            return True, doubt
        if resource_type in _DECISIVE:
            raise doubt
        self._findings.note(
            "unknown-condition",
            f"{logical_id} is taken to exist: its condition {condition.text} depends on {unknown}, "
            "which has no value before deployment",
            place,
        )
        return True, None

    def _read(
        self,
        body: Entries,
        resource_type: str,
        logical_id: str,
        entry: Entry,
        doubt: UnknownValueError | None,
    ) -> Resource | None:
        path = f"Resources.{logical_id}.Properties"
        node = body.get("Properties")
        place = entry.key_mark
        if isinstance(node, Scalar) and node.kind == "null":
            raise null_error(self._document, node.mark, path)
        if node is None:
            node = Entries({}, place)
        try:
            nodes, unresolved = self._resolved(node, path)
        except TransformedError as error:
            self._not_run(logical_id, resource_type, entry, error.message)
            return None
        shape, where = SHAPES[resource_type], Place(place, path, logical_id)
        properties, faults = self._reader.read(shape, nodes, where)
        if unresolved or (faults and resource_type not in _DECISIVE):
            self._findings.errors += unresolved.values()
            self._findings.errors += [fault for fault in faults if _key(fault) not in unresolved]
            return None
        name, arn = self._resolver.references.identity(logical_id, place)
        return Resource(
            self._document,
            logical_id,
            resource_type,
            place,
            nodes,
            properties,
            name,
            arn,
            lifetime_of(self._resolver, body, f"Resources.{logical_id}"),
            tuple(faults),
            doubt,
        )

    def _resolved(self, node: Node, path: str) -> tuple[Entries, Mapping[str, DefinitionError]]:
        """The properties without functions, and by their paths those that cannot be worked out."""
        if not isinstance(node, Entries) or any(name.startswith("Fn::") for name in node.entries):
            found = self._resolver.resolve(node, path)
            return as_entries(self._document, found or Entries({}, node.mark), path), {}
        kept: dict[str, Entry] = {}
        errors: dict[str, DefinitionError] = {}
        for name, entry in node.entries.items():
            place = f"{path}.{name}"
            try:
                value = self._resolver.resolve(entry.value, place)
            except TransformedError:
                raise
            except DefinitionError as error:
                errors[place] = error
                continue
            if value is not None:
                kept[name] = Entry(entry.key_mark, value)
        return Entries(kept, node.mark), errors

    def _not_run(self, name: str, kind: str, entry: Entry, reason: str) -> None:
        key = kind if kind == "Transform" else f"Resources.{name}"
        location = self._document.location(entry.key_mark, key)
        self._findings.not_run.append(NotRun(name, kind, reason, location))


def _key(error: DefinitionError) -> str:
    return (error.location and error.location.key) or ""


def _decides(node: Node) -> bool:
    """Whether a resource somewhere in the node decides what a run finds."""
    if isinstance(node, Items):
        return any(map(_decides, node.items))
    if isinstance(node, Scalar):
        return False
    kind = node.get("Type")
    is_decisive = isinstance(kind, Scalar) and kind.text in _DECISIVE
    return is_decisive or any(_decides(entry.value) for entry in node.entries.values())
