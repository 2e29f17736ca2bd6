"""Findings as JUnit's XML, which build servers show as tests: ASCII only, each finding a failure.

There is no standard; these are the elements and attributes that all its readers know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import IO
from xml.sax.saxutils import escape

from trailwarden.errors import Location
from trailwarden.stack.lint.finding import Finding
from trailwarden.text import visible


def render_junit(findings: Sequence[Finding], stream: IO[str]) -> None:
    """One suite for each source. Where nothing was found one test passes: readers want one."""
    by_source: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_source[finding.location.source].append(finding)
    tests = len(findings) or 1
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(_begin("testsuites", name="trailwarden lint", tests=tests, failures=len(findings)))
    for source, found in by_source.items():
        stream.write(
            _begin("testsuite", name=source, tests=len(found), failures=len(found), errors=0)
        )
        for finding in found:
            _write_case(finding, stream)
        stream.write("</testsuite>\n")
    if not findings:
        stream.write(_begin("testsuite", name="trailwarden lint", tests=1, failures=0, errors=0))
        stream.write('<testcase name="nothing found" classname="trailwarden.lint"/>\n')
        stream.write("</testsuite>\n")
    stream.write("</testsuites>\n")


def _write_case(finding: Finding, stream: IO[str]) -> None:
    place = finding.location
    where = str(Location(place.source, place.line, place.column))
    attributes: dict[str, object] = {
        "name": f"{finding.code} {where}",
        "classname": f"trailwarden.lint.{finding.code}",
        "file": place.source,
    }
    if place.line is not None:
        attributes["line"] = place.line
    stream.write(_begin("testcase", **attributes))
    stream.write(_begin("failure", type=finding.severity, message=finding.message).rstrip("\n"))
    lines = [f"{where} {finding.code} {finding.severity}: {finding.message}"]
    if finding.cure:
        lines.append(f"cure: {finding.cure}")
    stream.write("\n".join(map(_text, lines)))
    stream.write("</failure>\n</testcase>\n")


def _begin(tag: str, **attributes: object) -> str:
    shown = "".join(f' {name}="{_text(str(value))}"' for name, value in attributes.items())
    return f"<{tag}{shown}>\n"


def _text(text: str) -> str:
    """``text`` on one line, without what XML forbids, in ASCII."""
    # U+FFFE and U+FFFF are no characters of XML; the other ones that it forbids become escapes.
    plain = visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    escaped = escape(plain, {'"': "&quot;"})
    return escaped.encode("ascii", "xmlcharrefreplace").decode("ascii")
