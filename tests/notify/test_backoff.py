"""When a message is tried again."""

from __future__ import annotations

from random import Random

import pytest

from trailwarden.notify import delay


def test_webhooks_begin_as_sns_does() -> None:
    """Rule S-10: three retries, 20 seconds apart; then they go on where SNS gives up."""
    pauses = [delay(attempt, "webhook") for attempt in range(1, 12)]
    assert pauses == [20, 20, 20, 40, 80, 160, 320, 640, 900, 900, 900]


@pytest.mark.parametrize("kind", ["sns", "smtp", "apprise", "exec", "stdout"])
def test_others_begin_quickly(kind: str) -> None:
    pauses = [delay(attempt, kind) for attempt in range(1, 13)]  # type: ignore[arg-type]
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.parametrize("kind", ["webhook", "smtp"])
def test_a_message_may_wait_for_ever(kind: str) -> None:
    assert delay(10**9, kind) == 900  # type: ignore[arg-type]


def test_jitter_lengthens_a_pause_by_a_tenth_at_most() -> None:
    """Rule S-11."""
    jitter = Random(1)
    pauses = [delay(1, "webhook", jitter=jitter) for _ in range(200)]
    assert all(20 <= pause <= 22 for pause in pauses)
    assert max(pauses) - min(pauses) > 1
    assert pauses[0] == delay(1, "webhook", jitter=Random(1))
