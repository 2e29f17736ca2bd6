"""What a stack costs a month: quantities and prices in, items of a bill out.

A month has 30 days, a GB 2^30 bytes. What an estimate takes for granted it says itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trailwarden.stack.lifecycles import days_kept, has_transitions
from trailwarden.stack.model import LogGroup, Stack
from trailwarden.stack.prices import Price, PriceList
from trailwarden.text import plural

DAYS = 30  # of a month
COMPRESSED = 0.15  # of the uncompressed bytes: JSON of CloudTrail under gzip, an estimate
_GB = 1024**3
_STANDARD_PERIOD = 60  # seconds; shorter periods make an alarm one of high resolution


@dataclass(frozen=True, slots=True)
class Volume:
    """What is delivered in one month. Records are counted once, however many trails bring them.

    ``changes`` are management events that may have changed a resource. ``read_bytes`` are
    uncompressed, ``stored_bytes`` as kept in S3. ``published`` counts messages to topics,
    ``delivered`` those to subscribers, by protocol.
    """

    management: float = 0
    data: float = 0
    network: float = 0
    changes: float = 0
    files: float = 0
    read_bytes: float = 0
    stored_bytes: float = 0
    published: float = 0
    delivered: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the stack does not say. ``trails`` None: those of the stack, at least one.

    ``months`` is for how long logs have been kept when the bill comes, unless they expire earlier.
    ``with_config``: AWS Config records every type of resource. ``today`` (UTC) is for expirations
    that have a date; None takes none to be over.
    """

    trails: int | None = None
    months: int = 12
    with_free_tier: bool = True
    with_config: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line: ``quantity`` units a month, of which ``free`` cost nothing; ``cost`` in USD."""

    key: str
    service: str
    name: str
    unit: str
    quantity: float
    free: float
    price: Price
    cost: float


@dataclass(frozen=True, slots=True)
class Bill:
    """The items that are used at all, in the order of a record's way, and what was assumed."""

    items: tuple[Item, ...]
    assumptions: tuple[str, ...]
    prices: PriceList

    @property
    def total(self) -> float:
        """USD a month."""
        return sum(item.cost for item in self.items)


# key → (service, name, unit), in the order of the bill
_ITEMS = {
    "management-copies": ("CloudTrail", "management events, further copies", "events"),
    "data-events": ("CloudTrail", "data events", "events"),
    "network-events": ("CloudTrail", "network activity events", "events"),
    "insights": ("CloudTrail", "events analysed by Insights", "events"),
    "s3-storage": ("S3", "log files kept", "GB"),
    "s3-puts": ("S3", "log files written", "requests"),
    "kms-keys": ("KMS", "keys", "keys"),
    "kms-requests": ("KMS", "log files encrypted", "requests"),
    "log-ingestion": ("CloudWatch Logs", "events taken in", "GB"),
    "log-storage": ("CloudWatch Logs", "events kept", "GB"),
    "custom-metrics": ("CloudWatch", "custom metrics", "metrics"),
    "standard-alarms": ("CloudWatch", "standard alarms", "alarms"),
    "high-resolution-alarms": ("CloudWatch", "high-resolution alarms", "alarms"),
    "composite-alarms": ("CloudWatch", "composite alarms", "alarms"),
    "sns-requests": ("SNS", "messages published", "messages"),
    "sns-emails": ("SNS", "messages by e-mail", "messages"),
    "sns-http": ("SNS", "messages by HTTP", "messages"),
    "config-items": ("Config", "configuration items", "items"),
}


def bill_of(stack: Stack, volume: Volume, prices: PriceList, choice: Choice | None = None) -> Bill:
    """What AWS charges for ``stack`` at this volume."""
    choice = choice or Choice()
    quantities = _quantities(stack, volume, choice)
    items = (
        _item(key, quantities[key], prices.prices[key], choice.with_free_tier)
        for key in _ITEMS
        if quantities[key] > 0
    )
    return Bill(tuple(items), tuple(_assumptions(stack, choice)), prices)


def _item(key: str, quantity: float, price: Price, with_free_tier: bool) -> Item:
    free = min(quantity, price.free) if with_free_tier else 0.0
    return Item(
        key, *_ITEMS[key], quantity, free, price, (quantity - free) * price.price / price.per
    )


def _quantities(stack: Stack, volume: Volume, choice: Choice) -> dict[str, float]:
    trails = trails_of(stack, choice)
    logs_gb = volume.read_bytes / _GB
    kept = [_months_kept(group, choice.months) for group in _log_groups(stack)]
    delivered = volume.delivered or {}
    logging = [trail for trail in stack.trails if trail.is_logging]
    encrypted = min(trails, sum(bool(trail.kms_key_id) for trail in logging))
    return {
        "management-copies": volume.management * (trails - 1),
        "data-events": volume.data * trails,
        "network-events": volume.network * trails,
        "insights": volume.management * sum(len(one.insight_selectors) for one in logging),
        "s3-storage": volume.stored_bytes / _GB * sum(_months_in_s3(stack, choice)),
        "s3-puts": volume.files * trails,
        "kms-keys": _keys(stack),
        "kms-requests": volume.files * encrypted,
        "log-ingestion": logs_gb * len(kept),
        "log-storage": logs_gb * COMPRESSED * sum(kept),
        "custom-metrics": _metrics(stack),
        **_alarms(stack),
        "sns-requests": volume.published,
        "sns-emails": sum(delivered.get(name, 0) for name in ("email", "email-json")),
        "sns-http": sum(delivered.get(name, 0) for name in ("http", "https")),
        "config-items": volume.changes if choice.with_config else 0,
    }


def trails_of(stack: Stack, choice: Choice) -> int:
    """How many trails deliver the records."""
    if choice.trails is not None:
        return choice.trails
    return max(1, sum(trail.is_logging for trail in stack.trails))


def _log_groups(stack: Stack) -> list[LogGroup]:
    """Those that metric filters read, each of which takes in all records; else those defined."""
    defined = {group.log_group_name: group for group in stack.log_groups}
    read = dict.fromkeys(one.log_group_name for one in stack.metric_filters)
    return [defined.get(name, LogGroup(name)) for name in read or defined]


def _months_kept(group: LogGroup, months: int) -> float:
    days = group.retention_in_days
    return months if days is None else min(days / DAYS, months)


def _months_in_s3(stack: Stack, choice: Choice) -> list[float]:
    """For how long the log files of each trail have been kept when the bill comes.

    A trail of which the stack says nothing keeps them for all of the time.
    """
    found = []
    for trail in [one for one in stack.trails if one.is_logging][: trails_of(stack, choice)]:
        days = days_kept(stack, trail, choice.today)
        found.append(choice.months if days is None else min(days / DAYS, choice.months))
    return found + [float(choice.months)] * (trails_of(stack, choice) - len(found))


def _metrics(stack: Stack) -> int:
    return len(
        {
            (one.metric_namespace, one.metric_name, tuple(sorted(one.dimensions)))
            for metric_filter in stack.metric_filters
            for one in metric_filter.metric_transformations
        }
    )


def _alarms(stack: Stack) -> dict[str, float]:
    standard = sum(alarm.period >= _STANDARD_PERIOD for alarm in stack.alarms)
    return {
        "standard-alarms": standard,
        "high-resolution-alarms": len(stack.alarms) - standard,
        "composite-alarms": len(stack.composite_alarms),
    }


def _keys(stack: Stack) -> int:
    """Keys of the customer: those of AWS's own, such as alias/aws/sns, cost nothing."""
    named = [trail.kms_key_id for trail in stack.trails]
    named += [group.kms_key_id for group in stack.log_groups]
    named += [topic.kms_master_key_id for topic in stack.topics]
    return len({name for name in named if name and "alias/aws/" not in name})


def _expiring(stack: Stack, choice: Choice) -> str:
    """``, or until it expires there: after 60 days``; empty where nothing expires earlier."""
    kept = {days_kept(stack, one, choice.today) for one in stack.trails if one.is_logging}
    days = sorted(one for one in kept if one is not None and one < choice.months * DAYS)
    if not days:
        return ""
    return f", or until its bucket expires it (after {', '.join(plural(d, 'day') for d in days)})"


def _assumptions(stack: Stack, choice: Choice) -> list[str]:
    groups = len(_log_groups(stack))
    months = plural(choice.months, "month")
    found = [
        "the prices that come with Trailwarden may be out of date: compare those that matter with "
        "AWS's pricing pages, and correct them by --prices",
        "all of it is in one account, so that what is free is so once",
        f"every record and file is delivered to S3 by {plural(trails_of(stack, choice), 'trail')}, "
        f"and has been kept there for {months}{_expiring(stack, choice)}",
        f"every record is taken in by {plural(groups, 'log group')}, and kept there compressed to "
        f"{COMPRESSED:.0%} (an estimate) until it expires, at most for {months}",
        "a custom metric counts for the whole month; AWS charges for hours with data only",
    ]
    if any(one.dimensions for each in stack.metric_filters for one in each.metric_transformations):
        found.append("a metric with dimensions counts once; each combination of values is one more")
    if any(trail.insight_selectors for trail in stack.trails):
        found.append(
            "each type of Insights analyses all management events; some only those that write"
        )
    found.append("messages follow the changes of alarms; SMS, SQS, Lambda and mobile are left out")
    if choice.with_config:
        found.append(
            "each call that may have changed a resource makes one configuration item; evaluations "
            "of rules are left out"
        )
    if any(has_transitions(stack, trail) for trail in stack.trails):
        found.append(
            "what the bucket moves to another storage class costs as much as before: only the "
            "price of S3 Standard is known"
        )
    left_out = sum("Alarm" in one.type for one in stack.not_run)
    if left_out:
        found.append(f"{plural(left_out, 'alarm')} that Trailwarden does not run left out")
    return found
