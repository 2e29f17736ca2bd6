"""JUnit's XML, which build servers show as tests. ASCII only, whatever the texts hold.

There is no standard; these are the elements and attributes that all its readers know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO
from xml.sax.saxutils import escape

from trailwarden.text import visible


@dataclass(frozen=True, slots=True)
class Test:
    """One test. It failed if there is a ``failure``: what happened, line by line.

    ``message`` says it in one line, ``kind`` is the failure's type. ``skipped`` says why there is
    no verdict, ``output`` is what is told besides. ``file`` and ``line`` (from 1) are where the
    test stands.
    """

    name: str
    classname: str
    failure: str = ""
    message: str = ""
    kind: str = ""
    skipped: str = ""
    seconds: float | None = None
    file: str = ""
    line: int | None = None
    output: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    name: str
    tests: Sequence[Test]
    properties: Sequence[tuple[str, str]] = ()


def render_suites(suites: Sequence[Suite], stream: IO[str], *, name: str = "trailwarden") -> None:
    """Write the document. Control characters of texts come out as escapes."""
    tests = [test for suite in suites for test in suite.tests]
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(_tag("testsuites", name=name, **_counts(tests)) + "\n")
    for suite in suites:
        stream.write(_tag("testsuite", name=suite.name, errors=0, **_counts(suite.tests)) + "\n")
        if suite.properties:
            stream.write("<properties>\n")
            for key, value in suite.properties:
                stream.write(_empty("property", name=key, value=value) + "\n")
            stream.write("</properties>\n")
        for test in suite.tests:
            _write(test, stream)
        stream.write("</testsuite>\n")
    stream.write("</testsuites>\n")


def _counts(tests: Sequence[Test]) -> dict[str, object]:
    counts: dict[str, object] = {
        "tests": len(tests),
        "failures": sum(bool(test.failure) for test in tests),
        "skipped": sum(bool(test.skipped) for test in tests),
    }
    if any(test.seconds is not None for test in tests):
        counts["time"] = f"{sum(test.seconds or 0.0 for test in tests):.3f}"
    return counts


def _write(test: Test, stream: IO[str]) -> None:
    attributes: dict[str, object] = {"name": test.name, "classname": test.classname}
    if test.file:
        attributes["file"] = test.file
    if test.line is not None:
        attributes["line"] = test.line
    if test.seconds is not None:
        attributes["time"] = f"{test.seconds:.3f}"
    if not test.failure and not test.skipped and not test.output:
        stream.write(_empty("testcase", **attributes) + "\n")
        return
    stream.write(_tag("testcase", **attributes) + "\n")
    if test.failure:
        kind = {"type": test.kind} if test.kind else {}
        stream.write(_tag("failure", message=test.message, **kind))
        stream.write("\n".join(map(_text, test.failure.splitlines())) + "</failure>\n")
    elif test.skipped:
        stream.write(_empty("skipped", message=test.skipped) + "\n")
    if test.output:
        lines = "\n".join(map(_text, test.output.splitlines()))
        stream.write(f"<system-out>{lines}</system-out>\n")
    stream.write("</testcase>\n")


def _tag(tag: str, **attributes: object) -> str:
    shown = "".join(f' {name}="{_text(str(value))}"' for name, value in attributes.items())
    return f"<{tag}{shown}>"


def _empty(tag: str, **attributes: object) -> str:
    return _tag(tag, **attributes).removesuffix(">") + "/>"


def _text(text: str) -> str:
    """``text`` on one line, without what XML forbids, in ASCII."""
    # U+FFFE and U+FFFF are no characters of XML; the other ones that it forbids become escapes.
    plain = visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return escape(plain, {'"': "&quot;"}).encode("ascii", "xmlcharrefreplace").decode("ascii")
