"""``AWS::Logs::MetricFilter``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trailwarden.alarms.scalars import Properties
from trailwarden.errors import DefinitionError, Location, PatternError, RequestError
from trailwarden.patterns import FilterPattern, check_request
from trailwarden.stack.model import MetricFilter, MetricTransformation
from trailwarden.stack.nodes import Entries, Items, Node, Scalar
from trailwarden.stack.resource import Resource
from trailwarden.stack.template import together

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
_HARMLESS = {
    "filterName": _STAND_IN,
    "filterPattern": "{ $.x = * }",
    "metricName": _STAND_IN,
    "metricNamespace": _STAND_IN,
    "metricValue": "1",
}
"""What PutMetricFilter takes in place of what is wrong; the other members may be missing."""


def reason_not_to_run(resource: Resource) -> str:
    """Why the filter cannot be run, or nothing."""
    found = (reason for name, reason in UNSUPPORTED.items() if resource.properties.get(name))
    return next(found, "")


def metric_filter_of(resource: Resource) -> MetricFilter:
    """The metric filter.

    Raises :class:`~trailwarden.errors.DefinitionError`, for all that is wrong with it at once: a
    :class:`~trailwarden.errors.PatternError`, and :class:`~trailwarden.errors.RequestError` where
    PutMetricFilter would refuse it.
    """
    pattern = _checked(resource)
    if isinstance(pattern, list):
        raise together(pattern, resource.document.source)
    transformations = tuple(map(_transformation, resource.read.parts(_TRANSFORMATIONS)))
    return MetricFilter(
        filter_name=resource.name,
        log_group_name=resource.text("LogGroupName"),
        filter_pattern=resource.text("FilterPattern"),
        pattern=pattern,
        metric_transformations=transformations,
    )


def _checked(resource: Resource) -> FilterPattern | list[DefinitionError]:
    """The pattern of a filter that PutMetricFilter takes, or all that is wrong: what is found wrong
    is replaced by something harmless, so that the next mistake shows.
    """
    errors: list[DefinitionError] = list(resource.faults)
    request = _request(resource)
    mended: set[str] = set()
    if errors:
        texts = " ".join((error.location and error.location.key) or "" for error in errors)
        for member, name in {**_PLACES, **_PARTS}.items():
            if f".{name}" in texts:
                _mend(request, member)
                mended.add(member)
    while True:
        try:
            pattern = check_request(request)
        except RequestError as error:
            if error.field in mended or error.field == "metricTransformations":
                found = [] if errors else [_located(resource, error)]
                return [*errors, *found]
            errors.append(_located(resource, error))
            mended.add(error.field)
            _mend(request, error.field)
        else:
            return errors or pattern


def _located(resource: Resource, error: RequestError) -> DefinitionError:
    if isinstance(error.__cause__, PatternError):
        return resource.located(error.__cause__, "FilterPattern")
    error.location = _place(resource, error.field)
    return error


def _mend(request: dict[str, Any], member: str) -> None:
    """Replace a member, of the request or of its transformation."""
    if member in _PLACES:
        request[member] = _HARMLESS[member]
        return
    for transformation in request["metricTransformations"]:
        transformation[member] = _HARMLESS.get(member)


def metrics_of(resource: Resource) -> Iterator[tuple[str, str]]:
    """Namespace and name of what the filter publishes, as far as they can be read."""
    value = resource.properties.get(_TRANSFORMATIONS)
    for part in value if isinstance(value, list) else ():
        if isinstance(part, dict):
            yield str(part.get("MetricNamespace") or ""), str(part.get("MetricName") or "")


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


def _request(resource: Resource) -> dict[str, Any]:
    """The filter as the API takes it."""
    read = resource.read
    is_unknown = _is_unknown(resource.nodes.get("FilterName"))
    parts = map(_transformation, read.parts(_TRANSFORMATIONS))
    return {
        "filterName": _STAND_IN if is_unknown else resource.name,
        "filterPattern": read.text("FilterPattern") or "",
        "metricTransformations": [_requested(resource, part) for part in parts],
    }


def _requested(resource: Resource, transformation: MetricTransformation) -> dict[str, Any]:
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
