"""JUnit's XML is well formed whatever the texts hold, and says what readers look for."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from trailwarden.report import junit
from trailwarden.report.junit import Suite, render_suites


def rendered(*suites: Suite) -> ET.Element:
    stream = io.StringIO()
    render_suites(suites, stream)
    text = stream.getvalue()
    assert text.isascii()
    return ET.fromstring(text)


def test_what_a_reader_sees() -> None:
    root = rendered(
        Suite(
            "security.yaml",
            (
                junit.Test("root", "cis", seconds=0.25),
                junit.Test(
                    "mfa", "cis", "line one\nline two", "it failed", "FAIL", file="a", line=3
                ),
                junit.Test("org", "cis", skipped="not in the template"),
            ),
        )
    )
    assert root.attrib == {
        "name": "trailwarden", "tests": "3", "failures": "1", "skipped": "1", "time": "0.250",
    }  # fmt: skip
    suite = root[0]
    assert suite.attrib["name"] == "security.yaml"
    passed, failed, skipped = suite
    assert passed.attrib == {"name": "root", "classname": "cis", "time": "0.250"}
    assert len(passed) == 0
    assert failed.attrib["file"] == "a"
    assert failed.attrib["line"] == "3"
    assert failed[0].tag == "failure"
    assert failed[0].attrib == {"message": "it failed", "type": "FAIL"}
    assert failed[0].text == "line one\nline two"
    assert skipped[0].attrib == {"message": "not in the template"}


@given(st.text(), st.text())
def test_hostile_texts_stay_texts(name: str, failure: str) -> None:
    root = rendered(Suite(name, (junit.Test(name, name, failure, failure, failure, file=name),)))
    assert [element.tag for element in root.iter()][:3] == ["testsuites", "testsuite", "testcase"]
    assert len(root[0][0]) == bool(failure)
