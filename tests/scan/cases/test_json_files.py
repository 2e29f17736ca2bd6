"""Files of tests in JSON, as programs write them."""

from __future__ import annotations

import json
from pathlib import Path

from trailwarden.scan.cases import read_cases, run_cases
from trailwarden.scan.cases.files import files_of

EMOJI = "\N{GRINNING FACE}"


def written(folder: Path) -> Path:
    """A file with what JSON has and YAML has not: surrogates, escaped slashes, long keys."""
    fields = {"k" * 2000: 1}
    event = {"event": "StopLogging", "at": "00:02", "user": f"a/{EMOJI}", "fields": fields}
    alarm = {"alarm": "cis-cloudtrail-config-changes", "principals": [f"user/a/{EMOJI}"]}
    test = {"name": "t", "events": [event], "expect": {"alarms": [alarm]}}
    path = folder / "tests.json"
    text = json.dumps({"stack": "cis", "tests": [test]}).replace("/", "\\/")
    path.write_text(text, "utf-8-sig", newline="\r\n")
    return path


def test_json_is_read_as_json(tmp_path: Path) -> None:
    [result] = run_cases(read_cases(str(written(tmp_path))))
    assert result.passed, result.mismatches


def test_its_files_are_known(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8-sig").replace('"cis"', '"my\\/stack.yaml"'))
    assert files_of(str(path)) == (path, tmp_path / "my/stack.yaml")
