"""The same finding at many places as one group, and how often each rule found something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trailwarden.stack.lint import Finding, Severity

_NAME = re.compile(r"'[^']*'")
_BLANK = "'…'"


class Group(NamedTuple):
    """Findings of one rule with one message, but for the names in it, and one cure.

    In ``message`` the names that differ are ``'…'``; ``names`` are those of each finding.
    """

    message: str
    findings: tuple[Finding, ...]
    names: tuple[tuple[str, ...], ...]


def groups_of(findings: Iterable[Finding]) -> list[Group]:
    """The findings in groups, each where its first one stands."""
    alike: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        key = (one.code, one.severity, _NAME.sub(_BLANK, one.message), one.cure)
        alike.setdefault(key, []).append(one)
    return [_group(members) for members in alike.values()]


def _group(findings: Sequence[Finding]) -> Group:
    names = [tuple(_NAME.findall(one.message)) for one in findings]
    differ = [len(set(column)) > 1 for column in zip(*names, strict=True)]
    shown = iter(zip(names[0], differ, strict=True))

    def name(_: re.Match[str]) -> str:
        text, is_different = next(shown)
        return _BLANK if is_different else text

    return Group(
        _NAME.sub(name, findings[0].message),
        tuple(findings),
        tuple(
            tuple(text for text, is_different in zip(row, differ, strict=True) if is_different)
            for row in names
        ),
    )


class RuleCount(NamedTuple):
    """How often one rule found something of one severity."""

    number: int
    code: str
    severity: Severity


def counts_of(findings: Iterable[Finding]) -> list[RuleCount]:
    """The rules that found something, the most frequent first."""
    counts = Counter((one.code, one.severity) for one in findings)
    made = [RuleCount(number, code, severity) for (code, severity), number in counts.items()]
    return sorted(made, key=lambda one: (-one.number, one.code, one.severity))
