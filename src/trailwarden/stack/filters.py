"""``AWS::Logs::MetricFilter``."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.alarms.scalars import Properties
from trailwarden.errors import Location, PatternError, RequestError
from trailwarden.patterns import check_request
from trailwarden.stack.model import MetricFilter, MetricTransformation
from trailwarden.stack.nodes import Entries, Items, Node, Scalar
from trailwarden.stack.resource import Resource

# Properties that only CloudWatch Logs itself can honour, and why a filter with one is not run.
UNSUPPORTED = {
    "ApplyOnTransformedLogs": "log transformers are not run",
    "EmitSystemFieldDimensions": "its dimensions are known only inside CloudWatch Logs",
    "FieldSelectionCriteria": "field selection criteria are not evaluated",
}
_TRANSFORMATIONS = "MetricTransformations"
# Members of a request, and where the template says them.
_PLACES = {"filterName": "FilterName", "filterPattern": "FilterPattern"}
_PARTS = {
    "defaultValue": "DefaultValue",
    "dimensions": "Dimensions",
    "metricName": "MetricName",
    "metricNamespace": "MetricNamespace",
    "metricValue": "MetricValue",
    "unit": "Unit",
}
_STAND_IN = "x"  # for a name that is unknown before deployment


def reason_not_to_run(resource: Resource) -> str:
    """Why the filter cannot be run, or nothing."""
    found = (reason for name, reason in UNSUPPORTED.items() if resource.properties.get(name))
    return next(found, "")


def metric_filter_of(resource: Resource) -> MetricFilter:
    """The metric filter.

    Raises :class:`~trailwarden.errors.PatternError`, and
    :class:`~trailwarden.errors.RequestError` where PutMetricFilter would refuse it.
    """
    transformations = tuple(map(_transformation, resource.read.parts(_TRANSFORMATIONS)))
    text = resource.text("FilterPattern")
    try:
        pattern = check_request(
            {
                "filterName": _STAND_IN
                if _is_unknown(resource.nodes.get("FilterName"))
                else resource.name,
                "filterPattern": text,
                "metricTransformations": [_request(resource, t) for t in transformations],
            }
        )
    except RequestError as error:
        if isinstance(error.__cause__, PatternError):
            raise resource.located(error.__cause__, "FilterPattern") from None
        error.location = _place(resource, error.field)
        raise
    return MetricFilter(
        filter_name=resource.name,
        log_group_name=resource.text("LogGroupName"),
        filter_pattern=text,
        pattern=pattern,
        metric_transformations=transformations,
    )


def _transformation(part: Properties) -> MetricTransformation:
    dimensions = [(d.text("Key") or "", d.text("Value") or "") for d in part.parts("Dimensions")]
    return MetricTransformation(
        metric_namespace=part.text("MetricNamespace") or "",
        metric_name=part.text("MetricName") or "",
        metric_value=part.text("MetricValue") or "",
        default_value=part.number("DefaultValue"),
        dimensions=tuple(dimensions),
        unit=part.text("Unit"),
    )


def _request(resource: Resource, transformation: MetricTransformation) -> Mapping[str, object]:
    """The transformation as the API takes it."""
    names = {
        "metricName": transformation.metric_name,
        "metricNamespace": transformation.metric_namespace,
    }
    for member in names:
        if _is_unknown(_part(resource, member)):
            names[member] = _STAND_IN
    return {
        **names,
        "metricValue": transformation.metric_value,
        "defaultValue": transformation.default_value,
        "dimensions": dict(transformation.dimensions),
        "unit": transformation.unit,
    }


def _is_unknown(node: Node | None) -> bool:
    return isinstance(node, Scalar) and bool(node.unknown)


def _part(resource: Resource, member: str) -> Node | None:
    """What the first transformation says for a member of the request."""
    node = resource.nodes.get(_TRANSFORMATIONS)
    first = node.items[0] if isinstance(node, Items) and node.items else None
    return first.get(_PARTS[member]) if isinstance(first, Entries) else None


def _place(resource: Resource, member: str) -> Location:
    """Where the member of the request stands in the template."""
    if member not in _PARTS:
        return resource.place_of(_PLACES.get(member, _TRANSFORMATIONS))
    node = _part(resource, member)
    path = f"Resources.{resource.logical_id}.Properties.{_TRANSFORMATIONS}[0].{_PARTS[member]}"
    return resource.document.location(node.mark if node else resource.mark, path)
