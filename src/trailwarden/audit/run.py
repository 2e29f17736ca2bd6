"""A whole audit: every control of the versions that are asked for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from trailwarden.audit.excepting import excepted
from trailwarden.audit.judging import Judge
from trailwarden.audit.model import Audit, Provenance
from trailwarden.audit.scope import notes_of, scope_of
from trailwarden.settings import ControlException
from trailwarden.stack.controls import VERSIONS, Version, controls
from trailwarden.stack.model import Stack


def audit(
    stack: Stack,
    versions: Sequence[Version] = VERSIONS[-1:],
    *,
    is_live: bool = False,
    now: datetime | None = None,
    exceptions: Iterable[ControlException] = (),
    provenance: Provenance | None = None,
) -> Audit:
    """Judge ``stack`` by the controls of ``versions``; ``now`` is the time that the audit bears.

    ``is_live`` says that it is an account: what is not there is nowhere, while a trail or a
    subscription that a template does not hold is merely not known. ``exceptions`` are those that
    hold on the day of ``now``; ``provenance`` is what the reports say that the audit was made of.
    """
    begun, made = time.monotonic(), now or datetime.now(UTC)
    judge = Judge(stack, scope_of(stack, is_live=is_live))
    judged = tuple(
        judge.judge(control, version)
        for version in versions
        for control in controls()
        if control.is_in(version)
    )
    accepted, uses = excepted(judged, exceptions, made.astimezone(UTC).date())
    return Audit(
        stack=stack.name,
        source=stack.source,
        account=stack.account,
        region=stack.region,
        versions=tuple(versions),
        controls=accepted,
        time=made,
        notes=tuple(notes_of(stack)),
        seconds=time.monotonic() - begun,
        exceptions=uses,
        provenance=provenance,
    )
