"""The resources of a template: which exist, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trailwarden.stack.companions import KEPT, companion_of, lifetime_of
from trailwarden.stack.findings import Findings
from trailwarden.stack.intrinsics import Resolver, TransformedError
from trailwarden.stack.loops import expand
from trailwarden.stack.model import Companion, NotRun
from trailwarden.stack.nodes import Entries, Entry, Mark, Scalar
from trailwarden.stack.properties import Place, PropertyReader
from trailwarden.stack.reasons import reason_for, slip_for
from trailwarden.stack.resource import Resource
from trailwarden.stack.shapes import SHAPES
from trailwarden.stack.template import (
    LANGUAGE_EXTENSIONS,
    as_entries,
    did_you_mean,
    null_error,
    wrong_kind,
)

_ATTRIBUTES = (
    "Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type",
    "UpdatePolicy", "UpdateReplacePolicy",
)  # fmt: skip
_TRANSFORM = "Fn::Transform"
# Whether these exist decides what a run finds, so that it must be known.
_DECISIVE = ("AWS::Logs::MetricFilter", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")


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
        resources: Mapping[str, Entry] = {}
        with self._findings.collect():
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
        macro = resources.pop(_TRANSFORM, None)
        if macro is not None:
            self._not_run(_TRANSFORM, _TRANSFORM, macro, "macros are not run")
        return expand(self._resolver, resources, "Resources")

    def _note_transforms(self) -> None:
        for transform in self._resolver.template.transforms:
            if transform.text != LANGUAGE_EXTENSIONS:
                entry = Entry(transform.mark, transform)
                reason = "transforms are not run: give the processed template"
                self._not_run(transform.text, "Transform", entry, reason)

    def _resource(self, logical_id: str, entry: Entry) -> Resource | None:
        path = f"Resources.{logical_id}"
        body = as_entries(self._document, entry.value, path)
        resource_type, mark = self._type(body, entry, path)
        if resource_type not in SHAPES:
            if meant := slip_for(resource_type, SHAPES):
                raise self._document.error(
                    mark,
                    f"{path}.Type",
                    f"there is no resource type {resource_type[:100]!r}",
                    f"did you mean {meant!r}?",
                )
            self._not_run(logical_id, resource_type, entry, reason_for(resource_type))
            if resource_type in KEPT:
                self._beside.append((logical_id, resource_type, entry))
            return None
        for name, attribute in body.entries.items():
            if name not in _ATTRIBUTES:
                raise self._document.error(
                    attribute.key_mark,
                    f"{path}.{name}",
                    f"a resource has no attribute {name[:255]!r}",
                    did_you_mean(name, _ATTRIBUTES) or "move it into Properties, or remove it",
                )
        if not self._exists(body, resource_type, logical_id):
            return None
        return self._read(body, resource_type, logical_id, entry)

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

    def _exists(self, body: Entries, resource_type: str, logical_id: str) -> bool:
        """Whether the resource's condition, if it has one, holds."""
        condition = body.get("Condition")
        if condition is None:
            return True
        path = f"Resources.{logical_id}.Condition"
        if not isinstance(condition, Scalar):
            raise wrong_kind(self._document, condition, path, "the name of a condition")
        truth = self._resolver.conditions.named(condition.text, condition.mark, path)
        if truth.value is not None:
            return truth.value
        unknown = ", ".join(truth.unknown)
        if resource_type in _DECISIVE:
            raise self._document.error(
                condition.mark,
                path,
                f"whether it exists depends on {unknown}, which has no value before deployment",
                self._resolver.parameters.cure(truth.unknown),
            )
        self._findings.note(
            "unknown-condition",
            f"{logical_id} is taken to exist: its condition {condition.text} depends on {unknown}, "
            "which has no value before deployment",
            self._document.location(condition.mark, path),
        )
        return True

    def _read(
        self, body: Entries, resource_type: str, logical_id: str, entry: Entry
    ) -> Resource | None:
        path = f"Resources.{logical_id}.Properties"
        node = body.get("Properties")
        place = entry.key_mark
        if isinstance(node, Scalar) and node.kind == "null":
            raise null_error(self._document, node.mark, path)
        if node is None:
            node = Entries({}, place)
        try:
            nodes = self._resolver.resolve(node, path)
            name, arn = self._resolver.references.identity(logical_id, place)
        except TransformedError as error:
            self._not_run(logical_id, resource_type, entry, error.message)
            return None
        if nodes is None:
            nodes = Entries({}, place)
        nodes = as_entries(self._document, nodes, path)
        properties = self._reader.read(SHAPES[resource_type], nodes, Place(place, path, logical_id))
        if properties is None:
            return None
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
        )

    def _not_run(self, name: str, kind: str, entry: Entry, reason: str) -> None:
        key = kind if kind == "Transform" else f"Resources.{name}"
        location = self._document.location(entry.key_mark, key)
        self._findings.not_run.append(NotRun(name, kind, reason, location))
