"""Alarm rules about alarms that have got other names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trailwarden.alarms.rule import alarm_name

# A name, quoted or not; a word before a bracket is a state.
_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s(),"]+(?!\s*\(|[^\s(),"])', re.DOTALL)
_KEYWORDS = frozenset({"NOT", "AND", "OR", "TRUE", "FALSE", "ALARM", "OK", "INSUFFICIENT_DATA"})


def rule_about(rule: str, names: Mapping[str, str]) -> str:
    """``rule`` with every name replaced that has a new one in ``names``."""

    def renamed(found: re.Match[str]) -> str:
        word = found[0]
        if word.upper() in _KEYWORDS:
            return word
        old = alarm_name(re.sub(r'\\(["\\])', r"\1", word[1:-1]) if word[0] == '"' else word)
        new = names.get(old, old)
        return word if new == old else '"' + re.sub(r'(["\\])', r"\\\1", new) + '"'

    return _NAME.sub(renamed, rule)
