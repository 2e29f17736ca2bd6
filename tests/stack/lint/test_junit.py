"""JUnit's XML of findings whose texts come from strangers."""

from __future__ import annotations

from io import StringIO
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from trailwarden.errors import Location
from trailwarden.report.lint_junit import render_junit
from trailwarden.stack.lint import Finding
from trailwarden.text import visible


def _root(*findings: Finding) -> ElementTree.Element:
    stream = StringIO()
    render_junit(findings, stream)
    assert stream.getvalue().isascii()
    return ElementTree.fromstring(stream.getvalue())


@given(st.text())
@example("\x00\x1b\ud800\ufffe\uffff]]>&<\"'\n😀")
def test_any_text(text: str) -> None:
    root = _root(Finding("TW303", text, text, Location(text, 3), "warning"))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    # Two characters have no place in XML, and are shown as others of their kind are.
    shown = visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    assert failure.get("message") == shown
    assert root[0].get("name") == shown


def test_a_place_without_a_line() -> None:
    [case] = _root(Finding("TW404", "wrong", "", Location("arn:x"), "note"))[0]
    assert case.attrib == {
        "name": "TW404 arn:x",
        "classname": "trailwarden.lint.TW404",
        "file": "arn:x",
    }
    assert case[0].text == "arn:x TW404 note: wrong"
