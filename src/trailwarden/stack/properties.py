"""Properties of a resource as plain values of the types that its shape demands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from trailwarden.alarms.scalars import Properties
from trailwarden.errors import AlarmConfigurationError, DefinitionError
from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Document, Entries, Items, Mark, Node, Scalar, unknown_in
from trailwarden.stack.parameters import Parameters
from trailwarden.stack.plain import PlainValue, plain
from trailwarden.stack.shapes import Kind, ListOf, PropertyType, Shape
from trailwarden.stack.template import did_you_mean, null_error, wrong_kind
from trailwarden.stack.unknown import UnknownValueError

_READERS: dict[Kind, Callable[[Properties, str], PlainValue]] = {
    Kind.INTEGER: lambda read, name: read.integer(name),
    Kind.NUMBER: lambda read, name: read.number(name),
    Kind.FLAG: lambda read, name: read.flag(name, default=False),
}
# Texts that must say something, and the parts of dimensions.
_NEVER_EMPTY = frozenset(
    {
        *("AlarmActions", "InsufficientDataActions", "OKActions", "AlarmRule"),
        *("ComparisonOperator", "ExtendedStatistic", "Statistic", "TreatMissingData", "Unit"),
        *("DatapointsToAlarm", "EvaluationPeriods", "Period", "Threshold", "DefaultValue"),
        *("MetricName", "MetricNamespace", "MetricValue", "Namespace"),
        *("Key", "Name", "Value", "LogGroupName", "RetentionInDays", "S3BucketName"),
        *("Protocol", "Endpoint", "TopicArn", "Topics", "ActionsSuppressor"),
    }
)


def _is_unknown(property_type: PropertyType, node: Node) -> bool:
    """Whether the value is, or for an object a part of it."""
    if isinstance(property_type, Shape):
        return bool(unknown_in(node))
    return isinstance(node, Scalar) and bool(node.unknown)


class Place(NamedTuple):
    """Where something stands: its mark, the path to it, and its own name."""

    mark: Mark
    path: str
    name: str


class PropertyReader:
    """Reads nodes whose functions are worked out. Remarks go to ``findings``."""

    def __init__(self, document: Document, parameters: Parameters, findings: Findings) -> None:
        self._document = document
        self._parameters = parameters
        self._remarks = findings
        self._findings = findings

    def read(
        self, shape: Shape, node: Entries, place: Place
    ) -> tuple[dict[str, PlainValue], list[DefinitionError]]:
        """The members by name, and what is wrong with those that are missing there."""
        self._findings = Findings(self._document.source)
        values: dict[str, PlainValue] = {}
        with self._findings.collect():
            values = self._object(shape, node, place)
        return values, self._findings.errors

    def _object(self, shape: Shape, node: Node, place: Place) -> dict[str, PlainValue]:
        if not isinstance(node, Entries):
            raise self._wrong(node, place, "an object")
        values: dict[str, PlainValue] = {}
        for name, entry in node.entries.items():
            with self._findings.collect():
                property_type = shape.members.get(name)
                inner = Place(entry.key_mark, f"{place.path}.{name}", name)
                if property_type is None:
                    raise self._document.error(
                        entry.key_mark,
                        inner.path,
                        f"there is no property {name[:255]!r} here",
                        did_you_mean(name, shape.members)
                        or f"the properties are {', '.join(shape.members)}",
                    )
                if name in shape.assumed and _is_unknown(property_type, entry.value):
                    values |= self._assumed(shape.assumed[name], entry.value, inner)
                    continue
                values[name] = self._value(property_type, entry.value, inner)
        for name in shape.required:
            if name not in node.entries:
                with self._findings.collect():
                    raise self._document.error(
                        place.mark, f"{place.path}.{name}", f"{name} is required", "add it"
                    )
        return values

    def _assumed(self, value: bool | None, node: Node, place: Place) -> dict[str, PlainValue]:
        """What decides nothing about an alarm may stay unknown."""
        taken = "is left out" if value is None else f"is taken to be {str(value).lower()}"
        self._remarks.note(
            "unknown-value",
            f"{place.name} {taken}: it depends on {', '.join(unknown_in(node))}, which has no "
            "value before deployment",
            self._document.location(node.mark, place.path),
        )
        return {} if value is None else {place.name: value}

    def _value(self, property_type: PropertyType, node: Node, place: Place) -> PlainValue:
        if isinstance(node, Scalar) and node.kind == "null":
            raise null_error(self._document, node.mark, place.path)
        if isinstance(property_type, Shape):
            return dict(self._object(property_type, node, place))
        if isinstance(property_type, ListOf):
            return self._list(property_type, node, place)
        if property_type is Kind.JSON:
            return plain(node)
        if not isinstance(node, Scalar):
            raise self._wrong(node, place, property_type.value)
        if node.default_of and not node.text and place.name in _NEVER_EMPTY:
            node = self._replaced(node, place)
        if property_type is not Kind.TEXT and node.unknown:
            raise self._must_be_known(node, place)
        if property_type in (Kind.TEXT, Kind.KNOWN):
            if node.kind == "octal":
                self._parameters.note_octal(node, place.path)
            return node.text
        try:
            return _READERS[property_type](Properties({place.name: node.text}), place.name)
        except AlarmConfigurationError as error:
            raise self._document.error(node.mark, place.path, error.message, error.cure) from None

    def _replaced(self, node: Scalar, place: Place) -> Scalar:
        """An empty default where AWS takes no empty text is there to be replaced."""
        name = node.default_of
        self._remarks.note(
            "empty-default",
            f"{place.name} is the empty default of the parameter {name}, which must be replaced: "
            "its value is not known before deployment",
            self._document.location(node.mark, place.path),
        )
        return Scalar(f"${{{name}}}", node.mark, unknown=(name,))

    def _list(self, property_type: ListOf, node: Node, place: Place) -> PlainValue:
        if isinstance(node, Items):
            found = []
            for position, item in enumerate(node.items):
                with self._findings.collect():
                    path = f"{place.path}[{position}]"
                    found.append(
                        self._value(property_type.item, item, Place(item.mark, path, place.name))
                    )
            return found
        if isinstance(node, Scalar) and node.unknown:
            if property_type.item is not Kind.TEXT:
                raise self._must_be_known(node, place)
            return [node.text]  # a list parameter without a value, say: one token for all of it
        raise self._wrong(node, place, "a list")

    def _wrong(self, node: Node, place: Place, wanted: str) -> DefinitionError:
        return wrong_kind(self._document, node, place.path, wanted)

    def _must_be_known(self, node: Scalar, place: Place) -> DefinitionError:
        return UnknownValueError(
            f"{place.name} must be known here: it depends on {', '.join(node.unknown)}, "
            "which has no value before deployment",
            names=node.unknown,
            location=self._document.location(node.mark, place.path),
            cure=self._parameters.cure(node.unknown),
        )
