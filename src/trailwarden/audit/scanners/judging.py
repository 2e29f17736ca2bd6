"""A scanner's verdict on one control: the best filter decides, and its gaps are the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trailwarden.audit.scanners.gaps import Gap, may_not_read, quoted
from trailwarden.audit.verdict import Scanner, Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.model import MetricFilter, Stack

_NEAR = 0.5  # less of what is particular to a control means that a filter is about another


@dataclass(frozen=True, slots=True)
class Rules:
    """How a scanner judges one control.

    ``text`` says what is wrong with a filter's text, ``nearness`` (0 to 1) whether it is about the
    control at all, ``chain`` what is wrong with everything around a filter whose text will do.
    """

    scanner: Scanner
    name: str
    check: str
    text: Callable[[MetricFilter], Gap | None]
    nearness: Callable[[MetricFilter], float]
    chain: Callable[[Stack, MetricFilter], list[Gap]]


@dataclass(frozen=True, slots=True)
class _Trial:
    metric_filter: MetricFilter
    gaps: tuple[Gap, ...]
    text_fails: bool
    nearness: float

    @property
    def passes(self) -> bool | None:
        if not self.gaps:
            return True
        return False if any(gap.fails for gap in self.gaps) else None

    @property
    def rank(self) -> tuple[int, bool, float, int]:
        """The higher, the better."""
        status = {True: 2, None: 1, False: 0}[self.passes]
        return (status, not self.text_fails, self.nearness, -len(self.gaps))


def judge(rules: Rules, control: Control, stack: Stack) -> Verdict:
    """What the scanner will say of the control in the stack."""
    trials = [_trial(rules, stack, metric_filter) for metric_filter in stack.metric_filters]
    best = max(trials, key=lambda trial: trial.rank, default=None)
    if best is None or (best.text_fails and best.nearness < _NEAR):
        return _without_filter(rules, control, stack)
    name = best.metric_filter.filter_name
    if not best.gaps:
        reason = f"{rules.name} finds what it looks for, in the filter {quoted(name)}"
        return Verdict(rules.scanner, rules.check, True, reason, "", name)
    telling = [gap for gap in best.gaps if gap.fails] or best.gaps
    return Verdict(
        rules.scanner,
        rules.check,
        best.passes,
        "; ".join(gap.message for gap in telling),
        "; ".join(gap.cure for gap in telling),
        name,
    )


def _trial(rules: Rules, stack: Stack, metric_filter: MetricFilter) -> _Trial:
    gap = rules.text(metric_filter)
    gaps: list[Gap] = []
    if gap:
        shown = f"the filter {quoted(metric_filter.filter_name)} {gap.message}"
        gaps.append(Gap(shown, gap.cure, gap.fails))
    text_fails = gap is not None and gap.fails
    if not text_fails:
        gaps += rules.chain(stack, metric_filter)
    nearness = rules.nearness(metric_filter) if text_fails else 1.0
    return _Trial(metric_filter, tuple(gaps), text_fails, nearness)


def _without_filter(rules: Rules, control: Control, stack: Stack) -> Verdict:
    if may_not_read(stack, "logs"):
        reason = "not all metric filters of the account may be read"
        cure = "allow logs:DescribeMetricFilters"
        return Verdict(rules.scanner, rules.check, None, reason, cure, None)
    reason = f"no metric filter of the stack comes near what {rules.name} looks for"
    cure = f"add a metric filter and an alarm for {control.title}"
    return Verdict(rules.scanner, rules.check, False, reason, cure, None)
