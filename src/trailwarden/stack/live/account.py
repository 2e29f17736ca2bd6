"""One account, some of its regions, read into one stack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from trailwarden.errors import Location, UsageError
from trailwarden.stack.live.calls import Reader, open_session, regions_of
from trailwarden.stack.live.names import Names
from trailwarden.stack.live.notes import live_notes
from trailwarden.stack.live.region import Region, read_region
from trailwarden.stack.live.topics import Topics, read_topic
from trailwarden.stack.live.trails import own_log_groups, trail_answers, trail_of
from trailwarden.stack.model import NotRun, Stack, Trail

if TYPE_CHECKING:
    import boto3


def load_account(regions: Sequence[str] = ()) -> Stack:
    """What is deployed in ``regions`` of the account that the environment's credentials are for.

    Without ``regions``, in the region that is configured for the AWS CLI. What may not be read is
    left out with a note; definitions that cannot be run, and alarms on metrics that no metric
    filter feeds, are listed in ``not_run``. Raises UsageError where boto3, credentials or a region
    are missing or do not work, DefinitionError where AWS refuses for another reason.
    """
    session = open_session()
    account = _Account(session, regions_of(session, regions))
    account.read()
    return account.stack()


class _Account:
    def __init__(self, session: boto3.Session, regions: Sequence[str]) -> None:
        self._session = session
        self._names = tuple(regions)
        self._readers: dict[str, Reader] = {}
        self._account = ""
        self._trails: list[tuple[Trail, Location]] = []
        self._regions: list[Region] = []
        self._topics = Topics()

    def _reader(self, region: str) -> Reader:
        if region not in self._readers:
            self._readers[region] = Reader(self._session, region)
        return self._readers[region]

    # --- in ------------------------------------------------------------------------------
    def read(self) -> None:
        # The identity comes first: it needs no permission, so only bad credentials fail here.
        identity = self._reader(self._names[0]).call("sts", "get_caller_identity")
        if not identity:
            raise UsageError(
                f"AWS does not say in {self._names[0]} who the caller is",
                cure="allow sts:GetCallerIdentity, also in the policy of a VPC endpoint",
            )
        self._account = identity["Account"]
        partition = identity["Arn"].split(":")[1]
        readers = [self._reader(name) for name in self._names]
        trails = trail_answers(readers)
        arns = (trail.get("CloudWatchLogsLogGroupArn") for trail in trails)
        delivered = own_log_groups(arns, self._account)
        for reader in readers:
            groups = {group for region, group in delivered if region == reader.region}
            prefix = f"arn:{partition}:logs:{reader.region}:{self._account}:log-group:"
            self._regions.append(read_region(reader, prefix, groups if delivered else None))
        for trail in trails:
            # Only its home region answers all questions about a trail.
            home = self._reader(trail.get("HomeRegion") or self._names[0])
            self._trails.append((trail_of(trail, home), Location(trail["TrailARN"])))
        for arn in dict.fromkeys(chain.from_iterable(region.topics for region in self._regions)):
            read_topic(self._reader(arn.split(":")[3]), arn, self._topics)

    # --- out -----------------------------------------------------------------------------
    def stack(self) -> Stack:
        stack = self._definitions()
        return replace(stack, notes=live_notes(stack, self._readers.values(), self._topics.notes))

    def _definitions(self) -> Stack:
        named = Names(self._regions)
        filters = list(named.metric_filters())
        alarms = list(named.alarms())
        composites = list(named.composite_alarms())
        return Stack(
            name="aws",
            source=f"account {self._account} in {', '.join(self._names)}",
            trails=tuple(trail for trail, _ in self._trails),
            log_groups=tuple(group for region in self._regions for group in region.log_groups),
            metric_filters=tuple(one for one, _ in filters),
            alarms=tuple(alarm for alarm, _ in alarms),
            composite_alarms=tuple(alarm for alarm, _ in composites),
            topics=tuple(self._topics.topics),
            topic_policies=tuple(self._topics.policies),
            subscriptions=tuple(self._topics.subscriptions),
            not_run=tuple(self._not_run()),
            region=self._names[0],
            account=self._account,
            locations={
                **{("Trail", trail.trail_name): place for trail, place in self._trails},
                **{("MetricFilter", one.filter_name): place for one, place in filters},
                **{("Alarm", alarm.alarm_name): place for alarm, place in alarms},
                **{("Alarm", alarm.alarm_name): place for alarm, place in composites},
                **{("Topic", one.topic_name): Location(one.arn) for one in self._topics.topics},
            },
        )

    def _not_run(self) -> Iterator[NotRun]:
        for region in self._regions:
            yield from (one.not_run() for one in region.filters if one.definition is None)
            yield from region.alarms.not_run
