"""What a program gets: everything can be imported from where it is made, and becomes JSON."""

from __future__ import annotations

import dataclasses
import json
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest

from tests.records import log_file, record, stack
from trailwarden import report, scan
from trailwarden.monitor import outcome as outcomes
from trailwarden.patterns import parse
from trailwarden.stack import load


@pytest.fixture
def outcome(tmp_path: Path) -> scan.Outcome:
    (tmp_path / "a.json").write_bytes(log_file([record("StopLogging", userAgent="é\ud800\x1b")]))
    return scan.scan(stack(), tmp_path)


def test_the_json_is_that_of_the_command_line(outcome: scan.Outcome) -> None:
    printed = StringIO()
    report.render(outcome, "json", printed)
    assert json.loads(outcome.to_json()) == json.loads(printed.getvalue()) == outcome.to_dict()
    assert outcome.to_json().isascii()
    value = outcome.to_dict()
    assert value["schema"] == "trailwarden.scan/1"
    assert value["alarms"][0]["fired"] == 1
    assert isinstance(value["filters"], list)


def test_everything_that_an_outcome_holds_can_be_imported_from_where_it_is_made() -> None:
    made = {
        name
        for name, value in vars(outcomes).items()
        if dataclasses.is_dataclass(value) and value.__module__ == outcomes.__name__
    }
    assert made - set(scan.__all__) == set()
    assert all(getattr(scan, name) is getattr(outcomes, name) for name in made)


@pytest.mark.parametrize(
    "name", ["alarms", "audit", "monitor", "patterns", "report", "scan", "stack", "tuning"]
)
def test_what_a_room_offers_is_there(name: str) -> None:
    room: ModuleType = import_module(f"trailwarden.{name}")
    assert room.__doc__
    assert sorted(room.__all__, key=str) == sorted(set(room.__all__), key=str)
    assert all(hasattr(room, one) for one in room.__all__)


def test_wrong_values_are_refused_with_a_sentence() -> None:
    with pytest.raises(TypeError, match="a filter pattern must be a str, not int"):
        parse(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a message must be a str, bytes or a decoded object"):
        parse("{ $.a = b }").matches(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a stack is named by a str or a path"):
        load(None)  # type: ignore[arg-type]


def test_a_stack_is_named_by_a_path_as_well(tmp_path: Path) -> None:
    template = tmp_path / "small.yaml"
    template.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}")
    assert load(template).topics == load(str(template)).topics != ()
