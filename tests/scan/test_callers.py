"""Whoever calls ``scan``, a script without a guard among them, is run once."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from tests.records import log_file, record, stack
from trailwarden.errors import UsageError
from trailwarden.scan import ScanOptions, scan
from trailwarden.scan.tuning import tune
from trailwarden.stack import load

CALLER = """\
print("begins")
import sys
from pathlib import Path
from trailwarden.scan import ScanOptions, scan
from trailwarden.stack import load
outcome = scan(load("cis"), Path("logs"), ScanOptions(processes=3))
print(outcome.input.events, "trailwarden.scan.pool" in sys.modules)
"""
EXPECTED = ["begins", "600 True"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with so many log files that several processes read them."""
    folder = tmp_path_factory.mktemp("callers")
    (folder / "logs").mkdir()
    for number in range(600):
        content = gzip.compress(log_file([record(minute=number, number=number)]), 1)
        (folder / f"logs/{number}.json.gz").write_bytes(content)
    return folder


def output(folder: Path, *arguments: str, text: str = "") -> list[str]:
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "Traceback" not in ended.stderr
    return ended.stdout.splitlines()


def test_a_script_without_a_guard(folder: Path) -> None:
    (folder / "caller.py").write_text(CALLER)
    assert output(folder, "caller.py") == EXPECTED


def test_a_module_without_a_guard(folder: Path) -> None:
    (folder / "calling").mkdir(exist_ok=True)
    (folder / "calling/now.py").write_text(CALLER)
    assert output(folder, "-m", "calling.now") == EXPECTED


def test_standard_input_and_an_argument(folder: Path) -> None:
    assert output(folder, "-", text=CALLER) == EXPECTED
    assert output(folder, "-c", CALLER) == EXPECTED


def test_an_interactive_session(folder: Path) -> None:
    """As in a notebook, the main module is another program's, and the cells are no file's."""
    lines = [line for line in output(folder, "-m", "code", "-q", text=CALLER) if line]
    assert [line.removeprefix(">>> ").lstrip("> ") for line in lines][:2] == EXPECTED


def test_a_script_that_starts_processes_of_its_own(folder: Path) -> None:
    (folder / "both.py").write_text(
        "import multiprocessing\n"
        "from trailwarden.scan import ScanOptions, scan\n"
        "from trailwarden.stack import load\n"
        "def events(name):\n"
        "    return scan(load('cis'), name, ScanOptions(processes=2)).input.events\n"
        "if __name__ == '__main__':\n"
        "    print(events('logs'))\n"
        "    with multiprocessing.get_context('forkserver').Pool(2) as pool:\n"
        "        print(pool.map(events, ['logs', 'logs']))\n"
    )
    assert output(folder, "both.py") == ["600", "[600, 600]"]


# --- what names an archive --------------------------------------------------------------------
def test_archives_are_named_by_texts_and_paths(folder: Path) -> None:
    logs = folder / "logs"
    first, second = logs / "0.json.gz", logs / "1.json.gz"
    for archives, events in (
        (first, 1),
        (str(first), 1),
        ([first, str(second)], 2),
        ((path for path in (first, second)), 2),
    ):
        assert scan(stack(), archives).input.events == events
        assert tune(stack(), first).input.events == 1
    assert scan(stack(), first).input.sources == (str(first),)


@pytest.mark.parametrize("wrong", [7, None, [7], b"logs", [b"logs"], [None]])
def test_what_is_no_archive(wrong: object) -> None:
    with pytest.raises(TypeError, match="an archive must be a str or a path, or several"):
        scan(stack(), wrong)  # type: ignore[arg-type]


def test_archives_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"/nonexistent: there is no archive here"):
        scan(load("cis"), "/nonexistent")
    with pytest.raises(UsageError, match="no archive is named"):
        scan(stack(), [])
    with pytest.raises(ValueError, match="lost a slash"):
        scan(stack(), Path("s3://bucket/prefix"))


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"clock": "arrival"}, ValueError, "clock must be 'event' or 'delivery', not 'arrival'"),
        ({"processes": -1}, ValueError, "processes must be at least 0, not -1"),
        ({"processes": "2"}, TypeError, "processes must be an int, not str"),
        ({"max_file_size": 0}, ValueError, "max_file_size must be at least 1, not 0"),
        ({"since": "2025-03-01"}, TypeError, "since must be a datetime, not str"),
    ],
)
def test_wrong_options(options: dict[str, object], error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as caught:
        ScanOptions(**options)  # type: ignore[arg-type]
    assert sentence in str(caught.value)


def test_times_without_a_time_zone() -> None:
    from datetime import datetime

    with pytest.raises(ValueError, match="until must have a time zone"):
        ScanOptions(until=datetime(2025, 3, 1))  # noqa: DTZ001
