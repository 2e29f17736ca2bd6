"""One region of a live account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trailwarden.alarms.model import CompositeAlarm, MetricAlarm
from trailwarden.stack.links import actions_of
from trailwarden.stack.live.alarms import LiveAlarms, live_alarms
from trailwarden.stack.live.calls import Reader
from trailwarden.stack.live.filters import LiveFilter, live_filters
from trailwarden.stack.live.trails import log_groups
from trailwarden.stack.model import LogGroup


@dataclass(frozen=True, slots=True)
class Region:
    """What a region holds, under the names it has there."""

    name: str
    filters: tuple[LiveFilter, ...]
    alarms: LiveAlarms
    log_groups: tuple[LogGroup, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """The ARNs of the topics that its alarms publish to, each once."""
        alarms: list[MetricAlarm | CompositeAlarm] = [*self.alarms.metric, *self.alarms.composite]
        actions = (action for alarm in alarms for action in actions_of(alarm))
        return tuple(dict.fromkeys(one for one in actions if one.split(":")[2:3] == ["sns"]))


def read_region(reader: Reader, arn_prefix: str, groups: Collection[str] | None) -> Region:
    """Read a region. ``arn_prefix`` is that of its ARNs for log groups.

    ``groups`` are its log groups that receive CloudTrail events, None where they are not known.
    """
    filters = live_filters(reader, arn_prefix, groups)
    used = {one.definition.log_group_name for one in filters if one.definition}
    return Region(
        reader.region,
        filters,
        live_alarms(reader, filters),
        tuple(log_groups(reader, used.union(groups or ()))),
    )
