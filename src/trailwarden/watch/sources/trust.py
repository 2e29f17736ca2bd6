"""Whom a queue's messages may speak of: anybody who may send to it could name anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import NamedTuple

from trailwarden.settings import SourceSettings
from trailwarden.stack.model import Stack
from trailwarden.text import visible
from trailwarden.trail import s3
from trailwarden.watch.sources.notices import EventNotice, ObjectNotice

_UNKNOWN = "${"  # in the name of a bucket that only the deployment knows


class Refusal(NamedTuple):
    """Why a part of a message is not used. Without ``is_final`` the message is left in the queue:
    nobody has said yet which ones may be used.
    """

    code: str
    why: str
    cure: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """``buckets`` are globs, without any of which no object is fetched; no ``accounts`` are all."""

    buckets: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    def refusal(self, part: ObjectNotice | EventNotice) -> Refusal | None:
        """Why ``part`` is not to be used; None where it is."""
        if isinstance(part, ObjectNotice):
            return self._of_object(part)
        if part.source is not None and not part.source.startswith("aws."):
            return Refusal(
                "untrusted-source",
                f"an event whose source is {visible(part.source, 60) or 'empty'}, not AWS's own",
                "look at who may send to this queue: CloudTrail's events have a source such as "
                "aws.iam",
                is_final=True,
            )
        if self.accounts and part.account not in self.accounts:
            return Refusal(
                "untrusted-account",
                f"an event of the account {visible(part.account, 20) or 'that is not named'}, "
                "which is not one of those that are allowed",
                "add it to accounts of this source in the settings, if it is yours",
                is_final=True,
            )
        return None

    def _of_object(self, part: ObjectNotice) -> Refusal | None:
        if any(fnmatchcase(part.bucket, one) for one in self.buckets):
            return None
        why = f"an object in the bucket {visible(part.bucket, 70)}, which was not read: "
        if not self.buckets:
            return Refusal(
                "untrusted-bucket",
                why + "neither the settings nor the stack say which buckets this queue is about",
                'name them: buckets = ["NAME"] for this source in the settings, or --bucket NAME',
                is_final=False,
            )
        return Refusal(
            "untrusted-bucket",
            why + "it is not one of those that are allowed",
            "add it to buckets of this source in the settings (or --bucket), if it is yours",
            is_final=True,
        )


def with_trust(
    source: SourceSettings, stack: Stack, others: Sequence[SourceSettings], account: str | None
) -> SourceSettings:
    """A queue's settings; where they do not say whom to trust, the stack does.

    That is the buckets of its trails and of the ``others`` among the sources, and the ``account``
    where there is a trail of that account alone.
    """
    if source.kind != "sqs":
        return source
    known = [trail.s3_bucket_name for trail in stack.trails]
    buckets = [name for name in known if name and _UNKNOWN not in name]
    buckets += [s3.split(one.address)[0] for one in others if one.kind == "s3"]
    is_single = stack.trails and not any(trail.is_organization_trail for trail in stack.trails)
    owner = (stack.account or account) if is_single else None
    return replace(
        source,
        buckets=source.buckets or tuple(dict.fromkeys(buckets)),
        accounts=source.accounts or ((owner,) if owner else ()),
    )
