"""Why a text does not give a scanner what it looks for, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trailwarden.audit.scanners.clauses import Clause, Demand, Pair
from trailwarden.audit.scanners.gaps import Gap, listed
from trailwarden.audit.scanners.nearness import is_event, watches_by_wildcard
from trailwarden.stack.model import MetricFilter

_ORDER = "the order of the benchmark"
_MANY = 8  # names in one message: somebody has to add them


def meets(demand: Demand, metric_filter: MetricFilter) -> bool:
    """Whether the filter's text has all that is demanded."""
    return demand.is_met(metric_filter.filter_pattern)


def gap_of(demand: Demand, metric_filter: MetricFilter) -> Gap | None:
    """The most telling reason why the filter's text fails; None where it passes."""
    text = metric_filter.filter_pattern
    if meets(demand, metric_filter):
        return None
    missing = [clause for clause in demand.parts() if not clause.is_meant(text)]
    if missing:
        message = _missing(missing, watches_by_wildcard(metric_filter))
        return Gap(message, _additions(missing, ordered=demand.ordered))
    misspelt = [clause for clause in demand.clauses if clause.find(text) is None]
    if misspelt:
        return _misspelt(misspelt)
    return _late(demand, text)


def _missing(clauses: Sequence[Clause], by_wildcard: Callable[[str], bool]) -> str:
    events = [one.value for one in clauses if is_event(one)]
    others = [str(one) for one in clauses if not is_event(one)]
    absent = [name for name in events if not by_wildcard(name)]
    covered = [name for name in events if by_wildcard(name)]
    lacking = []
    if absent:
        lacking.append(f"the {_noun('event name', absent)} {listed(absent, _MANY)}")
    if others:
        lacking.append(f"the {_noun('condition', others)} {listed(others)}")
    parts = [f"lacks {' and '.join(lacking)}"] if lacking else []
    if covered:
        parts.append(f"watches {listed(covered, _MANY)} by a wildcard, which does not count")
    return ", and ".join(parts)


def _additions(clauses: Sequence[Clause], *, ordered: bool) -> str:
    """How to add the clauses."""
    cure = "add what is missing"
    if ordered:
        cure += f", in {_ORDER}"
    if any(is_event(one) for one in clauses):
        cure += ", each event name in full"
    # With || an exclusion lets through nearly everything, as the text of 1.4.0 to 3.0.0 does.
    if any(one.sign == "!=" for one in clauses):
        cure += ", each exclusion with && and brackets around the rest"
    return cure


def _noun(noun: str, found: Sequence[str]) -> str:
    return noun if len(found) == 1 else f"{noun}s"


def _misspelt(clauses: Sequence[Clause | Pair]) -> Gap:
    wanted = listed(map(str, clauses))
    return Gap(f"does not spell {wanted} as it must", f"write exactly {wanted}")


def _late(demand: Demand, text: str) -> Gap:
    index = demand.first_late(text) or 0
    before, late = demand.clauses[index - 1], demand.clauses[index]
    return Gap(f"has {late} before {before}, not in {_ORDER}", f"put the conditions into {_ORDER}")
