"""Whether a trail brings an event to the log group that a filter reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trailwarden.audit.model import Finding, Severity
from trailwarden.audit.scope import Scope
from trailwarden.audit.selecting import records
from trailwarden.audit.way import worst
from trailwarden.errors import Location
from trailwarden.stack.links import is_of_another_account, log_group_of_arn
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import Stack, Trail

_GLOBAL = frozenset({"iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com"})


class Feeds:
    """The trails of ``stack`` by the log groups that they deliver to.

    ``scope`` says what it means that the stack does not hold a trail.
    """

    def __init__(self, stack: Stack, scope: Scope) -> None:
        self._stack = stack
        self._scope = scope
        self._by_group: dict[str, list[Trail]] = {}
        for trail in stack.trails:
            arn = trail.cloud_watch_logs_log_group_arn
            if arn and not is_of_another_account(arn, stack.account):
                self._by_group.setdefault(log_group_of_arn(arn), []).append(trail)

    def of(self, group: str, record: Mapping[str, Any]) -> tuple[Finding, ...]:
        """What keeps ``record`` from the log group, or is not known; empty where nothing does."""
        trails = self._by_group.get(group)
        if trails:
            return min((tuple(self._trail(trail, record)) for trail in trails), key=worst)
        place = self._place_of(group)
        if self._scope.is_whole:
            message = f"no trail delivers to the log group {quoted(group)}"
            cure = "set CloudWatchLogsLogGroupArn of a trail of all Regions to it"
            return (_finding("fail", "no-trail", message, cure, place),)
        return (
            _finding(
                "unknown",
                "no-trail",
                f"no trail {self._scope.where} delivers to the log group {quoted(group)}",
                self._scope.cure,
                place,
            ),
        )

    def _place_of(self, group: str) -> Location | None:
        return self._stack.locations.get(("LogGroup", group))

    def _trail(self, trail: Trail, record: Mapping[str, Any]) -> Iterator[Finding]:
        name = quoted(trail.trail_name)
        place = self._stack.locations.get(("Trail", trail.trail_name))
        if not trail.is_logging:
            message = f"the trail {name} is not logging"
            yield _finding("fail", "not-logging", message, "set IsLogging to true", place)
        if not trail.is_multi_region_trail:
            yield _finding(
                "fail",
                "one-region",
                f"the trail {name} records one Region only: what happens elsewhere escapes",
                "set IsMultiRegionTrail to true",
                place,
            )
        source = record.get("eventSource")
        if not trail.include_global_service_events and source in _GLOBAL:
            yield _finding(
                "fail",
                "no-global-events",
                f"the trail {name} leaves out global services, such as IAM and STS",
                "set IncludeGlobalServiceEvents to true",
                place,
            )
        if not records(trail, record):
            kind = "read" if record.get("readOnly") else "write"
            yield _finding(
                "fail",
                "not-recorded",
                f"the selectors of the trail {name} leave out {kind} events of {source}",
                "record all management events, of both kinds and of every service",
                place,
            )


def _finding(
    severity: Severity, code: str, message: str, cure: str, place: Location | None
) -> Finding:
    return Finding(code, "trail", severity, message, cure, place)
