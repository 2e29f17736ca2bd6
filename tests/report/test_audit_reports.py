"""An audit in each format: whole, harmless, bounded."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from tests.report.hostile import HOSTILE
from tests.report.html_parsing import Page, _Parser
from tests.report.rendering import Terminal, plain_environment
from trailwarden.audit.model import Audit, ControlAudit
from trailwarden.audit.run import audit
from trailwarden.errors import Location, UsageError
from trailwarden.report.audit_csv import COLUMNS
from trailwarden.report.audit_report import FORMATS, render_audit
from trailwarden.report.audit_view import evidence_of, short_form
from trailwarden.stack import Note, NotRun, Stack, Trail, load
from trailwarden.text import visible

NOW = datetime(2025, 6, 1, 12, 30, 0, 250_000, tzinfo=UTC)
_COLOUR = re.compile(r"\x1b\[[\d;]*m")
DOCUMENT = Path(__file__).parents[2] / "docs" / "audit.md"


@cache
def bare() -> Audit:
    """The built-in stack as a template: nothing wrong, and not everything known."""
    return audit(load("cis"), now=NOW)


@cache
def mixed() -> Audit:
    """Controls of every status, in two versions."""
    stack = load("cis-1.2.0")
    alarms = tuple(a for a in stack.alarms if not a.alarm_name.endswith("vpc-changes"))
    stack = replace(stack, alarms=alarms, account="111122223333")
    return audit(stack, ["1.2.0", "5.0.0"], now=NOW)


@cache
def hostile(is_live: bool) -> Audit:
    """Every name that somebody else may write is an attack on some output."""
    stack = load("cis")
    texts = [*HOSTILE.values()]
    filters = [
        replace(one, filter_name=texts[n % len(texts)])
        for n, one in enumerate(stack.metric_filters)
    ]
    alarms = [
        replace(
            one,
            alarm_name=texts[n % len(texts)],
            alarm_actions=(texts[-1 - n % len(texts)],),
            evaluation_periods=1 + n % 3,
        )
        for n, one in enumerate(stack.alarms)
    ]
    for n in (0, 5):  # without DefaultValue others are not read: these lose their metric
        alarms[n] = replace(alarms[n], metric_name=texts[n])
    return audit(
        Stack(
            name=HOSTILE["html"],
            source=HOSTILE["escape"],
            trails=tuple(Trail(text, text) for text in texts),
            metric_filters=tuple(filters),
            alarms=tuple(alarms),
            topics=tuple(replace(stack.topics[0], topic_name=t, arn=t) for t in texts[:5]),
            notes=tuple(Note("access-denied", text) for text in texts),
            not_run=tuple(
                NotRun(text, "AWS::CloudWatch::Alarm", text, Location(text)) for text in texts
            ),
            region=HOSTILE["bidi"],
            account=HOSTILE["formula"],
            locations={
                (kind, text): Location(text, 1, 2, text)
                for text in texts
                for kind in ("Alarm", "MetricFilter", "Topic", "Trail")
            },
        ),
        is_live=is_live,
        now=NOW,
    )


@pytest.fixture(autouse=True)
def _the_width_of_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def rendered(found: Audit, name: str) -> str:
    stream = io.StringIO(newline="")
    render_audit(found, name, stream)
    return stream.getvalue()


def parsed(found: Audit) -> Page:
    page = Page(rendered(found, "html"))
    parser = _Parser(page)
    parser.feed(page.source)
    parser.close()
    assert parser.open == []
    return page


# --- all of them -----------------------------------------------------------------------------
def test_an_unknown_format() -> None:
    with pytest.raises(UsageError, match="no report format 'pdf'"):
        render_audit(bare(), "pdf", io.StringIO())


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("found", [bare, mixed])
def test_the_same_audit_makes_the_same_report(found: Callable[[], Audit], name: str) -> None:
    assert rendered(found(), name) == rendered(found(), name) != ""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("is_live", [True, False])
def test_hostile_names_do_no_harm(name: str, is_live: bool) -> None:
    text = rendered(hostile(is_live), name)
    lines = re.split(r"\r\n|\n", text)
    assert all(visible(line) == line for line in lines)
    assert len(text) < 600_000
    if name in ("html", "json", "ocsf", "junit"):
        assert text.isascii()


@pytest.mark.parametrize("is_live", [True, False])
def test_messages_are_harmless(is_live: bool) -> None:
    for one in hostile(is_live).controls:
        for finding in one.findings:
            for text in (finding.message, finding.cure):
                assert visible(text) == text
                assert len(text) < 2_000


# --- terminal --------------------------------------------------------------------------------
def test_the_terminal_shows_a_table() -> None:
    lines = rendered(bare(), "terminal").splitlines()
    for line in (
        "trailwarden · cis from builtin:cis",
        "  15 controls of CIS AWS Foundations 7.0.0, all the way to people: 15 UNKNOWN",
        "  as far as filters and alarms go: 15 PASS (CIS 15 of 15; beyond CIS 15 of 15)",
        "CIS 7.0.0  15 UNKNOWN; beyond CIS 15 of 15",
        "  UNKNOWN  all of them: nobody in this template is subscribed to the topic 'cis-alarms'",
        "  5.1      the alarm 'cis-unauthorized-api-calls' fires from 10 events within 5 minutes",
    ):
        assert line in lines, line
    head = next(line for line in lines if line.startswith("  ID"))
    assert head.split() == [
        "ID", "CONTROL", "CIS", "NAMED", "BEYOND", "FORGOTTEN", "PROWLER", "POWERPIPE", "SECURITY",
        "HUB",
    ]  # fmt: skip
    row = next(line for line in lines if line.startswith("  5.4 "))
    assert row.index("UNKNOWN") == head.index("CIS ")
    assert "16/16" in row
    assert row.rstrip().endswith("FAIL")


def test_the_terminal_shows_the_evidence() -> None:
    text = rendered(mixed(), "terminal")
    lines = text.splitlines()
    assert "CIS 1.2.0  1 FAIL, 13 UNKNOWN; beyond CIS 1 of 14" in lines
    begin = lines.index("3.14, 4.14  Ensure a log metric filter and alarm exist for VPC changes")
    part = "\n".join(lines[begin : lines.index("", begin)])
    assert "  FAIL     no alarm reads the metric of the filter 'cis-1.2.0-vpc-changes'" in part
    assert "cure: add an alarm on the same namespace" in part
    assert "at builtin:cis-1.2.0:" in part
    assert "  escapes  CreateVpc of ec2.amazonaws.com, by IAMUser" in part
    # What both versions say is said once, and what is whole is not said.
    assert text.count("no alarm reads the metric of") == 1
    assert "CIS 5.0.0: no filter matches 1 of 7 events that the benchmark names: Modify" in text
    assert "(NACL)" not in text.partition("For several controls")[2]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("found", [bare, mixed, lambda: hostile(True)])
def test_the_terminal_fits(
    monkeypatch: pytest.MonkeyPatch, found: Callable[[], Audit], width: int
) -> None:
    plain_environment(monkeypatch)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(width))
    stream = Terminal()
    render_audit(found(), "terminal", stream)
    lines = _COLOUR.sub("", stream.getvalue()).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert next(line for line in lines if line.endswith("  WHY")).startswith("  ID ")


def test_a_narrow_terminal_breaks_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = rendered(bare(), "terminal").splitlines()
    titles = next(line for line in lines if "CONTROL " in line)
    assert titles.split() == ["ID", "CONTROL", "CIS", "NAMED", "BEYOND", "FORGOTTEN"]
    assert any(" CloudTrail " in line for line in lines)


def test_what_scanners_say_of_many_controls_is_said_once() -> None:
    nothing = replace(load("cis"), metric_filters=(), alarms=())
    lines = rendered(audit(nothing, now=NOW), "terminal").partition("What scanners")[2].splitlines()
    rows = [line.split()[:3] for line in lines[2:]]
    assert rows == [
        ["15", "controls", "Prowler"],
        ["15", "controls", "Powerpipe"],
        ["14", "controls", "Security"],
    ]


def test_an_encoding_without_the_characters() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    render_audit(bare(), "terminal", stream)
    assert stream.buffer.getvalue().startswith(b"trailwarden - cis")  # type: ignore[attr-defined]


# --- json ------------------------------------------------------------------------------------
def test_json() -> None:
    found = json.loads(rendered(mixed(), "json"))
    assert found["schema"] == "trailwarden.audit/2"
    assert found["time"] == "2025-06-01T12:30:00Z"
    assert (found["benchmarks"], found["account"]) == (["1.2.0", "5.0.0"], "111122223333")
    assert len(found["controls"]) == 14 + 15
    one = next(c for c in found["controls"] if c["id"] == "3.14")
    assert (one["status"], one["level"], one["named"]) == ("FAIL", 1, {"caught": 0, "all": 11})
    assert one["findings"][0]["location"]["key"] == "Resources.VpcChangesFilter"
    assert one["escapes"][0] == {"name": "CreateVpc", "is_named": True, "code": "no-alarm"}
    assert one["example"]["eventName"] == "CreateVpc"
    assert [v["scanner"] for v in one["scanners"]] == ["prowler", "powerpipe", "security-hub"]


def test_the_fields_of_json_are_documented() -> None:
    found = json.loads(rendered(mixed(), "json"))
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([\w\[\].]+)`", row.split("|")[1])}
    named = {name.removeprefix("controls[].") for name in named}
    assert found.keys() | found["controls"][0].keys() <= named


def test_the_codes_of_findings_are_documented() -> None:
    text = DOCUMENT.read_text()
    sources = Path(audit.__code__.co_filename).parent.glob("*.py")
    code = re.compile(r'"([a-z]+(?:-[a-z]+)+)",\s')
    known = {found for path in sources for found in code.findall(path.read_text())}
    known -= {
        "no-metric-filters",
        "security-hub",
        "console-signin-without-mfa",
        "unauthorized-api-calls",
    }
    known = {one for one in known if not one.endswith("-changes")}
    assert len(known) > 15
    assert {one for one in known if f"`{one}`" not in text} == set()


# --- csv, junit, ocsf ------------------------------------------------------------------------
def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered(mixed(), "csv"), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["id"] for row in rows[:2]] == ["3.1", "3.2"]
    row = next(row for row in rows if row["id"] == "3.14")
    assert (row["status"], row["named_caught"], row["named"]) == ("FAIL", "0", "11")
    assert row["escapes"].startswith("CreateVpc; DeleteVpc")
    assert row["security_hub"] == "FAIL"


def test_csv_holds_no_formula() -> None:
    for row in csv.reader(io.StringIO(rendered(hostile(True), "csv"), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_junit() -> None:
    root = ElementTree.fromstring(rendered(mixed(), "junit"))
    assert [suite.attrib["name"] for suite in root] == [
        "CIS AWS Foundations 1.2.0",
        "CIS AWS Foundations 5.0.0",
    ]
    tests = {test.attrib["name"]: test for test in root[0]}
    title = "Ensure a log metric filter and alarm exist for"
    vpc = tests[f"3.14 {title} VPC changes"]
    nacl = tests[f"3.11 {title} changes to Network Access Control Lists (NACL)"]
    assert (vpc[0].tag, vpc[0].attrib["type"]) == ("failure", "FAIL")
    assert vpc.attrib["file"] == "builtin:cis-1.2.0"
    assert "escapes, for example: CreateVpc" in (vpc[0].text or "")
    assert nacl[0].tag == "skipped"
    assert "no trail in this template" in nacl[0].attrib["message"]


def findings_of(found: Audit) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads(rendered(found, "ocsf"))
    return made


def test_ocsf() -> None:
    made = {one["finding_info"]["uid"]: one for one in findings_of(mixed())}
    assert len(made) == 14 + 15
    one = made["trailwarden-111122223333-1.2.0-vpc-changes"]
    assert (one["class_uid"], one["category_uid"], one["type_uid"]) == (2003, 2, 200301)
    assert one["time"] == int(NOW.timestamp() * 1000)
    assert (one["severity_id"], one["severity"]) == (4, "High")
    assert one["compliance"]["standards"] == ["CIS AWS Foundations Benchmark v1.2.0"]
    assert (one["compliance"]["control"], one["compliance"]["status_id"]) == ("3.14", 3)
    assert one["cloud"]["account"]["uid"] == "111122223333"
    kinds = {resource["type"] for resource in one["resources"]}
    assert kinds == {"AWS::Logs::MetricFilter"}
    nacl = made["trailwarden-111122223333-5.0.0-nacl-changes"]
    assert (nacl["compliance"]["status"], nacl["compliance"]["status_code"]) == (
        "Warning",
        "UNKNOWN",
    )


@pytest.mark.parametrize("found", [bare, mixed, lambda: hostile(True)])
def test_ocsf_has_what_the_schema_requires(found: Callable[[], Audit]) -> None:
    required = {
        "activity_id", "category_uid", "class_uid", "cloud", "compliance", "finding_info",
        "metadata", "severity_id", "time", "type_uid",
    }  # fmt: skip
    for one in findings_of(found()):
        assert required <= one.keys()
        assert {"product", "version"} <= one["metadata"].keys()
        assert one["cloud"]["provider"]
        assert one["compliance"]["standards"]
        assert one["compliance"]["status_id"] in (1, 2, 3)
        assert one["finding_info"]["uid"]
        assert one["finding_info"]["title"]
        assert all(resource.get("uid") or resource.get("name") for resource in one["resources"])
        assert one.get("remediation", {"desc": "x"})["desc"]


# --- html ------------------------------------------------------------------------------------
def test_html_links_lead_somewhere() -> None:
    page = parsed(mixed())
    targets = {element.attributes.get("id") for element in page.elements}
    links = [element.attributes["href"] for element in page.all("a")]
    assert len(links) == 1 + 14 + 15
    assert {link for link in links if link.removeprefix("#") not in targets} == set()
    headings = [element.text for element in page.all("h2")]
    assert headings[:3] == ["CIS 1.2.0", "CIS 5.0.0", "For several controls"]
    assert "3.14, 4.14 Ensure a log metric filter and alarm exist for VPC changes" in headings


def test_html_holds_the_example() -> None:
    texts = [element.text for element in parsed(mixed()).all("pre")]
    assert any(json.loads(text)["eventName"] == "CreateVpc" for text in texts)


@pytest.mark.parametrize("found", [mixed, lambda: hostile(True), lambda: hostile(False)])
def test_html_runs_nothing(found: Callable[[], Audit]) -> None:
    page = parsed(found())
    assert not page.all("script")
    assert not page.all("img")
    style = page.one("style").text
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert page.policy["style-src"] == [f"'sha256-{digest}'"]
    assert page.policy["default-src"] == ["'none'"]
    names = {name for element in page.elements for name in element.attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}


# --- the view --------------------------------------------------------------------------------
def test_what_several_controls_share_is_told_once() -> None:
    common, own = evidence_of(bare())
    assert [(one.finding.code, one.is_all) for one in common] == [
        ("no-trail", True),
        ("no-subscriber", True),
    ]
    assert {finding.code for one in own for finding in one.findings} == {"threshold"}
    assert [one.ids for one in own][:2] == [["5.1"], ["5.2"]]


def test_of_several_versions_the_worst_stands_for_a_control() -> None:
    _, own = evidence_of(mixed())
    for evidence in own:
        key = evidence.control.control.key
        same = [one for one in mixed().controls if one.control.key == key]
        assert _rank(evidence.control) == max(map(_rank, same))
        assert evidence.ids == [one.id for one in same]


def _rank(one: ControlAudit) -> int:
    return ("PASS", "UNKNOWN", "FAIL").index(one.status)


def test_short_forms() -> None:
    record = {"eventName": "A", "eventSource": "b", "userIdentity": {"type": "Root"}}
    assert short_form(record) == "A of b, by Root"
    assert short_form(record | {"errorCode": "No\x1b"}) == "A of b, by Root: No\\x1b"
    assert short_form({"userIdentity": "odd"}) == "None of None, by ?"
