"""``trailwarden lint`` on the built-in stacks, whose comments say what is meant to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Result
from trailwarden.stack.builtin import NAMES

Cli = Callable[..., Result]


@pytest.mark.parametrize("name", NAMES)
def test_built_in_stacks_are_clean_with_and_without_parameters(cli: Cli, name: str) -> None:
    assert cli("lint", name).status == 0
    assert cli("lint", name, "--parameter", "SubscriptionEndpoint=a@example.com").status == 0
