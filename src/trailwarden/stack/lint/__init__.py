"""What is wrong with a stack that loads: ``lint`` gives findings, each with a stable code.

TW0xx parts that do not meet, TW1xx patterns, TW2xx filters alike, TW3xx alarms, TW4xx topics,
TW5xx trails, buckets, roles, keys and log groups, TW6xx the benchmark's controls as a whole, TW9xx
comments that speak to lint. A rule is a small function of the module with its theme; its docstring
says why it is one.
"""

from trailwarden.stack.lint.comments import Ignore, ignores_of_file
from trailwarden.stack.lint.finding import Finding, Severity
from trailwarden.stack.lint.ignoring import LeftOut
from trailwarden.stack.lint.refusing import refusals
from trailwarden.stack.lint.registry import RULES, Rule
from trailwarden.stack.lint.run import lint, lint_parted

__all__ = [
    "RULES",
    "Finding",
    "Ignore",
    "LeftOut",
    "Rule",
    "Severity",
    "ignores_of_file",
    "lint",
    "lint_parted",
    "refusals",
]
