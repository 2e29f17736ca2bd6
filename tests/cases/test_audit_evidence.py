"""Exceptions, provenance and evidence of an audit, as an auditor meets them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Result
from tests.cli.conftest import cli as cli  # noqa: PLC0414 - a fixture
from tests.cli.templates import STOPS

Cli = Callable[..., Result]
GONE = """\
[[exceptions]]
control = "organizations-changes"
reason = "this account is in no organization"
owner = "platform@example.com"
expires = 2999-12-31
"""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def audited(cli: Cli, *arguments: object) -> Any:
    return json.loads(cli("audit", *arguments, "--output", "json").out)


def of(found: Any, key: str) -> Any:
    return next(one for one in found["controls"] if one["key"] == key)


# --- titles, and what lies beyond ------------------------------------------------------------
@pytest.mark.parametrize(
    ("version", "title"),
    [
        ("1.4.0", 'Ensure a log metric filter and alarm exist for usage of "root" account'),
        ("4.0.1", "Ensure usage of the 'root' account is monitored"),
    ],
)
def test_every_format_has_the_title_of_the_version(
    cli: Cli,
    version: str,
    title: str,
) -> None:
    def out(form: str) -> str:
        return cli("audit", "--version", version, "--output", form).out

    assert of(json.loads(out("json")), "root-usage")["title"] == title
    assert of(json.loads(out("json")), "root-usage")["gloss"] == "use of the root user"
    rows = csv.DictReader(io.StringIO(out("csv")))
    assert title in [row["title"] for row in rows]
    ocsf = json.loads(out("ocsf"))
    assert [title] in [one["compliance"]["requirements"] for one in ocsf]
    tests = ElementTree.fromstring(out("junit")).iter("testcase")
    assert f"4.3 {title}" in [test.attrib["name"] for test in tests]
    words = out("html").replace("&#39;", "'").replace("&quot;", '"').replace("&#x27;", "'")
    assert title in words
    assert title.split()[3] in out("terminal")


def test_noise_and_forgotten_events_do_not_fail_the_benchmark(cli: Cli) -> None:
    found = audited(cli, "--stack", "cis-1.2.0", "--version", "5.0.0")
    assert found["summary"] == [
        {
            "benchmark": "5.0.0",
            "controls": 15,
            "status": {"UNKNOWN": 13, "FAIL": 2},
            "detection": {"PASS": 13, "FAIL": 2},
            "beyond": {"WEAK": 14, "PASS": 1},
        }
    ]
    one = of(found, "vpc-changes")
    assert (one["detection"], one["beyond"], one["forgotten"]["caught"]) == ("PASS", "WEAK", 0)


def test_an_alarm_about_something_else_is_none_of_the_control(
    cli: Cli,
    tmp_path: Path,
) -> None:
    (tmp_path / "s.yaml").write_text(f"Resources:\n{STOPS}")
    found = audited(cli, "--stack", "s.yaml")
    one = of(found, "cloudtrail-config-changes")
    assert (one["status"], one["beyond"]) == ("FAIL", "WEAK")


# --- exceptions ------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["organizations-changes", "4.15"])
def test_an_excepted_control_is_never_shown_as_passed(
    cli: Cli,
    tmp_path: Path,
    name: str,
) -> None:
    path = tmp_path / "accepted.toml"
    path.write_text(GONE.replace("organizations-changes", name))
    options = ("--stack", "cis-1.2.0", "--version", "4.0.1", "--exceptions", path)
    found = audited(cli, *options)
    one = of(found, "organizations-changes")
    assert (one["status"], one["detection"], one["judged"]) == ("EXCEPTED", "EXCEPTED", "FAIL")
    assert one["exception"]["owner"] == "platform@example.com"
    assert found["exceptions"][0]["state"] == "holds"
    words = " ".join(cli("audit", *options).out.split())
    assert "1 EXCEPTED, 14 PASS (CIS 14 of 15, 1 excepted;" in words
    assert "by platform@example.com until 2999-12-31" in words
    assert cli("audit", *options, "--fail-on", "fail").status == 0
    assert cli("audit", *options[:-2], "--fail-on", "fail").status == 1
    assert cli("audit", *options, "--fail-on", "prowler").status == 1
    row = next(
        row
        for row in csv.DictReader(io.StringIO(cli("audit", *options, "--output", "csv").out))
        if row["key"] == "organizations-changes"
    )
    assert (row["status"], row["excepted_until"]) == ("EXCEPTED", "2999-12-31")
    (skipped,) = ElementTree.fromstring(cli("audit", *options, "--output", "junit").out).findall(
        ".//testcase[@name='4.15 Ensure AWS Organizations changes are monitored']/skipped"
    )
    assert "excepted by platform@example.com" in skipped.attrib["message"]
    codes = [
        one["compliance"] for one in json.loads(cli("audit", *options, "--output", "ocsf").out)
    ]
    assert ("Warning", "EXCEPTED") in [(one["status"], one["status_code"]) for one in codes]


@pytest.mark.parametrize(
    ("old", "new", "state", "words"),
    [
        ("2999-12-31", "2020-01-31", "expired", "expired on 2020-01-31"),
        ("organizations-changes", "root-use", "unknown", "did you mean 'root-usage'?"),
        ("organizations-changes", "3.5", "unused", "no control of the versions"),
    ],
)
def test_exceptions_that_do_nothing_are_told(
    cli: Cli,
    tmp_path: Path,
    old: str,
    new: str,
    state: str,
    words: str,
) -> None:
    (tmp_path / "trailwarden.toml").write_text(GONE.replace(old, new) + "\n[odd]\n")
    result = cli("audit", "--stack", "cis-1.2.0", "--output", "json")
    found = json.loads(result.out)
    assert found["exceptions"][0]["state"] == state
    assert of(found, "organizations-changes")["status"] == "FAIL"
    assert "trailwarden.toml:1" in result.err
    assert words in result.err
    assert words in " ".join(cli("audit", "--stack", "cis-1.2.0").out.split())
    sheet = list(csv.DictReader(io.StringIO(audit_as(cli, "csv"))))
    assert {words in row["exceptions_without_effect"] for row in sheet} == {True}
    suite = ElementTree.fromstring(audit_as(cli, "junit"))
    told = {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
    assert words in told["Exception without effect"]
    ocsf = json.loads(audit_as(cli, "ocsf"))
    assert {one["unmapped"]["exceptions"][0]["state"] for one in ocsf} == {state}


def audit_as(cli: Cli, form: str) -> str:
    return cli("audit", "--stack", "cis-1.2.0", "--output", form).out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GONE.replace("owner", "onwer"), "did you mean 'owner'?"),
        (GONE.replace("2999-12-31", '"soon"'), "'soon' is no date"),
        (GONE.replace("2999-12-31", "2999-12-31T00:00:00Z"), "this is a time, not a date"),
        (
            GONE.replace('reason = "this account is in no organization"\n', ""),
            "'reason' is missing",
        ),
        ("[[exception]]\n", "there is no key 'exception'"),
        ("- control: 4.15\n", "not TOML"),
    ],
)
def test_what_is_wrong_with_a_file_of_exceptions_is_told(
    cli: Cli,
    tmp_path: Path,
    text: str,
    message: str,
) -> None:
    (tmp_path / "e.toml").write_text(text)
    result = cli("audit", "--exceptions", "e.toml")
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert "e.toml" in result.err


# --- evidence --------------------------------------------------------------------------------
@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "stack.yaml"
    topic = "  Topic: {Type: AWS::SNS::Topic}\n"
    path.write_text(f"Resources:\n{topic}{STOPS}      AlarmActions: [!Ref Topic]\n")
    return path


def test_every_format_says_what_it_was_made_of(cli: Cli, template: Path) -> None:
    digest = hashlib.sha256(template.read_bytes()).hexdigest()
    for form in ("terminal", "json", "csv", "html", "ocsf", "junit"):
        out = cli("audit", "--stack", template, "--output", form).out
        assert digest in out.replace("\n           ", ""), form
        assert "botocore" in out, form
    found = audited(cli, "--stack", template)
    assert {"trailwarden", "benchmark data", "price list", "botocore"} == set(found["versions"])
    text = json.dumps(found["controls"], sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == found["result_sha256"]
    assert audited(cli, "--stack", template)["result_sha256"] == found["result_sha256"]


def test_the_evidence(cli: Cli, template: Path, tmp_path: Path) -> None:
    paths = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for path in paths:
        assert cli("audit", "--stack", template, "--evidence", path).status == 0
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
    with zipfile.ZipFile(paths[0]) as archive, zipfile.ZipFile(paths[1]) as again:
        files = {name: archive.read(name) for name in archive.namelist()}
        lasting = [name for name in files if name.startswith(("inputs/", "controls/"))]
        assert len(lasting) == 2 + 15 * 2
        assert [again.read(name) for name in lasting] == [files[name] for name in lasting]
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert files["inputs/01-stack.yaml"] == template.read_bytes()
    folder = "controls/7.0.0/5.5-cloudtrail-config-changes"
    proof = json.loads(files[f"{folder}/proof.json"])
    events = {one["event"]: one for one in proof["events"]}
    stop, start = events["StopLogging"], events["StartLogging"]
    assert [(one["from"], one["to"]) for one in stop["transitions"]][:1] == [("OK", "ALARM")]
    (message,) = [m for m in stop["messages"] if m["body"]["NewStateValue"] == "ALARM"]
    assert message["body"]["Trailwarden"]["events"][0]["eventId"] == stop["event_id"]
    assert (start["filters"], start["messages"], start["escapes"]) == ([], [], "no-filter")
    records = [json.loads(line) for line in files[f"{folder}/events.jsonl"].splitlines()]
    assert [one["eventID"] for one in records] == [one["event_id"] for one in proof["events"]]


NESTED = """\
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./parts/inner.yaml}
"""
TOPIC = "Resources:\n  Other: {Type: AWS::SNS::Topic}\n"
STACK_SET = """\
Resources:
  Everywhere:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: everywhere
      PermissionModel: SERVICE_MANAGED
      TemplateBody: |
        Resources:
          Other: {Type: AWS::SNS::Topic}
"""


def assembly(file: str) -> str:
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": file}}
    return json.dumps({"version": "36", "artifacts": {"S": stack}})


@pytest.mark.parametrize(
    ("files", "sources", "read"),
    [
        pytest.param(
            {"a.yaml": TOPIC, "b.yaml": TOPIC, "c.yaml": TOPIC},
            ("b.yaml", "a.yaml"),
            ("b.yaml", "a.yaml"),
            id="several",
        ),
        pytest.param(
            {"a.yaml": NESTED, "parts/inner.yaml": TOPIC, "parts/other.yaml": TOPIC},
            ("a.yaml", "cis-1.2.0"),
            ("builtin:cis-1.2.0", "a.yaml", "parts/inner.yaml"),
            id="nested",
        ),
        pytest.param({"a.yaml": STACK_SET}, ("a.yaml",), ("a.yaml",), id="stack set"),
        pytest.param(
            {
                "cdk.out/manifest.json": assembly("S.template.json"),
                "cdk.out/S.template.json": json.dumps({"Resources": {}}),
                "cdk.out/asset.0123/index.js": "nobody reads it",
            },
            ("cdk.out",),
            ("cdk.out/manifest.json", "cdk.out/S.template.json"),
            id="CDK",
        ),
    ],
)
def test_the_evidence_holds_every_file_that_was_read(
    cli: Cli,
    tmp_path: Path,
    files: dict[str, str],
    sources: tuple[str, ...],
    read: tuple[str, ...],
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    stacks = [part for source in sources for part in ("--stack", source)]
    found = audited(cli, *stacks, "--evidence", "e.zip")
    assert [one["name"] for one in found["inputs"]] == list(read)
    with zipfile.ZipFile(tmp_path / "e.zip") as archive:
        held = [archive.read(n) for n in archive.namelist() if n.startswith("inputs/0")]
    assert [hashlib.sha256(content).hexdigest() for content in held] == [
        one["sha256"] for one in found["inputs"]
    ]
    written = [content for name, content in zip(read, held, strict=True) if "builtin" not in name]
    assert written == [files[name].encode() for name in read if "builtin" not in name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_template_from_a_pipe_is_hashed_as_it_was_read(cli: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(TOPIC,), daemon=True)
    writer.start()
    found = audited(cli, "--stack", "pipe")
    writer.join()
    [one] = found["inputs"]
    assert one["sha256"] == hashlib.sha256(TOPIC.encode()).hexdigest()


def test_evidence_that_cannot_be_written(cli: Cli) -> None:
    result = cli("audit", "--evidence", "nowhere/e.zip")
    assert result.status == 2
    assert "cannot write the evidence to nowhere/e.zip" in result.err
