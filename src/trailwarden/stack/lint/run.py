"""All rules over one stack."""

from __future__ import annotations

from collections.abc import Sequence

# Importing the modules registers their rules.
from trailwarden.stack.lint import alarms as _alarms
from trailwarden.stack.lint import buckets as _buckets
from trailwarden.stack.lint import companions as _companions
from trailwarden.stack.lint import compared_values as _compared_values
from trailwarden.stack.lint import constant_patterns as _constant_patterns
from trailwarden.stack.lint import controls as _controls
from trailwarden.stack.lint import deploying as _deploying
from trailwarden.stack.lint import duplicates as _duplicates
from trailwarden.stack.lint import events as _events
from trailwarden.stack.lint import ignoring as _ignoring
from trailwarden.stack.lint import joined_conditions as _joined_conditions
from trailwarden.stack.lint import keys as _keys
from trailwarden.stack.lint import known_values as _known_values
from trailwarden.stack.lint import lasting as _lasting
from trailwarden.stack.lint import meeting as _meeting
from trailwarden.stack.lint import other_languages as _other_languages
from trailwarden.stack.lint import otherwise as _otherwise
from trailwarden.stack.lint import partitions as _partitions
from trailwarden.stack.lint import read_fields as _read_fields
from trailwarden.stack.lint import refusing as _refusing
from trailwarden.stack.lint import roles as _roles
from trailwarden.stack.lint import topic_policies as _topic_policies
from trailwarden.stack.lint import topics as _topics
from trailwarden.stack.lint import trails as _trails
from trailwarden.stack.lint import watched_events as _watched_events
from trailwarden.stack.lint.comments import Ignore
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.ignoring import LeftOut, parted
from trailwarden.stack.lint.registry import RULES
from trailwarden.stack.model import Stack

THEMES = (
    _refusing,
    _meeting,
    _deploying,
    _constant_patterns,
    _joined_conditions,
    _compared_values,
    _known_values,
    _other_languages,
    _read_fields,
    _watched_events,
    _companions,
    _events,
    _otherwise,
    _duplicates,
    _alarms,
    _topics,
    _topic_policies,
    _partitions,
    _trails,
    _buckets,
    _roles,
    _keys,
    _lasting,
    _controls,
    _ignoring,
)


def lint(
    stack: Stack, ignores: Sequence[Ignore] = (), *, judges_idle: bool = True
) -> list[Finding]:
    """What is wrong with ``stack``, in the order of its text, then of the codes.

    ``ignores`` are the comments of the stack's source that ask to leave findings out. Whether they
    are idle is to be judged by the template's own parameters: with others, a comment may have
    nothing to ignore and be right all the same.
    """
    return lint_parted(stack, ignores, judges_idle=judges_idle)[0]


def lint_parted(
    stack: Stack, ignores: Sequence[Ignore] = (), *, judges_idle: bool = True
) -> tuple[list[Finding], list[LeftOut]]:
    """As lint, and the findings that the comments leave out."""
    found = [finding for rule in RULES.values() for finding in rule.findings(stack)]
    kept, left_out = parted(found, ignores, stack.source, judges_idle=judges_idle)
    return sorted(kept, key=_order), left_out


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.location
    return place.source, place.line or 0, place.column or 0, finding.code, finding.message
