"""Notes on a live account: what could not be read, and what does not reach anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trailwarden.errors import Location
from trailwarden.stack.links import link_notes
from trailwarden.stack.live.calls import Reader
from trailwarden.stack.live.trails import own_log_groups
from trailwarden.stack.model import Note, Stack


def live_notes(
    stack: Stack, readers: Collection[Reader], topic_notes: Iterable[Note]
) -> tuple[Note, ...]:
    """Those of any stack, as far as they hold for an account, and those of this one."""
    denied = [note for reader in readers for note in reader.notes()]
    # Of topics more is known here. Filters on log groups without a trail are not run at all.
    left_out = {"no-metric-filters", "unknown-topic", "log-group-without-trail"}
    if any(reader.is_denied("describe_alarms") for reader in readers):
        left_out.add("filter-without-alarm")
    linked = (note for note in link_notes(stack) if note.code not in left_out)
    return (*denied, *_trails(stack), *topic_notes, *linked)


def _trails(stack: Stack) -> Iterable[Note]:
    place = Location(stack.source)
    if not stack.metric_filters:
        yield Note(
            "no-metric-filters",
            "no metric filter here reads CloudTrail events: name the home region of the trail with "
            "--region",
            place,
        )
        return
    arns = (trail.cloud_watch_logs_log_group_arn for trail in stack.trails)
    if not own_log_groups(arns, stack.account or ""):
        yield Note(
            "no-trail-log-group",
            "no trail that can be seen delivers to a log group of this account: all metric filters "
            "are run, whatever their log groups hold",
            place,
        )
