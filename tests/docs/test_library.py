"""The examples of the page on the library run, one after the other."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.cli.templates import STOPS
from tests.records import log_file, record

PAGE = Path(__file__).resolve().parents[2] / "docs/library.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "logs").mkdir()
    records = [
        record("StopLogging", 3, user="mallory", requestParameters={"name": "audit-trail"}),
        record(minute=40),
    ]
    (tmp_path / "logs/a.json.gz").write_bytes(gzip.compress(log_file(records)))
    (tmp_path / "logs/b.json").write_text("no records")
    (tmp_path / "security.yaml").write_text("Resources:\n" + STOPS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    printed = []
    for example in EXAMPLES:
        exec(compile(example, str(PAGE), "exec"), names)
        printed.append(capsys.readouterr().out.splitlines())
    scanned, counted, matched, rendered, judged, audited = printed
    assert scanned[0] == "2 records in 2 files"
    assert scanned[1].startswith("stopped 2024-05-01 12:04:00+00:00 1 user/mallory (111122223333)")
    assert "b.json" in scanned[2]
    assert counted == ["1 2"]
    assert matched == [
        "2024-05-01 12:03:00+00:00 Stops user/mallory (111122223333) StopLogging ('audit-trail',)"
    ]
    assert rendered == ["('terminal', 'json', 'jsonl', 'csv', 'html') True"]
    assert judged == ["True", "ALARM"]
    assert len(audited) > 10
    assert "['stopped']" in audited[-1]
