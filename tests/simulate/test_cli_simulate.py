"""``trailwarden simulate``."""

import re

import pytest
from click.testing import CliRunner

from trailwarden.cli.root import trailwarden
from trailwarden.errors import UsageError


def run(*arguments):
    return CliRunner().invoke(trailwarden, ["simulate", *map(str, arguments)])


def test_it_says_what_it_wrote_and_what_to_do_next(tmp_path):
    folder = tmp_path / "my archive"
    result = run(folder, "--days", 2, "--events-per-day", 300, "--seed", 3)
    assert result.exit_code == 0, result.output
    files = len(list(folder.rglob("*.json.gz")))
    assert f"{files:,} files" in result.output
    assert re.search(r"\d+ events \(\d+ delivered twice\), .+ uncompressed\)", result.output)
    assert "3 accounts: 111122223333, 444455556666, 777788889999" in result.output
    assert "3 regions: ap-northeast-1, eu-west-1, us-east-1" in result.output
    assert "from 2025-03-08T" in result.output
    assert "the break-in:" in result.output
    assert "a leaked access key" in result.output
    assert "user/" in result.output
    assert result.output.endswith(f"next: trailwarden scan '{folder}' --stack cis\n")


def test_without_an_attack_there_is_no_story(tmp_path):
    result = run(tmp_path / "a", "--days", 1, "--events-per-day", 50, "--no-attack")
    assert result.exit_code == 0
    assert "the break-in" not in result.output


def test_the_start_and_the_sizes_are_options(tmp_path):
    result = run(
        tmp_path / "a", "--days", 1, "--events-per-day", 100, "--start", "2024-02-29",
        "--accounts", 1, "--regions", 1,
    )  # fmt: skip
    assert result.exit_code == 0
    assert list((tmp_path / "a").glob("AWSLogs/111122223333/CloudTrail/us-east-1/2024/02/29/*"))
    assert "1 account: 111122223333\n1 region: us-east-1\n" in result.output


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "precious").write_text("mine")
    result = run(tmp_path)
    assert isinstance(result.exception, UsageError)
    assert "new folder" in result.exception.cure


@pytest.mark.parametrize(
    "arguments", [("--start", "yesterday"), ("--days", "x"), ("--processes", 0), ("--bogus",)]
)
def test_bad_options_are_refused_before_anything_is_written(tmp_path, arguments):
    result = run(tmp_path / "a", *arguments)
    assert result.exit_code == 2
    assert not (tmp_path / "a").exists()


def test_impossible_sizes_are_refused_before_anything_is_written(tmp_path):
    result = run(tmp_path / "a", "--accounts", 100)
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "a").exists()
