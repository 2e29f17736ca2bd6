from __future__ import annotations

import io
import subprocess
import sys

import pytest

from tests.report.outcomes import example_outcome, hostile_outcome
from tests.report.rendering import plain_environment, rendered
from trailwarden import report
from trailwarden.errors import UsageError


def test_formats() -> None:
    assert report.FORMATS == ("terminal", "json", "jsonl", "csv", "html")


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="terminal, json, jsonl, csv, html"):
        report.render(example_outcome(), "yaml", io.StringIO())


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, trailwarden.report; print({'rich', 'csv', 'json'} & {*sys.modules})"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "shift_jis"])
@pytest.mark.parametrize("name", ["terminal", "json", "jsonl", "csv"])
def test_no_encoding_makes_a_report_fail(
    monkeypatch: pytest.MonkeyPatch, encoding: str, name: str
) -> None:
    plain_environment(monkeypatch)
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    report.render(hostile_outcome(), name, stream)
    assert stream.errors == "strict"
    text = raw.getvalue().decode(encoding)
    if encoding == "utf-8":
        assert text == rendered(hostile_outcome(), name)
    assert "?" * 5 not in text


def test_ascii_spells_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_environment(monkeypatch)
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    report.render(example_outcome(), "terminal", stream)
    text = raw.getvalue().decode()
    assert "2024-03-04T08:00:00Z -> 2024-03-06T11:17:00Z" in text
    assert "o root-usage  Sum of SecurityMetrics/root-usage >= 1" in text
    assert "\\u" not in text
