"""Small reproductions of what public archives hold, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared_data import FOLDER
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack import load

CASES = FOLDER.parent / "cases" / "public"
EXPECTED = {
    "15-control-message-among-data": (1, []),
    "16-subscription-in-base64": (2, []),
    "17-logs-insights-of-the-cli": (2, []),
    "18-lost-in-silence": (1, []),
    "19-packed-files-in-a-folder": (2, []),  # the packed day is read
    "24-git-lfs-pointer": (0, ["git-lfs-pointer"]),
    "25-terraform-and-csv/event_history.csv": (0, ["event-history-csv"]),
}


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_inputs_of_public_archives(name: str) -> None:
    path = CASES / name
    archive = path / "logs" if path.is_dir() else path
    read = scan(load("cis"), str(archive), ScanOptions(processes=1)).input
    assert (read.events, [problem.code for problem in read.problems]) == EXPECTED[name]


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_a_filter_on_another_log_group_of_a_public_template() -> None:
    path: Path = CASES / "21-filter-on-another-log-group"
    outcome = scan(load(str(path / "stack.yaml")), str(path / "logs"), ScanOptions(processes=1))
    assert (outcome.filters, outcome.alarms) == ((), ())
    assert outcome.input.events == 1
