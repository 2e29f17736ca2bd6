"""The systemd unit: every directive is one, and it keeps its promises."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[2] / "deploy/trailwarden.service"

# Directives by section, for where systemd is not there to be asked.
KNOWN = {
    "Unit": {"Description", "Wants", "After", "StartLimitIntervalSec"},
    "Install": {"WantedBy"},
    "Service": {
        *("Type", "NotifyAccess", "ExecStart", "Environment", "EnvironmentFile", "Restart"),
        *("RestartSec", "TimeoutStartSec", "TimeoutStopSec", "WatchdogSec", "DynamicUser"),
        *("StateDirectory", "StateDirectoryMode", "ConfigurationDirectory", "UMask"),
        *("MemoryMax", "TasksMax", "LimitNOFILE", "ProtectSystem", "ProtectHome"),
        *("ProtectProc", "ProcSubset", "PrivateTmp", "PrivateDevices", "PrivateUsers"),
        *("ProtectClock", "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs"),
        *("ProtectKernelModules", "ProtectKernelTunables", "RemoveIPC", "KeyringMode"),
        *("NoNewPrivileges", "CapabilityBoundingSet", "AmbientCapabilities"),
        *("LockPersonality", "MemoryDenyWriteExecute", "RestrictAddressFamilies"),
        *("RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID"),
        *("SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber"),
    },
}


def directives() -> list[tuple[str, str, str]]:
    """(section, name, value) of each line."""
    found, section = [], ""
    for line in UNIT.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
            continue
        name, equals, value = line.partition("=")
        assert equals, line
        found.append((section, name, value))
    return found


def test_each_directive_is_known() -> None:
    assert {section for section, _, _ in directives()} == set(KNOWN)
    for section, name, _ in directives():
        assert name in KNOWN[section], name


def test_it_keeps_its_promises() -> None:
    values = {name: value for section, name, value in directives() if section == "Service"}
    assert values["ExecStart"] == (
        "/usr/bin/trailwarden watch --config /etc/trailwarden/trailwarden.toml"
    )
    promised = {
        "Type": "notify",
        "Restart": "on-failure",
        "DynamicUser": "yes",
        "StateDirectory": "trailwarden",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
    }
    assert promised.items() <= values.items()
    assert values["Environment"] == "TRAILWARDEN_HOME=%S/trailwarden"
    assert {"MemoryMax", "WatchdogSec"} <= values.keys()


def runnable(folder: Path) -> Path:
    """The unit, with a program that exists on any machine."""
    unit = folder / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/usr/bin/trailwarden", "/bin/true"), "utf-8")
    return unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    unit = runnable(tmp_path)
    checked = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout + rated.stderr
