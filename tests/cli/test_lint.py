"""``trailwarden lint``: formats, selections, exit statuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from trailwarden.stack.lint import RULES

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
    """A template with one error and one warning, in the working directory."""
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
        "t 1.yaml:10:3 TW303 warning: the alarm 'Alarm' reads the Maximum of a count: one event "
        "and a thousand look the same",
        "  cure: use Statistic: Sum, Period: 300",
        "1 error, 1 warning",
    ]


def test_nothing_found(cli: Cli, clean: Path) -> None:
    result = cli("lint", clean)
    assert (result.status, result.out, result.err) == (0, "nothing found\n", "")


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
@pytest.mark.parametrize("codes", ["TW9", "TW1,", "tw1"])
def test_codes_that_there_are_not(cli: Cli, template: Path, option: str, codes: str) -> None:
    result = cli("lint", template, option, codes)
    assert result.status == 2
    assert "no rule has a code that begins with" in result.err


def test_json(cli: Cli, template: Path) -> None:
    found = json.loads(cli("lint", template, "--output", "json").out)
    assert found["schema"] == "trailwarden.lint/1"
    assert found["findings"][1] == {
        "code": "TW303",
        "severity": "warning",
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
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]
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
    def uri(source: object) -> str:
        [run] = json.loads(cli("lint", source, "--output", "sarif").out)["runs"]
        place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        return str(place["uri"])

    assert (
        uri(template.absolute()) == f"file://{template.absolute().as_posix().replace(' ', '%20')}"
    )
    assert uri("cis") == "builtin:cis"


def test_github(cli: Cli, template: Path) -> None:
    template.rename("a,b:c%.yaml")
    lines = cli("lint", "a,b:c%.yaml", "--output", "github").out.splitlines()
    assert [line.split("::")[1] for line in lines] == [
        "error file=a%2Cb%3Ac%25.yaml,line=2,col=3,title=TW101",
        "warning file=a%2Cb%3Ac%25.yaml,line=10,col=3,title=TW303",
    ]


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
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
    assert result.out.endswith("1 error, 1 warning\n")
    assert len(json.loads(target.read_text())["findings"]) == 2


def test_what_cannot_be_read(cli: Cli, template: Path) -> None:
    assert cli("lint").status == 2
    assert cli("lint", "no.yaml").status == 2
    template.write_text(TEMPLATE.replace("Period: 300", "Period: 90"))
    result = cli("lint", template)
    assert (result.status, result.out) == (2, "")
    assert "Period" in result.err


def test_the_page_lists_every_rule() -> None:
    listed = re.findall(r"^\| (TW\d{3}) \| (\w+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert listed == [(code, RULES[code].severity) for code in sorted(RULES)]
