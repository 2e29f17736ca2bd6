"""``trailwarden explain`` as a user meets it."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Result
from tests.cli.test_start_up import HEAVY
from tests.records import log_file, record
from trailwarden.cli import explain_records

Cli = Callable[..., Result]

PAGE = (Path(__file__).resolve().parents[2] / "docs/explain.md").read_text("utf-8")
STOPS = "{ $.eventName = StopLogging }"
TEMPLATE = """\
Resources:
  Stops:
    Type: AWS::Logs::MetricFilter
    Properties:
      FilterName: stops
      LogGroupName: trail
      FilterPattern: '{ $.eventName = StopLogging }'
      MetricTransformations:
        - {MetricName: Stops, MetricNamespace: Test, MetricValue: '1'}
"""


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A log file of two records, of which the first matches STOPS."""
    records = [record("StopLogging", 3, number=0), record("GetUser", 40, number=1)]
    path = tmp_path / "logs.json.gz"
    path.write_bytes(gzip.compress(log_file(records)))
    return path


@pytest.fixture
def single(tmp_path: Path) -> Path:
    """A file with nothing but a record, printed for people."""
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record("GetUser"), indent=2))
    return path


def tree(cli: Cli, *arguments: object) -> dict[str, Any]:
    """The tree of the only record."""
    result = cli("explain", *arguments, "--output", "json")
    assert (result.status, result.err) == (0, "")
    (told,) = json.loads(result.out)["records"]
    found: dict[str, Any] = told["tree"]
    assert found["holds"] == told["matches"]
    return found


@pytest.fixture(autouse=True)
def _width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever terminal the tests run in."""
    monkeypatch.setenv("COLUMNS", "100")


def test_a_single_record_gets_its_tree(cli: Cli, single: Path) -> None:
    pattern = '{ ($.eventName = getuser && $.errorCode != "x") || $.readOnly IS TRUE }'
    result = cli("explain", "--pattern", pattern, single)
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[4].startswith("  record 1 matches  2024-05-01T12:00:00Z  GetUser  ")
    assert lines[6:-1] == [
        "  yes OR",
        "    no  AND",
        '      no  $.eventName = getuser  → "GetUser"',
        "          they differ only in upper and lower case, which count",
        "      no  $.errorCode != x  → absent",
        "          an absent field fails != as well: add || ($.errorCode NOT EXISTS) to have both",
        "    yes $.readOnly IS TRUE  → true",
    ]


def test_the_page_shows_what_is_printed(cli: Cli, single: Path) -> None:
    pattern = "{ $.eventName = getuser && $.errorCode != AccessDenied && $.readOnly IS TRUE }"
    printed = cli("explain", "--pattern", pattern, single).out
    tree_lines = printed[printed.index("  no  AND") :].rstrip()
    assert f"{tree_lines}\n```" in PAGE


def test_records_are_counted_through_a_folder(cli: Cli, logs: Path, tmp_path: Path) -> None:
    (tmp_path / "more.json").write_bytes(log_file([record("PutObject", number=2)]))
    result = cli("explain", "--pattern", "PutObject", tmp_path, "--number", 3)
    assert result.status == 0
    assert "record 3 matches" in result.out


def test_several_records_get_a_line_each(cli: Cli, logs: Path) -> None:
    result = cli("explain", "--pattern", STOPS, logs)
    assert result.status == 0
    assert [line.split()[:2] for line in result.out.splitlines()[4:6]] == [
        ["1", "matches"],
        ["2", "no"],
    ]
    assert "StopLogging" in result.out.splitlines()[4]
    assert "1 of 2 records match" in result.out
    assert "→" not in result.out


def test_all_gives_every_tree(cli: Cli, logs: Path) -> None:
    result = cli("explain", "--pattern", STOPS, logs, "--all")
    assert result.out.count("$.eventName = StopLogging  → ") == 2


@pytest.mark.parametrize(
    "choice", [("--number", 2), ("--event-id", "00000000-0000-0000-0000-000000000002")]
)
def test_one_of_several_is_chosen(cli: Cli, logs: Path, choice: tuple[object, ...]) -> None:
    leaf = tree(cli, "--pattern", STOPS, logs, *choice)
    assert leaf["found"] == [{"type": "string", "shown": '"GetUser"', "holds": False}]


def test_json_is_what_the_page_says(cli: Cli, logs: Path) -> None:
    result = cli("explain", "--pattern", STOPS, logs, "--output", "json")
    told = json.loads(result.out)
    assert result.out.isascii()
    assert list(told) == [
        *("schema", "version", "stack", "filter", "pattern", "records", "problems")
    ]
    assert (told["schema"], told["stack"], told["filter"]) == ("trailwarden.explain/1", None, None)
    assert [one["matches"] for one in told["records"]] == [True, False]
    assert [one["tree"] for one in told["records"]] == [None, None]
    keys = {*told, *told["records"][0], *tree(cli, "--pattern", STOPS, logs, "--number", 1)}
    keys |= set(tree(cli, "--pattern", "{ $.a=1 || $.b=1 }", logs, "--number", 1))
    assert [key for key in sorted(keys) if f"`{key}`" not in PAGE] == []


def test_a_filter_of_a_stack(cli: Cli, logs: Path, tmp_path: Path) -> None:
    template = tmp_path / "stack.yaml"
    template.write_text(TEMPLATE)
    result = cli("explain", "--stack", template, "--filter", "stops", logs, "--number", "1")
    assert result.status == 0
    assert "stops of stack" in result.out
    assert "record 1 matches" in result.out


def test_a_built_in_filter(cli: Cli, single: Path) -> None:
    assert tree(cli, "--stack", "cis", "--filter", "cis-root-usage", single)["kind"] == "or"


def test_the_exit_status_on_request(cli: Cli, logs: Path) -> None:
    ask = ("explain", logs, "--fail-on-no-match")
    assert cli(*ask, "--pattern", STOPS).status == 0
    assert cli(*ask, "--pattern", STOPS, "--number", 2).status == 1
    assert cli(*ask, "--pattern", "{ $.a = 1 }").status == 1


def test_standard_input(cli: Cli, single: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(single.read_bytes()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert tree(cli, "--pattern", STOPS, "-")["holds"] is False


def test_any_message_with_raw(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(b'192.0.2.7 "GET /" 404 12\r\n')
    told = tree(cli, "--raw", "--pattern", "[ip, request, status = 4*, bytes > 100]", path)
    assert [child["holds"] for child in told["children"]] == [True, True, True, True, False]
    assert told["children"][4]["found"][0]["shown"] == "12"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give --pattern, or both --stack and --filter"),
        (("--stack", "cis"), "Give --pattern, or both"),
        (("--filter", "x"), "Give --pattern, or both"),
        (("--pattern", STOPS, "--stack", "cis"), "leave out --stack"),
        (("--pattern", STOPS, "--parameter", "A=b"), "leave out --stack"),
        (("--pattern", STOPS, "--event-id", "x", "--number", "1"), "one of --event-id"),
        (("--pattern", "{ $.a == 1 }"), "did you mean ="),
        (("--stack", "cis", "--filter", "cis-root-usages"), "did you mean 'cis-root-usage'?"),
        (("--pattern", STOPS, "--event-id", "x"), "no record with the eventID 'x'"),
        (("--pattern", STOPS, "--number", "3"), "no record number 3"),
        (("--pattern", STOPS, "--output", "html"), "no format"),
    ],
)
def test_mistakes_are_answered(cli: Cli, logs: Path, arguments: tuple[str, ...], said: str) -> None:
    result = cli("explain", logs, *arguments)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print(*[m for m in {HEAVY!r} if m in sys.modules]))\n"
        "sys.argv = ['trailwarden', 'explain', '--help']\n"
        "from trailwarden.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


def test_a_path_to_nothing(cli: Cli, tmp_path: Path) -> None:
    result = cli("explain", "--pattern", STOPS, tmp_path / "absent")
    assert (result.status, result.out) == (2, "")


def test_an_empty_list_of_records(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text('{"Records": []}')
    result = cli("explain", "--pattern", STOPS, path)
    assert result.status == 2
    assert "there is no record here" in result.err


def test_what_cannot_be_read_is_told(cli: Cli, logs: Path) -> None:
    logs.write_bytes(gzip.compress(log_file([record("GetUser")]) + b"\nno json"))
    result = cli("explain", "--pattern", STOPS, logs, "--fail-on-no-match")
    assert result.status == 3
    assert "record 1 does not match" in result.out
    assert "Problems" in result.out
    assert "cure: " in result.out


def test_nothing_that_can_be_read(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text('{"a": 1}')
    result = cli("explain", "--pattern", STOPS, path, "--output", "json")
    assert result.status == 3
    told = json.loads(result.out)
    assert told["records"] == []
    assert [problem["code"] for problem in told["problems"]] == ["not-cloudtrail"]


def test_too_many_records_are_a_problem(
    cli: Cli, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain_records, "MOST_TREES", 1)
    result = cli("explain", "--pattern", STOPS, logs, "--all")
    assert result.status == 3
    assert "too-many-records" in result.out


HOSTILE = "\x1b[31mred\x1b[0m\u202egnp \x07[bold]x[/bold] </script>\ud800"


@pytest.mark.parametrize("output", ["terminal", "json"])
@pytest.mark.parametrize("every", [[], ["--all"]])
def test_hostile_texts_are_harmless(
    cli: Cli, tmp_path: Path, output: str, every: list[str]
) -> None:
    fields = {"eventID": HOSTILE, HOSTILE.lower(): {HOSTILE: HOSTILE}, "list": [HOSTILE] * 3}
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps([record(HOSTILE, **fields)] * 2))
    pattern = (
        f"{{ $.eventName = x || $.eventID != x || $.list[*] = a || $.['{HOSTILE[:-1].upper()}'] = 1"
        f' || $.eventID = "{HOSTILE[:-1]}*" }}'
    )
    result = cli("explain", "--pattern", pattern, path, "--output", output, *every)
    assert (result.status, result.err) == (0, "")
    assert all(char.isprintable() or char == "\n" for char in result.out)
    assert "\u202e" not in result.out


def test_only_what_matches_is_shown_of_a_folder(cli: Cli, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    (logs / "day").mkdir(parents=True)
    for number, name in enumerate(("StopLogging", "GetTrail", "StopLogging", "ListBuckets")):
        one = {"eventID": str(number), "eventName": name, "eventTime": "2024-05-01T12:00:00Z"}
        (logs / "day" / f"{number}.json").write_text(json.dumps({"Records": [one]}))
    asked = ("explain", logs, "--pattern", "{ $.eventName = StopLogging }", "--output", "json")
    every = json.loads(cli(*asked).out)["records"]
    some = json.loads(cli(*asked, "--matches").out)["records"]
    assert len(every) == 4
    assert [(one["number"], one["event_name"]) for one in some] == [
        (1, "StopLogging"),
        (3, "StopLogging"),
    ]
    none = cli("explain", logs, "--pattern", "{ $.eventName = X }", "--matches", "--output", "json")
    assert (none.status, json.loads(none.out)["records"]) == (0, [])
    none = cli("explain", logs, "--pattern", "{ $.eventName = X }", "--matches")
    assert (none.status, none.err) == (0, "")
    assert "0 of 4 records match" in none.out
    assert "2 of 4 records match" in cli(*asked[:4], "--matches").out
    assert cli(*asked[:4], "--matches", "--fail-on-no-match").status == 0
    (logs / "day" / "0.json").unlink()
    (logs / "day" / "2.json").unlink()
    assert cli(*asked[:4], "--matches", "--fail-on-no-match").status == 1
