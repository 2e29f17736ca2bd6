"""The composite alarms that an alarm is a part of, with what they need to be run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from trailwarden.alarms.rule import parse_rule
from trailwarden.stack.model import Stack

_Steps = Mapping[str, Collection[str]]  # from each alarm to others


class Composites:
    """An account may have thousands of alarms; those that matter to one of them are few."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._children = {
            one.alarm_name: frozenset(parse_rule(one.alarm_rule).children())
            for one in stack.composite_alarms
        }
        self._parents: defaultdict[str, set[str]] = defaultdict(set)
        for parent, children in self._children.items():
            for child in children:
                self._parents[child].add(parent)

    def above(self, name: str) -> frozenset[str]:
        """Names of the composite alarms that refer to the alarm ``name``, directly or not."""
        return _reached([name], self._parents) - {name}

    def around(self, name: str) -> Stack:
        """The stack with the alarms that decide on those above ``name``, and no others.

        Suppressors are left out: they do not change when an alarm goes to ALARM.
        """
        wanted = _reached([name, *self.above(name)], self._children)
        return replace(
            self._stack,
            alarms=tuple(one for one in self._stack.alarms if one.alarm_name in wanted),
            composite_alarms=tuple(
                replace(one, actions_suppressor=None)
                for one in self._stack.composite_alarms
                if one.alarm_name in wanted
            ),
        )


def _reached(begin: Iterable[str], steps: _Steps) -> frozenset[str]:
    """All that can be reached from ``begin``, which is a part of it."""
    found: set[str] = set()
    waiting = list(begin)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(steps.get(name, ()))
    return frozenset(found)
