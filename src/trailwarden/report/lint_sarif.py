"""Findings of lint as SARIF 2.1.0, which code scanners and editors read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import IO
from urllib.parse import quote

from trailwarden import __version__, json_text
from trailwarden.errors import Location
from trailwarden.stack.lint import RULES, Finding, Rule
from trailwarden.stack.lint.pages import page, title_of
from trailwarden.stack.lint.rule_numbers import without_numbers

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SCHEMES = ("builtin:", "arn:")  # sources that are URIs already
_CODES = sorted(RULES)


def render_sarif(findings: Sequence[Finding], stream: IO[str]) -> None:
    driver = {
        "name": "trailwarden",
        "version": __version__,
        "rules": [_rule(RULES[code]) for code in _CODES],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in findings],
    }
    json_text.write(stream, {"$schema": _SCHEMA, "version": "2.1.0", "runs": iter([run])})
    stream.write("\n")


def _rule(rule: Rule) -> dict[str, object]:
    text = page(rule)
    return {
        "id": rule.code,
        "name": title_of(rule).title().replace(" ", ""),
        "shortDescription": {"text": title_of(rule)},
        "fullDescription": {"text": without_numbers(" ".join(rule.why.split()))},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding) -> dict[str, object]:
    text = f"{finding.message}\ncure: {finding.cure}" if finding.cure else finding.message
    return {
        "ruleId": finding.code,
        "ruleIndex": _CODES.index(finding.code),
        "level": finding.severity,  # SARIF's levels have the same names
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(finding.location)}],
    }


def _physical(place: Location) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": _uri(place.source)}}
    if place.line is not None:
        region = {"startLine": place.line}
        if place.column is not None:
            region["startColumn"] = place.column
        physical["region"] = region
    return physical


def _uri(source: str) -> str:
    """A path as a URI reference; relative ones stay relative, to the root of the checkout."""
    raw = source.encode("utf-8", "surrogateescape" if _is_native(source) else "replace")
    if source.startswith(_SCHEMES):
        return quote(raw, safe="/:")
    path = PurePath(source)
    return f"file://{quote(raw)}" if path.is_absolute() else quote(raw)


def _is_native(source: str) -> bool:
    """True where a name's odd bytes can be had back, as the system gave them."""
    return all(
        not 0xD800 <= ord(char) <= 0xDFFF or 0xDC80 <= ord(char) <= 0xDCFF for char in source
    )
