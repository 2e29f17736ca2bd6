from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.text import Text

from tests.report.outcomes import (
    busy_outcome,
    empty_outcome,
    example_outcome,
    hostile_outcome,
)
from tests.report.rendering import on_terminal, plain_environment, rendered
from trailwarden.monitor.outcome import Outcome, PrincipalCount
from trailwarden.monitor.tally import OTHERS

ANSI = re.compile(r"\x1b\[([0-9;]*)m")
DANGEROUS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_environment(monkeypatch)


def sections(text: str) -> dict[str, str]:
    """The parts of a report by their titles, which stand at the margin after an empty line."""
    found = re.split(r"\n\n(?=[A-Z])", text)
    return {re.split(r"  |\n", part)[0]: part for part in found}


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_head_says_what_was_scanned() -> None:
    head = flat(rendered(example_outcome(), "terminal").split("\n\nAlarms\n")[0])
    assert "security over logs/2024" in head
    assert "184,392 events in 1,204 files, 48.1 MiB (584.5 MiB uncompressed)" in head
    assert "312 duplicates left out" in head
    assert "; 48 digest, 2 insight files left out" in head
    assert "2024-03-04T08:00:00Z → 2024-03-06T11:17:00Z (2 d 3 h)" in head
    assert "1.9 s, 95,342 events/s, 302.2 MiB/s" in head
    assert "4 of 12 alarms fired: 6 incidents, 3 principals" in head
    assert "4 inputs could not be used: see Problems" in head


def test_alarms_that_fired_come_first_and_quiet_ones_share_a_line() -> None:
    alarms = sections(rendered(example_outcome(), "terminal"))["Alarms"]
    rows = [line.split() for line in alarms.splitlines()[2:6]]
    assert [row[:3] for row in rows] == [
        ["root-usage", "3", "OK"],
        ["unauthorized-calls", "1", "OK"],
        ["security-group-changes", "1", "ALARM"],
        ["account-takeover", "1", "OK"],
    ]
    assert rows[0][3:] == ["2024-03-04", "09:02", "4", "Root"]


def test_missing_data_are_explained() -> None:
    text = rendered(example_outcome(), "terminal")
    quiet = flat(sections(text)["Alarms"].partition("\n\n")[2])
    assert quiet.startswith("7 never fired: failed-logins, iam-policy-changes")
    assert "1 in INSUFFICIENT_DATA, fed by no metric filter of the stack: queue-age" in quiet
    empty = rendered(empty_outcome(), "terminal")
    assert "1 in INSUFFICIENT_DATA, never given data: root-usage" in empty


def test_an_incident_tells_when_who_what_where_and_why() -> None:
    incidents = flat(sections(rendered(example_outcome(), "terminal"))["Incidents"])
    assert (
        "○ root-usage Sum of SecurityMetrics/root-usage ≥ 1 in 5 min; missing data do not breach "
        "2024-03-04T09:02:00Z 1 event by Root from 203.0.113.50, for 1 min ConsoleLogin "
        "Threshold Crossed: 1 datapoint [1.0 (04/03/24 08:57:00)]"
    ) in incidents
    assert "DescribeInstances ×2 (AccessDenied), RunInstances (AccessDenied)" in incidents
    assert "3 events by Root from 203.0.113.50, for 1 h 6 min ConsoleLogin, CreateAcc" in incidents
    assert "● security-group-changes" in incidents
    assert "1 event by AdminRole/alice from 198.51.100.99, still in ALARM at the end" in incidents


def test_a_composite_alarm_shows_its_rule_and_the_child_that_decided() -> None:
    incidents = flat(rendered(example_outcome(), "terminal").split("○ account-takeover")[1])
    assert incidents.startswith("ALARM(root-usage) AND ALARM(unauthorized-calls)")
    assert "7 events by user/deploy ×4, Root ×3 from 203.0.113.50, 192.0.2.33" in incidents
    assert "alarm:unauthorized-calls transitioned to ALARM at Monday 04 March, 2024" in incidents


def test_the_other_sections_of_the_example() -> None:
    parts = {
        name: flat(part) for name, part in sections(rendered(example_outcome(), "terminal")).items()
    }
    assert list(parts)[1:] == [
        "Alarms",
        "Incidents",
        "Principals",
        "Matches without an alarm",
        "Problems",
        "Gaps",
        "Notes",
        "Not run",
    ]
    assert "Root 3 2024-03-04 09:02 root-usage" in parts["Principals"]
    matches = parts["Matches without an alarm"]
    assert "failed-logins 2 2024-03-04T13:01:00Z user/deploy failed-logins did not fire" in matches
    assert "bucket-policy-changes 1" in matches
    assert "no alarm watches its metric" in matches
    problems = parts["Problems"]
    assert "● bad-record ×3 a record is not valid JSON" in problems
    assert "logs/2024/03/04/0915.json.gz:1:88412 (Records[17]) ×3" in problems
    assert "cure: copy the file again from its bucket" in problems
    assert "2024-03-05T04:00:00Z → 2024-03-05T07:12:00Z 3 h 12 min" in parts["Gaps"]
    assert "templates/security.yaml:88:5 (Resources.BucketFilter)" in parts["Notes"]
    assert "AWS::Lambda::Function Responder, Cleaner: functions are not run" in parts["Not run"]


def test_an_empty_archive_says_so() -> None:
    text = rendered(empty_outcome(), "terminal")
    assert "No events were read, so no alarm could fire: check the archive's path." in text
    assert "no alarm fired" in text
    assert "Incidents" not in text
    since = replace(empty_outcome(), since=example_outcome().input.first_event)
    assert "the archive's path, --since and --until." in rendered(since, "terminal")
    assert "since 2024-03-04T08:00:00Z" in rendered(since, "terminal")


def test_hundreds_of_incidents_stay_a_page_or_two() -> None:
    text = rendered(busy_outcome(), "terminal")
    assert len(text.splitlines()) < 320
    assert "… 298 more incidents: --output json or --output html" in text
    assert "698 events" not in text
    assert "699 events" in text  # the newest
    assert "6 more kinds of problem; all of them: --output json" in text
    assert "… and 33 more places" in text
    assert "the longest of 200 gaps, together 10 d 10 h" in text
    assert "30 more notes: --output json" in text
    assert "87 more principals: --output json or --output html" in text
    assert "by time of delivery" in text


def test_the_rest_of_the_principals_is_not_one_more() -> None:
    outcome = example_outcome()
    quiet, fired, *later = outcome.alarms[2].transitions
    several = replace(fired, principals=(PrincipalCount(OTHERS, 9), *fired.principals))
    alarm = replace(outcome.alarms[2], transitions=(quiet, several, *later))
    alarms = (*outcome.alarms[:2], alarm, *outcome.alarms[3:])
    text = rendered(replace(outcome, alarms=alarms), "terminal")
    assert "6 incidents, 3 principals" in text
    assert "(others)" in sections(text)["Principals"]


def test_very_many_alarms_are_bounded_too() -> None:
    outcome = busy_outcome(2)
    many = tuple(outcome.alarms[0] for _ in range(80))
    text = rendered(replace(outcome, alarms=many), "terminal")
    assert "30 more fired: --output json or --output html" in text
    assert "50 more alarms fired: --output json or --output html" in text


def test_a_file_gets_plain_text_without_trailing_blanks() -> None:
    text = rendered(example_outcome(), "terminal")
    assert "\x1b" not in text
    lines = text.splitlines()
    assert all(line == line.rstrip() for line in lines)
    assert 100 < max(cell_len(line) for line in lines) <= 120
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_a_file_is_as_wide_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    widest = max(cell_len(line) for line in rendered(example_outcome(), "terminal").splitlines())
    assert 80 < widest <= 90


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_terminal(monkeypatch, example_outcome(), 100)
    assert "\x1b[1;31mALARM" in text
    assert "\x1b[32mOK" in text


def test_a_terminal_gets_no_trailing_blanks_either(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = on_terminal(monkeypatch, example_outcome(), 100).splitlines()
    plain = [ANSI.sub("", line) for line in lines]
    assert all(line == line.rstrip() for line in plain)
    # No style runs on into the next line.
    assert {codes[-1] for line in lines if (codes := ANSI.findall(line))} == {"0"}


@pytest.mark.parametrize("columns", [60, 80, 100, 140, 200])
def test_it_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    for outcome in (example_outcome(), busy_outcome(20), hostile_outcome()):
        plain = Text.from_ansi(on_terminal(monkeypatch, outcome, columns)).plain
        assert max(cell_len(line) for line in plain.splitlines()) <= columns


def test_times_are_never_broken_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Text.from_ansi(on_terminal(monkeypatch, example_outcome(), 80)).plain
    assert not re.search(r"\d{4}-\d\d-\d\dT[0-9:]*\s", plain)


def test_no_color_means_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    text = on_terminal(monkeypatch, example_outcome(), 100, NO_COLOR="1")
    codes = {code for found in ANSI.findall(text) for code in found.split(";")}
    assert codes <= {"", "0", "1", "2"}  # bold and dim are no colours


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in on_terminal(monkeypatch, example_outcome(), 100, TERM="dumb")


def test_hostile_texts_are_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome: Outcome = hostile_outcome()
    plain = rendered(outcome, "terminal")
    coloured = on_terminal(monkeypatch, outcome, 120)
    assert not DANGEROUS.search(plain)
    assert not DANGEROUS.search(ANSI.sub("", coloured))
    assert "[bold red]danger[/bold red]" in plain  # markup stays a text
    assert ":smile:" in plain
    assert "\\x1b[2J" in plain
    assert len(plain) < 60_000
