"""The image: read as Docker reads it, and checked where hadolint is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from trailwarden.settings import Secret
from trailwarden.watch.observability import Health, NoMetrics, ObservabilityServer

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "deploy/Dockerfile"
TOKEN = Secret("0123456789abcdef-token")


def instructions() -> list[tuple[str, str]]:
    """(INSTRUCTION, the rest) in order, continued lines joined, comments left out."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [(i, rest) for i, _, rest in (row.partition(" ") for row in joined.splitlines() if row)]


def last(instruction: str) -> str:
    return [rest for name, rest in instructions() if name == instruction][-1]


def ignored(path: str) -> bool:
    """Whether .dockerignore leaves a path out; the last pattern that matches decides."""
    verdict = False
    for pattern in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if not pattern or pattern.startswith("#"):
            continue
        bare = pattern.removeprefix("!").removeprefix("**/")
        anywhere = "**/" in pattern
        parts = path.split("/")
        tails = [parts[n:] for n in range(len(parts))] if anywhere else [parts]
        if any(fnmatch(tail[0], bare) for tail in tails):
            verdict = not pattern.startswith("!")
    return verdict


def test_both_stages_have_one_base_by_tag() -> None:
    bases = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert bases == ["python:3.12-slim"] * 2


def test_it_installs_all_that_a_watch_needs() -> None:
    builds = [rest for name, rest in instructions() if name == "RUN"]
    assert any("pip install" in build and "'.[aws,watch,notify]'" in build for build in builds)
    assert any("import trailwarden._speedups" in build for build in builds)
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    for extra in ("aws", "watch", "notify"):
        assert re.search(rf"^{extra} = \[", declared, re.MULTILINE)


def test_it_does_not_run_as_root() -> None:
    names = [name for name, _ in instructions()]
    assert last("USER") == "10001:10001"
    assert names.index("USER") > len(names) - 1 - names[::-1].index("RUN")


def test_the_command_is_a_watch() -> None:
    assert json.loads(last("ENTRYPOINT")) == ["trailwarden"]
    command = json.loads(last("CMD"))
    assert command[:3] == ["watch", "--config", "/etc/trailwarden/trailwarden.toml"]
    assert "TRAILWARDEN_HOME=/var/lib/trailwarden" in last("ENV")
    assert json.loads(last("VOLUME")) == ["/var/lib/trailwarden"]


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY"]
    sources = [path for paths in copied for path in paths if not path.startswith(("--", "/"))]
    assert "src" in sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not ignored(source), source
    for left_out in [".git", ".venv", "tests", "docs", "demo", "secrets.env"]:
        assert ignored(left_out), left_out
    for left_out in ["src/trailwarden/_speedups.abi3.so", "src/trailwarden/__pycache__"]:
        assert ignored(left_out), left_out


def test_what_the_build_needs_is_copied() -> None:
    """Each file that the project's metadata and build refer to."""
    copied = {path for name, rest in instructions() if name == "COPY" for path in rest.split()[:-1]}
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    for needed in ("README.md", "LICENSE"):
        assert f'"{needed}"' in declared
        assert needed in copied
    assert {"pyproject.toml", "setup.py", "MANIFEST.in"} <= copied


@pytest.fixture
def check() -> str:
    """The Python program of the health check."""
    _, _, command = last("HEALTHCHECK").partition(" CMD ")
    python, option, program = json.loads(command)
    assert (python, option) == ("python", "-c")
    assert "9464" in program
    assert "127.0.0.1:9464" in json.loads(last("CMD"))
    return str(program)


@pytest.fixture(params=[None, TOKEN], ids=["open", "token"])
def token(request: pytest.FixtureRequest) -> Secret | None:
    """The token that the server wants, if any."""
    given: Secret | None = request.param
    return given


@pytest.mark.parametrize("is_well", [True, False])
def test_the_health_check_tells_the_sick(
    check: str, token: Secret | None, is_well: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # never asked
    monkeypatch.delenv("TRAILWARDEN_LISTEN_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("TRAILWARDEN_LISTEN_TOKEN", token.value)
    with ObservabilityServer(
        "127.0.0.1:0", NoMetrics(), lambda: Health(is_well, {}), token=token
    ) as server:
        program = check.replace("9464", str(server.port))
        status = subprocess.run([sys.executable, "-c", program], check=False).returncode
    assert status == (0 if is_well else 1)


def test_the_health_check_fails_without_an_answer(check: str) -> None:
    with ObservabilityServer("127.0.0.1:0", NoMetrics(), lambda: Health(True, {})) as server:
        port = server.port
    asked = subprocess.run(
        [sys.executable, "-c", check.replace("9464", str(port))], capture_output=True, check=False
    )
    assert asked.returncode == 1


def test_hadolint_finds_no_fault() -> None:
    hadolint = shutil.which("hadolint") or shutil.which(
        "hadolint", path=Path(sys.executable).parent
    )
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    checked = subprocess.run([hadolint, FILE], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
