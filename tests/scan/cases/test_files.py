"""Events from files: packagings, shifted times, copies, what cannot be used."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.records import log_file, record
from trailwarden.errors import DefinitionError
from trailwarden.scan.cases import CaseResult, read_cases, run_cases

FILTER = "cis-cloudtrail-config-changes"


def run(folder: Path, event: str, expect: str) -> CaseResult:
    path = folder / "tests.yaml"
    path.write_text(
        f"stack: cis\ntests:\n - name: t\n   events: [{event}]\n   expect: {{{expect}}}\n"
    )
    [result] = run_cases(read_cases(str(path)))
    return result


def stops() -> bytes:
    return log_file(
        [
            record("StopLogging", minute, eventSource="cloudtrail.amazonaws.com")
            for minute in (3, 0.5)
        ]
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_times_stay(tmp_path: Path, pack: type[bytes]) -> None:
    (tmp_path / "records").write_bytes(pack(stops()))
    result = run(tmp_path, "{file: records}", f"matches: {{{FILTER}: 0}}")
    [mismatch] = result.mismatches
    assert mismatch.came == "2 matches"
    assert [line[:20] for line in mismatch.details] == [
        "2024-05-01T12:03:00Z",
        "2024-05-01T12:00:30Z",
    ]


def test_times_are_shifted(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(stops())
    result = run(tmp_path, '{file: records, at: "00:07"}', f"matches: {{{FILTER}: 0}}")
    assert [line[:20] for line in result.mismatches[0].details] == [
        "2025-01-01T00:09:30Z",
        "2025-01-01T00:07:00Z",
    ]


def test_a_record_counts_once(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(stops())
    result = run(tmp_path, "{file: records}, {file: records}", f"matches: {{{FILTER}: 2}}")
    assert result.passed


def test_long_silence_before_a_question(tmp_path: Path) -> None:
    event = "{at: 1m, event: StopLogging, source: cloudtrail}"
    asked = f"alarms: [{{at: 300d, alarm: {FILTER}, state: OK, fired: 1}}]"
    assert run(tmp_path, event, asked).passed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "cannot be used"),
        (b"no json", "cannot be used"),
        (b'{"Records": []}', "cannot be used"),
        (stops()[:-40], "cannot be used"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "records").write_bytes(content)
    with pytest.raises(DefinitionError, match=message) as caught:
        run(tmp_path, "{file: records}", f"matches: {{{FILTER}: 0}}")
    assert caught.value.location is not None
    assert (caught.value.location.line, caught.value.location.column) == (4, 20)


@pytest.mark.parametrize("at", ["", ", at: 1m"])
def test_a_record_without_a_time(tmp_path: Path, at: str) -> None:
    (tmp_path / "records").write_bytes(log_file([record(), record(eventTime=7)]))
    with pytest.raises(DefinitionError, match="no eventTime"):
        run(tmp_path, f"{{file: records{at}}}", f"matches: {{{FILTER}: 0}}")
