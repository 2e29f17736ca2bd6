"""``trailwarden lint``: formats, selections, exit statuses."""

from __future__ import annotations

import io
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
import yaml

from tests.cli.conftest import Result
from trailwarden.cli.root import trailwarden
from trailwarden.errors import Location
from trailwarden.report.lint_report import render_lint
from trailwarden.stack.lint import RULES, Finding

Cli = Callable[..., Result]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "lint.md"
TEMPLATE = """\
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: FILTER
      FilterPattern: '{ $.eventName = StopLogging && $.eventName = DeleteTrail }'
      LogGroupName: trail
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Sec, MetricValue: 1, DefaultValue: 0}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [topic]
      ComparisonOperator: GreaterThanOrEqualToThreshold
      EvaluationPeriods: 1
      MetricName: Stops
      Namespace: Sec
      Period: 300
      Statistic: Maximum
      Threshold: 1
      TreatMissingData: notBreaching
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template with one error and one note, in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = Path("t 1.yaml")
    path.write_text(TEMPLATE.replace("FILTER", "stops"))
    return path


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    text = TEMPLATE.replace(" && $.eventName = DeleteTrail", "").replace("Maximum", "Sum")
    path = tmp_path / "clean.yaml"
    path.write_text(text)
    return path


def test_findings_for_people(cli: Cli, template: Path) -> None:
    result = cli("lint", template)
    assert (result.status, result.err) == (1, "")
    assert result.out.splitlines() == [
        "t 1.yaml:2:3 TW101 error: the pattern of the filter 'stops' matches no event: "
        "$.eventName = StopLogging && $.eventName = DeleteTrail never holds",
        "  cure: join alternatives with ||, or remove one of the conditions",
        "t 1.yaml:10:3 TW303 note: the alarm 'Alarm' reads the Maximum of a count: one event "
        "and a thousand look the same",
        "  cure: use Statistic: Sum, Period: 300",
        "1 error, 1 note; --fix may mend 1",
    ]


def test_nothing_found(cli: Cli, clean: Path) -> None:
    result = cli("lint", clean)
    assert (result.status, result.out, result.err) == (0, "nothing found\n", "")


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """25 alarms that differ in their names only, one of them left out by a comment."""
    monkeypatch.chdir(tmp_path)
    head, alarm = TEMPLATE.replace(" && $.eventName = DeleteTrail", "").split("  Alarm:\n")
    alarms = (f"  Alarm{number:02}:\n{alarm}" for number in range(24))
    path = Path("many.yaml")
    path.write_text(head + "".join(alarms) + f"  # trailwarden: ignore TW303\n  Last:\n{alarm}")
    return path


def test_the_same_finding_at_many_places_is_one_group(cli: Cli, many: Path) -> None:
    lines = cli("lint", many).out.splitlines()
    assert lines[:4] == [
        "TW303 note, 24 times: the alarm '…' reads the Maximum of a count: one event and a "
        "thousand look the same",
        "  cure: use Statistic: Sum, Period: 300",
        "  many.yaml:10:3 'Alarm00'",
        "  many.yaml:22:3 'Alarm01'",
    ]
    assert lines[22:] == [
        "  and 4 more; --output concise lists all",
        "24 notes; 1 finding ignored at its line; --fix may mend 24",
    ]


def test_a_group_names_what_its_findings_have_in_common(cli: Cli, many: Path) -> None:
    """Two alarms of the stack's name on metrics that are shared: both names differ, or one."""
    text = many.read_text().replace("Properties:\n      AlarmActions", "Properties:\n      X")
    text = re.sub(r"  (Alarm0[01]):\n(.*?)      X", r"  \1:\n\2      AlarmName: many-\1\n      X",
                  text, flags=re.DOTALL)  # fmt: skip
    many.write_text(text.replace("      X:", "      AlarmActions:"))
    lines = cli("lint", many, "--select", "TW008").out.splitlines()
    assert lines[0].startswith("TW008 note, 2 times: the alarm '…' has the stack's name in its own")
    assert "but its metric 'Sec/Stops' has not" in lines[0]
    assert lines[2:4] == ["  many.yaml:10:3 'many-Alarm00'", "  many.yaml:23:3 'many-Alarm01'"]


def test_a_line_for_each_finding(cli: Cli, many: Path, template: Path) -> None:
    lines = cli("lint", many, template, "--output", "concise").out.splitlines()
    assert len(lines) == 24 + 2 + 1
    assert lines[1] == (
        "many.yaml:22:3: TW303 the alarm 'Alarm01' reads the Maximum of a count: one event and a "
        "thousand look the same"
    )
    assert lines[-1] == "1 error, 25 notes; 1 finding ignored at its line; --fix may mend 25"


def test_statistics(cli: Cli, many: Path, template: Path) -> None:
    result = cli("lint", many, template, "--statistics", "--output", "text", "--output", "json=j")
    assert result.out.splitlines() == [
        "25 TW303 [*] note: statistic hides the count",
        " 1 TW101 [ ] error: pattern never matches",
        "[*]: --fix may mend some or all of these",
        "1 error, 25 notes; 1 finding ignored at its line; --fix may mend 25",
    ]
    assert len(json.loads(Path("j").read_text())["findings"]) == 26
    assert cli("lint", many, "--statistics", "--output", "json").status == 2


def test_what_a_file_ignores_is_counted(cli: Cli, many: Path) -> None:
    many.write_text(f"# trailwarden: ignore-file TW303,TW004\n{many.read_text()}")
    result = cli("lint", many, "--ignore", "TW9")
    assert result.out == "nothing found (1 rule ignored by the file)\n"
    ignored = json.loads(cli("lint", many, "--output", "json").out)["ignored"]
    assert [finding["code"] for finding in ignored] == ["TW303"] * 25
    assert cli("lint", "cis-1.2.0").out == (
        "nothing found (9 rules ignored by the file); 2 findings ignored at their lines\n"
    )


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "TW1"], ["TW101"]),
        (["--select", "TW1,TW303"], ["TW101", "TW303"]),
        (["--ignore", "TW101"], ["TW303"]),
        (["--select", "TW1", "--select", "TW3", "--ignore", "TW3"], ["TW101"]),
        (["--ignore", "TW"], []),
    ],
)
def test_selections(cli: Cli, template: Path, options: list[str], codes: list[str]) -> None:
    result = cli("lint", template, *options, "--output", "json")
    assert [finding["code"] for finding in json.loads(result.out)["findings"]] == codes
    assert result.status == (1 if codes else 0)


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("codes", ["TW8", "TW1,", "tw1"])
def test_codes_that_there_are_not(cli: Cli, template: Path, option: str, codes: str) -> None:
    result = cli("lint", template, option, codes)
    assert result.status == 2
    assert "no rule has a code that begins with" in result.err


def test_json(cli: Cli, template: Path) -> None:
    found = json.loads(cli("lint", template, "--output", "json").out)
    assert found["schema"] == "trailwarden.lint/1"
    assert found["findings"][1] == {
        "code": "TW303",
        "severity": "note",
        "message": "the alarm 'Alarm' reads the Maximum of a count: one event and a thousand look "
        "the same",
        "cure": "use Statistic: Sum, Period: 300",
        "source": "t 1.yaml",
        "line": 10,
        "column": 3,
        "key": "Resources.Alarm",
    }


def test_sarif(cli: Cli, template: Path, clean: Path) -> None:
    [run] = json.loads(cli("lint", template, "--output", "sarif").out)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(RULES)
    [first, second] = run["results"]
    for result in (first, second):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert rules[first["ruleIndex"]]["defaultConfiguration"]["level"] == first["level"]
    assert second["level"] == "note"  # where one event is to fire the alarm
    assert first["message"]["text"].endswith(
        "\ncure: join alternatives with ||, or remove one of the conditions"
    )
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "t%201.yaml"},
                "region": {"startLine": 2, "startColumn": 3},
            }
        }
    ]
    [empty] = json.loads(cli("lint", clean, "--output", "sarif").out)["runs"]
    assert empty["results"] == []


def test_where_sarif_finds_files(cli: Cli, template: Path) -> None:
    def uri(text: str) -> str:
        [run] = json.loads(text)["runs"]
        place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        return str(place["uri"])

    path = template.absolute()
    printed = cli("lint", path, "--output", "sarif").out
    assert uri(printed) == f"file://{path.as_posix().replace(' ', '%20')}"
    stream = io.StringIO()
    built_in = Finding("TW303", "wrong", "", Location("builtin:cis", 1, 1), "note")
    render_lint([built_in], "sarif", stream)
    assert uri(stream.getvalue()) == "builtin:cis"


def test_github(cli: Cli, template: Path) -> None:
    template.rename("a,b:c%.yaml")
    lines = cli("lint", "a,b:c%.yaml", "--output", "github").out.splitlines()
    assert [line.split("::")[1] for line in lines] == [
        "error file=a%2Cb%3Ac%25.yaml,line=2,col=3,title=TW101",
        "notice file=a%2Cb%3Ac%25.yaml,line=10,col=3,title=TW303",
    ]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_names_of_strangers(cli: Cli, template: Path, form: str) -> None:
    name = '"Alarm\\u202e%0A::error::x\\U000E0041"'
    text = TEMPLATE.replace("AlarmActions", f"AlarmName: {name}\n      AlarmActions")
    template.write_text(text, "utf-8")
    result = cli("lint", template, "--output", form)
    assert (result.status, result.err) == (1, "")
    assert result.out.isascii()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", result.out)
    lines = result.out.splitlines()
    assert not [line for line in lines if line.startswith("::") and "title=TW" not in line]
    assert ("%0A" in result.out) is (form != "github")  # there it would be a line break
    assert "\\u202e" in result.out


def test_several_stacks_and_formats(cli: Cli, template: Path, clean: Path, tmp_path: Path) -> None:
    target = tmp_path / "found.json"
    result = cli("lint", clean, template, "--output", "text", "--output", f"json={target}")
    assert result.status == 1
    assert result.out.endswith("1 error, 1 note; --fix may mend 1\n")
    assert len(json.loads(target.read_text())["findings"]) == 2


def test_what_cannot_be_read(cli: Cli, template: Path) -> None:
    assert cli("lint").status == 2
    assert cli("lint", "no.yaml").status == 2
    template.write_text(TEMPLATE.replace("Period: 300", "Period: 90"))
    result = cli("lint", template)
    assert (result.status, result.err) == (2, "")
    assert "Period" in result.out


def test_the_page_lists_every_rule() -> None:
    listed = re.findall(r"^\| (TW\d{3}) \| (\w+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert listed == [(code, RULES[code].severity) for code in sorted(RULES)]


@pytest.mark.parametrize(
    ("least", "status"),
    [("note", 1), ("warning", 0), ("error", 0)],
    ids=["note", "warning", "error"],
)
def test_the_least_severity_to_fail_on(cli: Cli, template: Path, least: str, status: int) -> None:
    result = cli("lint", template, "--select", "TW303", "--fail-on", least)
    assert result.status == status
    assert result.out.endswith("\n1 note; --fix may mend 1\n")  # counted all the same
    assert cli("lint", template, "--fail-on", least).status == 1  # for its error


def test_notes_fail_unless_more_is_asked_for(cli: Cli, template: Path) -> None:
    template.write_text(TEMPLATE + "      OKActions: [topic]\n")
    assert RULES["TW403"].severity == "note"
    assert cli("lint", template, "--select", "TW403").status == 1
    assert cli("lint", template, "--select", "TW403", "--fail-on", "warning").status == 0
    assert cli("lint", template, "--fail-on", "none").status == 2


def test_comments_leave_findings_out(cli: Cli, template: Path) -> None:
    text = TEMPLATE.replace("  Stops:", "  Stops: # trailwarden: ignore TW101")
    template.write_text(text.replace("  Alarm:", "  # trailwarden: ignore TW303\n  Alarm:"))
    assert cli("lint", template).out == "nothing found; 2 findings ignored at their lines\n"


def test_comments_come_before_selections(cli: Cli, template: Path) -> None:
    """What a comment ignores is found, even where it is not asked for."""
    text = TEMPLATE.replace("  Stops:", "  Stops: # trailwarden: ignore TW101")
    template.write_text(f"{text}# trailwarden: ignore-file TW102\n")
    assert cli("lint", template, "--ignore", "TW101,TW303").out.splitlines() == [
        "t 1.yaml:22:1 TW901 note: this comment ignores TW102, which is not found here",
        "  cure: remove it, or put it on the line of the definition or on the line before",
        "1 note",
    ]
    assert cli("lint", template, "--ignore", "TW303,TW9").status == 0


def test_junit(cli: Cli, template: Path) -> None:
    root = ElementTree.fromstring(cli("lint", template, "--output", "junit").out)
    assert (root.tag, root.attrib) == (
        "testsuites",
        {"name": "trailwarden lint", "tests": "2", "failures": "2", "skipped": "0"},
    )
    [suite] = root
    assert (suite.tag, suite.get("name"), suite.get("tests")) == ("testsuite", "t 1.yaml", "2")
    case = suite[1]
    assert case.attrib == {
        "name": "TW303 t 1.yaml:10:3",
        "classname": "trailwarden.lint.TW303",
        "file": "t 1.yaml",
        "line": "10",
    }
    [failure] = case
    message = (
        "the alarm 'Alarm' reads the Maximum of a count: one event and a thousand look the same"
    )
    assert failure.attrib == {"type": "note", "message": message}
    assert failure.text == (
        f"t 1.yaml:10:3 TW303 note: {message}\ncure: use Statistic: Sum, Period: 300"
    )


def test_junit_of_several_sources(cli: Cli, template: Path) -> None:
    Path("t 2.yaml").write_text(TEMPLATE)
    result = cli("lint", template, "t 2.yaml", "--output", "junit")
    root = ElementTree.fromstring(result.out)
    assert [suite.get("name") for suite in root] == ["t 1.yaml", "t 2.yaml"]
    assert int(root.get("tests", "")) == len(root.findall("testsuite/testcase/failure")) > 2


def test_junit_of_nothing(cli: Cli, clean: Path) -> None:
    root = ElementTree.fromstring(cli("lint", clean, "--output", "junit").out)
    assert (root.get("name"), root.get("tests"), root.get("failures")) == (
        "trailwarden lint",
        "1",
        "0",
    )
    assert len(root.findall("testsuite/testcase")) == 1
    assert root.find(".//failure") is None


def test_what_xml_forbids(cli: Cli, template: Path) -> None:
    name = "\"<a b='\\uFFFE\\uFFFF]]>&amp;'>\""
    template.write_text(TEMPLATE.replace("AlarmActions", f"AlarmName: {name}\n      AlarmActions"))
    result = cli("lint", template, "--output", "junit")
    assert result.out.isascii()
    failure = ElementTree.fromstring(result.out).findall(".//failure")[1]
    assert "<a b='\\ufffe\\uffff]]>&amp;'>" in failure.get("message", "")


@pytest.mark.parametrize("source", ["t 1.yaml", "clean.yaml", "cis", "cis-1.2.0"])
def test_the_shape_of_sarif(cli: Cli, template: Path, clean: Path, source: str) -> None:
    """What the schema of SARIF 2.1.0 demands of the parts that are written."""
    log = json.loads(cli("lint", source, "--output", "sarif").out)
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert log["$schema"].startswith("https://")
    [run] = log["runs"]
    assert set(run) <= {"tool", "columnKind", "results"}
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert set(driver) <= {"name", "version", "rules"}
    assert driver["name"]  # the one thing that a driver must have
    identities = [rule["id"] for rule in driver["rules"]]
    assert len(set(identities)) == len(identities)
    for rule in driver["rules"]:
        _check_rule(rule)
    for result in run["results"]:
        _check_result(result, identities)


def _check_rule(rule: dict[str, Any]) -> None:
    assert set(rule) == {
        "id",
        "name",
        "shortDescription",
        "fullDescription",
        "help",
        "defaultConfiguration",
    }
    assert set(rule["shortDescription"]) == set(rule["fullDescription"]) == {"text"}
    assert set(rule["help"]) == {"text", "markdown"}
    texts = [*rule["shortDescription"].values(), *rule["fullDescription"].values()]
    assert all(isinstance(text, str) and text for text in [*texts, *rule["help"].values()])
    assert rule["name"].isidentifier()
    assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")


def _check_result(result: dict[str, Any], identities: list[str]) -> None:
    assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
    assert identities[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in ("none", "note", "warning", "error")
    assert isinstance(result["message"]["text"], str)
    assert result["message"]["text"]
    for place in result["locations"]:
        physical = place["physicalLocation"]
        assert set(place) == {"physicalLocation"}
        assert set(physical) <= {"artifactLocation", "region"}
        assert re.fullmatch(r"[A-Za-z0-9%/:._~-]+", physical["artifactLocation"]["uri"])
        for number in physical.get("region", {}).values():
            assert type(number) is int
            assert number >= 1
        assert set(physical.get("region", {})) <= {"startLine", "startColumn"}


def test_the_hook_for_pre_commit() -> None:
    [hook] = yaml.safe_load((PAGE.parents[1] / ".pre-commit-hooks.yaml").read_text("utf-8"))
    project = tomllib.loads((PAGE.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    script, command = hook["entry"].split()
    assert hook["id"] == "trailwarden-lint"
    assert hook["id"] in PAGE.read_text("utf-8")
    assert hook["language"] == "python"  # so that pre-commit installs the project's scripts
    assert script in project["scripts"]
    assert trailwarden.get_command(click.Context(trailwarden), command) is not None
    names = ["a/b.template", "b.template.yml", "c.template.json", "template.yaml", "d.yaml"]
    assert [name for name in names if re.search(hook["files"], name)] == names[:3]


def test_fixing(cli: Cli, template: Path) -> None:
    template.chmod(0o640)
    result = cli("lint", template, "--fix")
    assert (result.status, result.err) == (1, "")
    assert result.out.splitlines()[-1] == "fixed 1, 1 remains: 1 error"
    assert "TW303" not in result.out
    assert template.read_text() == TEMPLATE.replace("FILTER", "stops").replace("Maximum", "Sum")
    assert template.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path().iterdir()] == [template.name]
    assert cli("lint", template, "--fix").out.splitlines()[-1] == "fixed 0, 1 remains: 1 error"
    assert cli("lint", template, "--fix", "--ignore", "TW101").out == "fixed 0, nothing remains\n"


def test_fixing_for_programs(cli: Cli, template: Path) -> None:
    found = json.loads(cli("lint", template, "--fix", "--output", "json").out)
    assert [finding["code"] for finding in found["fixed"]] == ["TW303"]
    assert [finding["code"] for finding in found["findings"]] == ["TW101"]


def test_what_is_not_selected_is_not_fixed(cli: Cli, template: Path) -> None:
    before = template.read_bytes()
    result = cli("lint", template, "--fix", "--ignore", "TW303")
    assert result.out.endswith("fixed 0, 1 remains: 1 error\n")
    assert template.read_bytes() == before


def test_a_diff_writes_nothing(cli: Cli, template: Path) -> None:
    before = template.read_bytes()
    result = cli("lint", template, "--diff", "--select", "TW3")
    assert result.status == 1
    assert result.out.splitlines()[:3] == ["--- t 1.yaml", "+++ t 1.yaml", "@@ -16,6 +16,6 @@"]
    assert "-      Statistic: Maximum\n+      Statistic: Sum\n" in result.out
    assert result.err == "with --fix: fixed 1, nothing remains\n"
    assert template.read_bytes() == before


def test_a_diff_of_nothing(cli: Cli, clean: Path) -> None:
    result = cli("lint", clean, "--diff")
    assert (result.status, result.out) == (0, "")


def test_unsafe_fixes(cli: Cli, template: Path) -> None:
    text = TEMPLATE.replace("AlarmActions", "OKActions: [topic]\n      AlarmActions")
    template.write_text(text)
    assert cli("lint", template, "--fix", "--select", "TW403").status == 1
    assert template.read_text() == text
    result = cli("lint", template, "--fix", "--unsafe-fixes", "--select", "TW403")
    assert (result.status, result.out) == (0, "fixed 1, nothing remains\n")
    assert "OKActions" not in template.read_text()


def test_encodings_stay(cli: Cli, template: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        template.write_bytes(("# \U0001f600\n" + TEMPLATE).encode(encoding))
        mark = template.read_bytes()[:2]
        cli("lint", template, "--fix")
        assert template.read_bytes()[:2] == mark
        assert template.read_text(encoding) == "# \U0001f600\n" + TEMPLATE.replace("Maximum", "Sum")


def test_a_link_stays_a_link(cli: Cli, template: Path) -> None:
    Path("link.yaml").symlink_to(template.name)
    cli("lint", "link.yaml", "--fix")
    assert Path("link.yaml").is_symlink()
    assert "Sum" in template.read_text()


@pytest.mark.parametrize("source", ["aws", "cis", "no.yaml", "."])
@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_what_cannot_be_fixed(cli: Cli, template: Path, source: str, option: str) -> None:
    before = template.read_bytes()
    result = cli("lint", template, source, option)
    assert (result.status, result.out) == (2, "")
    assert result.err
    assert template.read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ["--fix", "--diff"],
        ["--unsafe-fixes"],
        ["--diff", "--output", "json"],
        ["--fix", "--region", "eu-west-1"],
    ],
)
def test_options_that_do_not_go_together(cli: Cli, template: Path, options: list[str]) -> None:
    result = cli("lint", template, *options)
    assert (result.status, result.out) == (2, "")
    assert "--" in result.err


def test_a_folder_that_takes_no_file(
    cli: Cli, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("trailwarden.stack.lint.fixing.writing.tempfile.mkstemp", refuse)
    result = cli("lint", template, "--fix")
    assert (result.status, result.out) == (2, "")
    assert "cannot write the template 't 1.yaml': permission denied" in result.err
    assert "Maximum" in template.read_text()


def test_explaining_a_rule(cli: Cli) -> None:
    result = cli("lint", "--explain", "tw303", "TW40")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("TW303  warning  statistic hides the count\n\n  Maximum, ")
    assert "  wrong\n    Alarm:\n      Properties:\n        Statistic: Maximum\n" in result.out
    assert "\n  lint --fix mends it" in result.out
    assert "\n\nTW401  warning  alarm without actions\n" in result.out
    assert max(map(len, result.out.splitlines())) <= 100


@pytest.mark.parametrize("code", ["TW333", "", "cis"])
def test_explaining_what_is_no_rule(cli: Cli, code: str) -> None:
    result = cli("lint", "--explain", code)
    assert (result.status, result.out) == (2, "")
    assert f"no rule has the code '{code}'" in result.err


def test_a_template_that_is_refused_for_its_spelling(cli: Cli, template: Path) -> None:
    text = template.read_text()
    template.write_text(text.replace("StopLogging &&", "StopLogging AND"))
    assert cli("lint", template).status == 2
    assert cli("lint", template, "--fix", "--select", "TW3").status == 2
    assert cli("lint", template, "--fix", "--ignore", "TW000").status == 2
    result = cli("lint", template, "--fix")
    assert (result.status, result.out.splitlines()[-1]) == (1, "fixed 2, 1 remains: 1 error")
    assert template.read_text() == text.replace("Maximum", "Sum")


def test_a_file_that_is_given_twice(cli: Cli, template: Path, clean: Path) -> None:
    clean.write_text(TEMPLATE)
    result = cli("lint", template, clean, template.absolute(), "--fix", "--output", "json")
    assert (result.status, result.err) == (1, "")
    found = json.loads(result.out)
    assert [one["source"] for one in found["fixed"]] == [str(template), str(clean)]
