"""The spots of a template in YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailwarden.stack.lint.fixing.spots import ScalarSpot, Spot, SpotBuilder, Style

if TYPE_CHECKING:
    import yaml

_STYLES: dict[str, Style] = {"'": "single", '"': "double", "|": "block", ">": "block"}


def yaml_spots(text: str) -> Spot | None:
    """The root of a YAML document that has been read before; None where the parser refuses it."""
    import yaml  # noqa: PLC0415 - start-up of the command line does not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = SpotBuilder()
    try:
        for event in yaml.parse(text, Loader=loader):
            _take(event, builder)
    except yaml.YAMLError:
        return None
    return builder.root


def _take(event: yaml.Event, builder: SpotBuilder) -> None:
    import yaml  # noqa: PLC0415

    begin = event.start_mark.index if event.start_mark else 0
    end = event.end_mark.index if event.end_mark else begin
    if isinstance(event, yaml.ScalarEvent):
        opaque = event.tag is not None or event.anchor is not None
        style = _STYLES.get(event.style or "", "plain")
        builder.add(ScalarSpot(begin, end, opaque, event.value, style))
    elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
        builder.begin(
            begin,
            is_object=isinstance(event, yaml.MappingStartEvent),
            braces=bool(event.flow_style),
            opaque=event.tag is not None or event.anchor is not None,
        )
    elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
        builder.end(end)
    elif isinstance(event, yaml.AliasEvent):
        builder.add(Spot(begin, end, opaque=True))
