"""May a target be excluded at all? The first reason why not, or none."""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.times import format_instant, from_epoch
from trailwarden.tuning.noise import Conduct, TargetNoise
from trailwarden.tuning.suspicion import SIGNS
from trailwarden.tuning.target import Target

_DAY = 86_400  # seconds
_NEW = 3 * _DAY
_LEAST_DAYS = 3  # of a habit
_MOST_REFUSED = 8  # different calls
_STEADY = 3  # who has more addresses than that changes them all the time
ROOT = "the root user's calls are never noise"
ROOT_BEHIND = "the root user called from it, too"


def objection(
    target: Target, noise: TargetNoise, conducts: Mapping[Target, Conduct], end: int
) -> str:
    """Why ``target`` must not be excluded; empty where nothing speaks against it.

    ``noise`` are its matches of the filter, ``conducts`` what everybody did in all of them, and
    ``end`` is the archive's last second.
    """
    conduct = conducts.get(target)
    if conduct is not None and conduct.is_person and target.kind == "role":
        return "people wear this role: the alarm would be blind to all of them"
    reason = suspicion(target, conduct, end)
    if not reason and target.kind == "address":
        reason = _behind(noise, conducts, end)
    return reason or _without_habit(noise)


def suspicion(target: Target, conduct: Conduct | None, end: int) -> str:
    """What makes ``target`` look like an intruder, whatever it is to be excluded from."""
    if conduct is None or conduct.first is None:
        return "there are too many callers to have followed this one"
    if conduct.is_root or target.value.endswith(":root"):
        return ROOT_BEHIND if target.kind == "address" else ROOT
    if conduct.signs:
        return SIGNS[min(conduct.signs)][0]
    if len(conduct.refused) >= _MOST_REFUSED:
        return f"it was refused {len(conduct.refused)} different calls: so does who looks around"
    return _newcomer(conduct, conduct.first, end)


def _behind(noise: TargetNoise, conducts: Mapping[Target, Conduct], end: int) -> str:
    """Whoever calls from an address would go with it: none of them may look like an intruder."""
    if noise.has_others:
        return "there are callers behind it whom nothing in their records names"
    for caller in noise.callers:
        reason = suspicion(caller, conducts.get(caller), end)
        if reason:
            return f"behind it is {caller.kind} {caller.value}, and {reason}"
    return ""


def _newcomer(conduct: Conduct, first: int, end: int) -> str:
    if first > end - _NEW:
        seen = format_instant(from_epoch(first))
        return f"it is new: first seen {seen}, less than {_NEW // _DAY} days before the end"
    old = [seen for seen in conduct.addresses.values() if seen <= end - _NEW]
    if len(old) <= _STEADY and len(old) < len(conduct.addresses):
        return f"it came from a new address in the last {_NEW // _DAY} days"
    return ""


def _without_habit(noise: TargetNoise) -> str:
    days = noise.times.days
    if days < _LEAST_DAYS:
        on = "one day" if days == 1 else f"{days} days"
        return f"it did so on {on} only: that is no habit"
    return ""
