"""Why a text does not give a scanner what it looks for, in words."""

from __future__ import annotations

from collections.abc import Sequence

from trailwarden.audit.scanners.clauses import Clause, Demand, Pair
from trailwarden.audit.scanners.gaps import Gap, listed
from trailwarden.stack.model import MetricFilter

_MANY = 8  # names in one message: somebody has to add them
# Values that more than one control asks for: they do not tell what a filter is about.
_SHARED_FIELD, _SHARED_VALUE = "eventSource", "ConsoleLogin"


def gap_of(demand: Demand, metric_filter: MetricFilter) -> Gap | None:
    """The most telling reason why the filter's text fails; None where it passes."""
    text = metric_filter.filter_pattern
    if demand.is_met(text):
        return None
    missing = [clause for clause in demand.parts() if not clause.is_meant(text)]
    if missing:
        return _missing(missing)
    misspelt = [clause for clause in demand.clauses if clause.find(text) is None]
    if misspelt:
        return _misspelt(misspelt)
    return _late(demand, text)


def nearness(demand: Demand, text: str) -> float:
    """From 0 to 1: how much of what is particular to the demand the text has."""
    telling = [clause for clause in demand.parts() if _is_telling(clause)]
    return sum(clause.is_meant(text) for clause in telling) / len(telling)


def _is_telling(clause: Clause) -> bool:
    return clause.field != _SHARED_FIELD and clause.value != _SHARED_VALUE


def _missing(clauses: Sequence[Clause]) -> Gap:
    events = [one.value for one in clauses if one.field == "eventName" and one.sign == "="]
    others = [str(one) for one in clauses if one.field != "eventName" or one.sign != "="]
    parts = []
    if events:
        parts.append(f"the {_noun('event name', events)} {listed(events, _MANY)}")
    if others:
        parts.append(f"the {_noun('condition', others)} {listed(others)}")
    cure = "add what is missing"
    if events:
        cure += ", each name in full: wildcards and regular expressions do not count"
    return Gap(f"lacks {' and '.join(parts)}", cure)


def _noun(noun: str, found: Sequence[str]) -> str:
    return noun if len(found) == 1 else f"{noun}s"


def _misspelt(clauses: Sequence[Clause | Pair]) -> Gap:
    wanted = listed(map(str, clauses))
    return Gap(f"does not spell {wanted} as it must", f"write exactly {wanted}")


def _late(demand: Demand, text: str) -> Gap:
    index = demand.first_late(text) or 0
    before, late = demand.clauses[index - 1], demand.clauses[index]
    order = "the order of the benchmark"
    return Gap(f"has {late} before {before}, not in {order}", f"put the conditions into {order}")
