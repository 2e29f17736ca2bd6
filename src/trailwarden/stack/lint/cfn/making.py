"""From rules of lint to classes of cfn-lint, all of which ask one run of lint for each template."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from cfnlint.rules import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    CloudFormationLintRule,
    RuleMatch,
)

from trailwarden.errors import DefinitionError, DefinitionErrors, Location, TrailwardenError
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.lint import RULES, Finding, Rule, lint
from trailwarden.stack.lint.comments import ignores_of_text
from trailwarden.stack.lint.pages import title_of
from trailwarden.stack.lint.refusing import CODE
from trailwarden.stack.lint.rule_numbers import without_numbers
from trailwarden.stack.source import read_file
from trailwarden.text import visible

REFUSED = "E9000"
_LETTERS = {"error": "E", "warning": "W", "note": "I"}
_MAX_TEXT = 600  # characters; names and patterns come from strangers


def cfn_id(rule: Rule) -> str:
    """``W9303`` of TW303."""
    return f"{_LETTERS[rule.severity]}9{rule.code.removeprefix('TW')}"


def rule_classes() -> Iterator[type[CloudFormationLintRule]]:
    """A class for each rule, and one for templates that cannot be run."""
    for rule in RULES.values():
        if rule.code != CODE:
            yield _class_of(rule)
    yield type("Refused", (CloudFormationLintRule,), _refused())


def _class_of(rule: Rule) -> type[CloudFormationLintRule]:
    def match(_: CloudFormationLintRule, cfn: Any) -> list[RuleMatch]:
        return [_match(one) for one in _linted(cfn)[0] if one.code == rule.code]

    title = title_of(rule)
    members: dict[str, Any] = {
        "id": cfn_id(rule),
        "shortdesc": f"{rule.code}: {title}",
        "description": without_numbers(" ".join(rule.why.split())),
        "source_url": f"docs/rules/{rule.code}.md",
        "tags": ["trailwarden", rule.code],
        "match": match,
    }
    return type(f"{rule.code}{title.title().replace(' ', '')}", (CloudFormationLintRule,), members)


def _refused() -> dict[str, Any]:
    def match(_: CloudFormationLintRule, cfn: Any) -> list[RuleMatch]:
        return [_refusal(error) for error in _linted(cfn)[1]]

    return {
        "id": REFUSED,
        "shortdesc": "the template cannot be run",
        "description": "AWS would refuse a filter or an alarm, or trailwarden cannot work it out",
        "source_url": "docs/stack.md",
        "tags": ["trailwarden"],
        "match": match,
    }


def _match(finding: Finding) -> RuleMatch:
    text = f"{finding.code} {finding.message}"
    return _at(finding.location, f"{text} (cure: {finding.cure})" if finding.cure else text)


def _refusal(error: DefinitionError) -> RuleMatch:
    message = f"{error.message} (cure: {error.cure})" if error.cure else error.message
    return _at(error.location, visible(message, _MAX_TEXT))


def _at(place: Location | None, message: str) -> RuleMatch:
    """By the path, so that cfn-lint's own ways to ignore rules work, and by line and column."""
    key = (place.key if place else None) or ""
    path: list[str | int] = list(key.split(".")[:2]) if key.startswith("Resources.") else []
    if place is None or place.line is None:
        return RuleMatch(path, message)
    line, column = place.line - 1, (place.column or 1) - 1
    name = path[-1] if path else ""
    return RuleMatch(path, message, location=(line, column, line, column + len(str(name))))


def _linted(cfn: Any) -> tuple[list[Finding], list[DefinitionError]]:
    """What is found in a template, or why it is refused; nothing where it has no file."""
    path = Path(cfn.filename or "")
    try:
        return _lint(str(path), read_file(path)) if path.is_file() else ([], [])
    except TrailwardenError:
        return [], []  # cfn-lint has read it, and says itself what is wrong with it


@lru_cache(maxsize=1)
def _lint(source: str, text: str) -> tuple[list[Finding], list[DefinitionError]]:
    try:
        stack = load_template(text, source, Path(source).stem, {})
    except DefinitionErrors as errors:
        return [], list(errors.errors)
    except DefinitionError as error:
        return [], [error]
    return lint(stack, ignores_of_text(text)), []
