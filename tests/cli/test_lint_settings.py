"""``trailwarden lint``: select, ignore and exclude from trailwarden.toml and pyproject.toml."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Result
from tests.cli.test_lint import TEMPLATE
from trailwarden.settings.lint_section import is_excluded

Cli = Callable[..., Result]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Templates with an error (TW101) and a note (TW303), in folders below the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("top.yaml", "security/near.yaml", "security/generated/far.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEMPLATE.replace("FILTER", "stops"))
    return tmp_path


def _codes(result: Result) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in json.loads(result.out)["findings"]:
        found.setdefault(finding["source"], []).append(finding["code"])
    return found


def test_the_nearest_settings_count(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text("[lint]\nignore = 'TW101'\n")
    (tree / "security/pyproject.toml").write_text("[tool.trailwarden.lint]\nselect = ['TW1']\n")
    # Files without a section for lint are passed over, whatever else is in them.
    (tree / "security/trailwarden.toml").write_text("[watch]\nlateness = 7\n")
    (tree / "security/generated/pyproject.toml").write_text("[tool.other]\nlint = 1\n")
    result = cli("lint", "top.yaml", "security/near.yaml", "security/generated/far.yaml",
                 "--output", "json")  # fmt: skip
    assert _codes(result) == {
        "top.yaml": ["TW303"],
        "security/near.yaml": ["TW101"],
        "security/generated/far.yaml": ["TW101"],
    }


def test_trailwarden_toml_comes_before_pyproject(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text("[lint]\nselect = ['TW1']\n")
    (tree / "pyproject.toml").write_text("[tool.trailwarden.lint]\nselect = ['TW3']\n")
    assert _codes(cli("lint", "top.yaml", "--output", "json")) == {"top.yaml": ["TW101"]}


def test_the_command_line_wins(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text(
        "[lint]\nselect = ['TW1']\nignore = ['TW101']\nexclude = ['top.*']\n"
    )
    options = ["--exclude", "nothing", "--output", "json"]
    assert _codes(cli("lint", "top.yaml", *options)) == {}
    assert _codes(cli("lint", "top.yaml", "--select", "TW3", *options)) == {"top.yaml": ["TW303"]}
    assert _codes(cli("lint", "top.yaml", "--ignore", "TW9", *options)) == {"top.yaml": ["TW101"]}


def test_config_is_taken_for_all(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text("[lint]\nselect = ['TW1']\n")
    (tree / "other.toml").write_text("[lint]\nselect = ['TW3']\n")
    result = cli("lint", "top.yaml", "--config", "other.toml", "--output", "json")
    assert _codes(result) == {"top.yaml": ["TW303"]}
    assert cli("lint", "top.yaml", "--config", "missing.toml").status == 2


def test_excluded_templates_are_named(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text("[lint]\nexclude = ['security/generated/**']\n")
    (tree / "security/generated/far.yaml").write_text("no: template")
    result = cli("lint", "top.yaml", "security/generated/far.yaml", "--output", "json")
    assert _codes(result) == {"top.yaml": ["TW101", "TW303"]}
    assert result.err == "left out by exclude: security/generated/far.yaml\n"
    result = cli("lint", "top.yaml", "--exclude", "top.yaml")
    assert (result.status, result.out) == (0, "nothing found\n")


def test_fixes_obey_settings(cli: Cli, tree: Path) -> None:
    (tree / "security/trailwarden.toml").write_text("[lint]\nignore = ['TW303']\n")
    (tree / "trailwarden.toml").write_text("[lint]\nexclude = ['generated']\n")
    before = Path("top.yaml").read_text()
    assert cli("lint", "--fix", "top.yaml", "security/near.yaml").status == 1
    assert "Statistic: Sum" in Path("top.yaml").read_text()
    assert Path("security/near.yaml").read_text() == before


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("trailwarden.toml", "[lint]\nselct = ['TW1']\n", "trailwarden.toml:2:1 (lint.selct)"),
        ("trailwarden.toml", "[lint]\nselect = ['TW1',\n 'TW8']\n", "trailwarden.toml:3:2 (lint.s"),
        ("trailwarden.toml", "[lint]\nselect = ['tw303']\n", "did you mean 'TW303'?"),
        ("trailwarden.toml", "[lint]\nselect = 3\n", "this is a number, not a text"),
        ("trailwarden.toml", "[lint]\nexclude = ['/etc/*']\n", "leads out of the folder"),
        ("trailwarden.toml", "lint = 3\n", "write [lint] and its keys below"),
        ("trailwarden.toml", "[lint\n", "not TOML"),
        ("pyproject.toml", "[tool.trailwarden]\nignore = ['TW1']\n", "write [tool.trailwarden.lin"),
        ("pyproject.toml", "[tool.trailwarden.lint]\nignore = ['TX']\n", "pyproject.toml:2:11"),
    ],
)
def test_mistakes(cli: Cli, tree: Path, name: str, text: str, expected: str) -> None:
    (tree / name).write_text(text)
    result = cli("lint", "security/near.yaml")
    assert (result.status, result.out) == (2, "")
    assert expected in result.err


def test_the_watch_takes_settings_with_lint(cli: Cli, tree: Path) -> None:
    (tree / "trailwarden.toml").write_text("[watch]\nstack = 'cis'\n[lint]\nselect = 'TW1'\n")
    assert cli("notify", "check").status == 0
    (tree / "trailwarden.toml").write_text("[watch]\nstack = 'cis'\n[lint]\nexclud = 'TW1'\n")
    assert "lint.exclud" in cli("notify", "check").err


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.gen.yaml", "a/b.gen.yaml", True),
        ("a", "a/b.yaml", True),
        ("a/", "a/b.yaml", True),
        ("a/*", "a/b/c.yaml", True),  # the folder a/b is what the glob says
        ("a/*.yaml", "a/b.yaml", True),
        ("a/*.yaml", "a/b/c.yml", False),
        ("*.yaml", "../x.yaml", True),
        ("a/**/c.yaml", "a/c.yaml", True),
        ("a/**/c.yaml", "a/1/2/c.yaml", True),
        ("**/c.yaml", "c.yaml", True),
        ("a/**/c.yaml", "b/c.yaml", False),
        ("./a/b.yaml", "a/b.yaml", True),
        ("A/b.yaml", "a/b.yaml", False),
        ("b/c.yaml", "a/b/c.yaml", False),
    ],
)
def test_globs(
    glob: str, path: str, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert is_excluded(Path(path), [glob], folder) is expected
