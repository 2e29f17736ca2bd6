"""A whole audit: every control of the versions that are asked for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from trailwarden.audit.judging import Judge
from trailwarden.audit.model import Audit
from trailwarden.audit.scope import notes_of, scope_of
from trailwarden.stack.controls import VERSIONS, Version, controls
from trailwarden.stack.model import Stack


def audit(
    stack: Stack,
    versions: Sequence[Version] = VERSIONS[-1:],
    *,
    is_live: bool = False,
    now: datetime | None = None,
) -> Audit:
    """Judge ``stack`` by the controls of ``versions``; ``now`` is the time that the audit bears.

    ``is_live`` says that it is an account: what is not there is nowhere, while a trail or a
    subscription that a template does not hold is merely not known.
    """
    begun = time.monotonic()
    judge = Judge(stack, scope_of(stack, is_live=is_live))
    judged = tuple(
        judge.judge(control, version)
        for version in versions
        for control in controls()
        if control.is_in(version)
    )
    return Audit(
        stack=stack.name,
        source=stack.source,
        account=stack.account,
        region=stack.region,
        versions=tuple(versions),
        controls=judged,
        time=now or datetime.now(UTC),
        notes=tuple(notes_of(stack)),
        seconds=time.monotonic() - begun,
    )
