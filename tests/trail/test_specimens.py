"""Records from short forms, as CloudTrail writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from trailwarden.trail import principal_of
from trailwarden.trail.specimens import Caller, Short, made, merged

TIME = datetime(2025, 1, 1, 0, 2, tzinfo=UTC)


def record(event: str = "StopLogging", **given: Any) -> dict[str, Any]:
    return made(Short(event, "cloudtrail.amazonaws.com", **given), TIME, 1)


@pytest.mark.parametrize(
    ("caller", "name", "kind", "principal"),
    [
        ("user", "alice", "IAMUser", "user/alice (111122223333)"),
        ("role", "Admin/bob", "AssumedRole", "role/Admin/bob (111122223333)"),
        ("role", "Admin", "AssumedRole", "role/Admin/session (111122223333)"),
        ("root", "", "Root", "Root (111122223333)"),
    ],
)
def test_callers(caller: Caller, name: str, kind: str, principal: str) -> None:
    found = principal_of(record(caller=caller, name=name))
    assert (found.kind, found.name) == (kind, principal)


def test_ids_differ_and_stay() -> None:
    short = Short("StopLogging", "cloudtrail.amazonaws.com")
    first, second = made(short, TIME, 1), made(short, TIME, 2)
    assert first == made(short, TIME, 1)
    assert len({first["eventID"], second["eventID"], first["requestID"]}) == 3


@pytest.mark.parametrize(("event", "is_read"), [("GetTrail", True), ("StopLogging", False)])
def test_what_only_reads(event: str, is_read: bool) -> None:
    assert record(event)["readOnly"] is is_read


def test_sign_ins() -> None:
    good, bad = record("ConsoleLogin", mfa=True), record("ConsoleLogin", error="Failed")
    assert good["eventType"] == "AwsConsoleSignIn"
    assert good["additionalEventData"]["MFAUsed"] == "Yes"
    assert good["responseElements"] == {"ConsoleLogin": "Success"}
    assert bad["responseElements"] == {"ConsoleLogin": "Failure"}
    assert bad["errorMessage"] == "Failed"
    assert "errorCode" not in bad


def test_sessions() -> None:
    assert "sessionContext" not in record()["userIdentity"]
    attributes = record(mfa=True)["userIdentity"]["sessionContext"]["attributes"]
    assert attributes["mfaAuthenticated"] == "true"


def test_fields_are_merged() -> None:
    found = record(error="AccessDenied", fields={"userIdentity": {"invokedBy": "x"}, "extra": [1]})
    assert found["userIdentity"]["invokedBy"] == "x"
    assert found["userIdentity"]["type"] == "IAMUser"
    assert (found["extra"], found["errorCode"]) == ([1], "AccessDenied")
    assert merged({"a": {"b": 1}}, {"a": None}) == {"a": None}
