"""Help, errors and completion: what every command has alike."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

import trailwarden.cli
from tests.cli.conftest import Result
from trailwarden.cli.completion import completing
from trailwarden.cli.examples import EXAMPLES
from trailwarden.cli.root import trailwarden as root
from trailwarden.text import nearest

Cli = Callable[..., Result]
DOCS = Path(__file__).parents[2] / "docs"


def commands(group: click.Group = root, above: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{above}{name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_help_has_examples_that_can_be_typed_and_names_its_page(cli: Cli, name: str) -> None:
    shown = cli(*name.split(), "--help").out
    page, examples = EXAMPLES[name]
    assert f"More: docs/{page}" in shown
    assert (DOCS / page).is_file()
    assert len(examples) >= 2
    for example in examples:
        assert f"    {example}\n" in shown  # on one line
        program, *words = shlex.split(example)
        assert program == "trailwarden"
        assert example.startswith(f"trailwarden {name}".strip())
        command: click.Command = root
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0)) or root
        with command.make_context(command.name, list(words)):
            pass


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_does_something_tells_its_exit_status(cli: Cli, name: str) -> None:
    if not isinstance(COMMANDS[name], click.Group):
        assert "Exit status: 0" in " ".join(cli(*name.split(), "--help").out.split())


def test_lines_of_commands_are_whole(cli: Cli) -> None:
    for name, command in COMMANDS.items():
        if isinstance(command, click.Group):
            assert "..." not in cli(name, "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("words", "error", "cure"),
    [
        ("scan x --since abc", "--since: 'abc' is not a date or time", "write 2024-05-01,"),
        ("watch x --since abc", "--since: 'abc' is not a date or time", "write 2024-05-01,"),
        ("watch x --lateness abc", "--lateness: 'abc' is no span of time", "write 90s, 15m, 1h"),
        ("simulate x --start 2025-99-01", "--start: '2025-99-01' is not a date",
         "write 2025-03-01"),
        ("scna", "there is no command 'scna'", "did you mean 'scan'?"),
        ("zzz", "there is no command 'zzz'", "name one of scan, watch"),
        ("stack shwo", "no such command 'shwo'", "did you mean 'show'?"),
        ("scan . --fail-on-alrm", "no such option", "did you mean --fail-on-alarm?"),
        ("scan . --clock x", "--clock: 'x' is not one of 'event', 'delivery'",
         "see trailwarden scan --help"),
        ("notify confirm", "missing argument", "see trailwarden notify confirm --help"),
        ("lint TW303", "TW303 is a rule, not a stack", "trailwarden lint --explain TW303"),
        ("lint cis --select TW9x", "--select: no rule has a code that begins with 'TW9x'",
         "trailwarden lint --explain TW shows all of them"),
        ("lint --explain XX", "--explain: no rule has the code 'XX'",
         "trailwarden lint --explain TW shows them"),
        ("explain x --stack cis --filter nope", "the stack has no metric filter 'nope'",
         "its filters are: cis-unauthorized-api-calls, "),
        ("scan . --stack nope", "there is no stack 'nope'", "name one of cis, cis-1.2.0, aws"),
    ],
)  # fmt: skip
def test_errors_have_one_form(cli: Cli, words: str, error: str, cure: str) -> None:
    result = cli(*words.split())
    assert (result.status, result.out) == (2, "")
    first, second = result.err.splitlines()
    assert first.startswith(f"error: {error}")
    assert second.startswith(f"  cure: {cure}")


def test_only_near_names_are_suggested(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nearest("StopLoging", ["StartLogging", "StopLogging"]) == ["StopLogging"]
    assert nearest("STOPLOGGING", ["StopLogging"]) == ["StopLogging"]
    assert nearest("nosuch", ["foreach", "notes"]) == []
    monkeypatch.chdir(tmp_path)
    for name in ("foreach.yaml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("Resources: {}\n")
    result = cli("scan", ".", "--stack", "nosuch.yaml")
    assert "check the path: its folder has foreach.yaml\n" in result.err
    assert "did you mean foreach.yaml?" in cli("scan", ".", "--stack", "foreech.yml").err


def test_a_test_of_a_misspelt_event_suggests_the_event(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "stack: cis\ntests:\n- name: a\n  events: [StopLoging(user=a)]\n"
        "  expect: {matches: {cis-root-usage: 0}}\n"
    )
    result = cli("test", tmp_path / "t.yaml")
    assert result.status == 2
    assert "did you mean StopLogging? Else add source:" in result.err


def test_a_file_without_records_is_said_to_hold_none(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"Records": []}')
    result = cli("scan", tmp_path / "a.json")
    assert result.status == 0
    assert "the file holds no records." in result.out
    assert "path" not in result.out.partition("No events")[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("scan --stack ci", {"cis", "cis-1.2.0"}),
        ("scan --output ma", {"matches"}),
        ("audit --output js", {"json"}),
        ("stack show c", {"cis", "cis-1.2.0"}),
        ("stack show cis --output me", {"mermaid"}),
        ("stack cost x --output js", {"json"}),
        ("stack synth --control root-u", {"root-usage"}),
        ("lint cis --select TW301,TW302,tw303", {"TW301,TW302,TW303"}),
        ("lint --explain TW303", {"TW303"}),
        ("lint ci", {"cis", "cis-1.2.0"}),
        ("test ci", {"cis", "cis-1.2.0"}),
        ("not", {"notify"}),
    ],
)
def test_shells_complete_values(words: str, expected: set[str]) -> None:
    asked = {
        **os.environ,
        "_TRAILWARDEN_COMPLETE": "bash_complete",
        "COMP_WORDS": f"trailwarden {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    program = "from trailwarden.cli import main; import sys; sys.argv[0]='trailwarden'; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], env=asked, capture_output=True, text=True, check=True
    )
    found = [line.partition(",") for line in done.stdout.splitlines()]
    assert {value for kind, _, value in found if kind == "plain"} == expected


def test_paths_are_completed_by_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("scan", "watch", "explain", "tune", "stack cost", "test", "lint"):
        command = completing(COMMANDS[name])
        argument = next(one for one in command.params if isinstance(one, click.Argument))
        context = click.Context(command, info_name=name.split()[-1])
        assert "file" in {item.type for item in argument.shell_complete(context, "lo")}


def test_every_report_has_formats_to_complete() -> None:
    for name, command in COMMANDS.items():
        output = next((one for one in command.params if one.name == "outputs"), None)
        if output is None:
            continue
        completing(command)
        context = click.Context(command, info_name=name.split()[-1])
        values = {item.value for item in output.shell_complete(context, "")}
        assert values >= {"json"}
        assert {item.type for item in output.shell_complete(context, "json=x")} == {"file"}


def test_windows_is_refused_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(SystemExit, match="runs on Linux and macOS, not on Windows\n  cure: "):
        trailwarden.cli.main()
