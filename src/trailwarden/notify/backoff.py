"""How long to wait before a message is tried again."""

from __future__ import annotations

from random import Random

from trailwarden.settings.model import ChannelKind

_LONGEST = 900.0  # seconds
_WEBHOOK_RETRIES, _WEBHOOK_PAUSE = 3, 20.0  # rule S-10
_SPREAD = 0.1  # of the pause, at most


def delay(attempt: int, kind: ChannelKind, *, jitter: Random | None = None) -> float:
    """Seconds between attempt ``attempt`` (from 1), which failed, and the next one.

    Webhooks begin like SNS, with three retries 20 seconds apart (rule S-10); where SNS would give
    up, the pauses double, up to 15 minutes. Other channels begin with one second. ``jitter``
    lengthens a pause by up to a tenth (rule S-11).
    """
    pause = _webhook(attempt) if kind == "webhook" else _doubled(1.0, attempt - 1)
    return pause * (1 + jitter.uniform(0, _SPREAD)) if jitter else pause


def _webhook(attempt: int) -> float:
    return _doubled(_WEBHOOK_PAUSE, max(0, attempt - _WEBHOOK_RETRIES))


def _doubled(first: float, times: int) -> float:
    # A message may wait for days: the power must not grow with the number of attempts.
    return min(_LONGEST, first * 2.0 ** min(max(times, 0), 16))
