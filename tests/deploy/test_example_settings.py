"""The example of the settings: as it stands, and with every comment taken away."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from trailwarden.settings import ChannelKind, Mute, Settings, SourceKind, SourceSettings

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy/trailwarden.example.toml"
TEXT = EXAMPLE.read_text("utf-8")
# What is commented out is written without a blank after the #, remarks are written with one.
FULL = re.sub(r"^#(?=[\[\w\"])", "", TEXT, flags=re.MULTILINE)
ENVIRONMENT = {
    "SMTP_PASSWORD": "p",
    "CHAT_URL": "json://localhost",
    "TRAILWARDEN_LISTEN_TOKEN": "t",
}


@pytest.fixture(params=[TEXT, FULL], ids=["as it stands", "all of it"])
def example(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads(request.param)


def test_sections_and_keys_are_those_of_the_settings(example: dict[str, Any]) -> None:
    assert set(example) <= {"watch", "sources", "channels", "topics", "mutes"}
    assert set(example["watch"]) <= {field.name for field in fields(Settings)}
    source_keys = {field.name for field in fields(SourceSettings)} - {"kind"} | {"type"}
    mute_keys = {field.name for field in fields(Mute)} - {"start", "end"} | {"from", "to"}
    for source in example["sources"]:
        assert set(source) <= source_keys
        assert source["type"] in get_args(SourceKind)
    for mute in example.get("mutes", []):
        assert set(mute) == mute_keys


def test_channels_and_topics_fit(example: dict[str, Any]) -> None:
    for channel in example["channels"].values():
        assert channel["type"] in get_args(ChannelKind)
    for names in example["topics"].values():
        assert set(names) <= set(example["channels"])


def test_all_of_it_shows_every_kind() -> None:
    full = tomllib.loads(FULL)
    assert {source["type"] for source in full["sources"]} == set(get_args(SourceKind))
    assert {channel["type"] for channel in full["channels"].values()} == set(get_args(ChannelKind))


@pytest.mark.parametrize("text", [TEXT, FULL], ids=["as it stands", "all of it"])
def test_the_reader_takes_it(text: str, tmp_path: Path) -> None:
    from trailwarden.notify.channels import OPTIONS
    from trailwarden.settings import read_settings

    path = tmp_path / "trailwarden.toml"
    path.write_text(text, "utf-8")
    settings = read_settings(path, options=OPTIONS, environment=ENVIRONMENT)
    assert settings.stack == "cis"
    assert settings.lateness == 900
    assert settings.topics["*"] == ("journal",)
    assert settings.notes == ()
