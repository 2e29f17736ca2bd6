"""A scanner's verdict on one control: the best filter decides, and its gaps are the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trailwarden.audit.scanners.gaps import Gap, may_not_read
from trailwarden.audit.verdict import Scanner, Verdict
from trailwarden.stack.controls import Control
from trailwarden.stack.lint.places import quoted
from trailwarden.stack.model import MetricFilter, Stack

_NEAR = 0.5  # less of what is particular to a control means that a filter is about another


@dataclass(frozen=True, slots=True)
class Rules:
    """How a scanner judges one control.

    ``accepts`` is true where a filter's text will do, and None where that is not known; ``text``
    says what is wrong with one that is not accepted, and ``nearness`` (0 to 1) whether it is about
    the control at all. ``chain`` is what is wrong with everything around a filter.
    """

    scanner: Scanner
    name: str
    check: str
    accepts: Callable[[MetricFilter], bool | None]
    text: Callable[[MetricFilter], Gap | None]
    nearness: Callable[[MetricFilter], float]
    chain: Callable[[Stack, MetricFilter], list[Gap]]


@dataclass(frozen=True, slots=True)
class _Trial:
    metric_filter: MetricFilter
    gaps: tuple[Gap, ...]

    @property
    def passes(self) -> bool | None:
        if not self.gaps:
            return True
        return False if any(gap.fails for gap in self.gaps) else None

    @property
    def rank(self) -> tuple[int, int]:
        """The higher, the better."""
        return {True: 2, None: 1, False: 0}[self.passes], -len(self.gaps)


def judge(rules: Rules, control: Control, stack: Stack) -> Verdict:
    """What the scanner will say of the control in the stack."""
    taken = [one for one in stack.metric_filters if rules.accepts(one) is not False]
    trials = [_tried(rules, stack, metric_filter) for metric_filter in taken]
    best = max(trials, key=lambda trial: trial.rank, default=None) or _nearest(rules, stack)
    if best is None:
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


def _tried(rules: Rules, stack: Stack, metric_filter: MetricFilter) -> _Trial:
    """A filter whose text may do."""
    gaps = (*_text_gaps(rules, metric_filter), *rules.chain(stack, metric_filter))
    return _Trial(metric_filter, gaps)


def _nearest(rules: Rules, stack: Stack) -> _Trial | None:
    """The filter that was most probably meant, if none has a text that may do."""
    near = {index: rules.nearness(one) for index, one in enumerate(stack.metric_filters)}
    best = max(near, key=near.__getitem__, default=None)
    if best is None or near[best] < _NEAR:
        return None
    found = stack.metric_filters[best]
    return _Trial(found, _text_gaps(rules, found))


def _text_gaps(rules: Rules, metric_filter: MetricFilter) -> tuple[Gap, ...]:
    gap = rules.text(metric_filter)
    if gap is None:
        return ()
    shown = f"the filter {quoted(metric_filter.filter_name)} {gap.message}"
    return (Gap(shown, gap.cure, gap.fails),)


def _without_filter(rules: Rules, control: Control, stack: Stack) -> Verdict:
    if may_not_read(stack, "logs"):
        reason = "not all metric filters of the account may be read"
        cure = "allow logs:DescribeMetricFilters"
        return Verdict(rules.scanner, rules.check, None, reason, cure, None)
    reason = f"no metric filter of the stack comes near what {rules.name} looks for"
    cure = f"add a metric filter and an alarm for {control.subject}"
    return Verdict(rules.scanner, rules.check, False, reason, cure, None)
