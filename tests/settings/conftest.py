"""Reading settings that a test writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trailwarden.errors import DefinitionErrors
from trailwarden.notify.channels import OPTIONS
from trailwarden.settings import Settings, read_settings

Read = Callable[..., Settings]
Mistakes = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read(text, NAME="value")``: the settings; keywords are the environment."""

    def call(text: str, **environment: str) -> Settings:
        return settings_of(text, tmp_path, environment)

    return call


@pytest.fixture
def mistakes(tmp_path: Path) -> Mistakes:
    """``mistakes(text)``: the errors as ``line:column (key): message | cure``."""

    def call(text: str, **environment: str) -> list[str]:
        with pytest.raises(DefinitionErrors) as caught:
            settings_of(text, tmp_path, environment)
        for error in caught.value.errors:
            assert error.cure, error
        return [
            f"{str(error.location).partition('.toml')[2][1:]}: {error.message} | {error.cure}"
            for error in caught.value.errors
        ]

    return call


def settings_of(text: str, folder: Path, environment: Mapping[str, str]) -> Settings:
    path = folder / "trailwarden.toml"
    path.write_text(text, "utf-8")
    return read_settings(path, options=OPTIONS, environment=environment)
