"""``trailwarden lint`` on the built-in stacks, whose comments say what is meant to be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Result
from trailwarden.stack.builtin import NAMES

Cli = Callable[..., Result]


@pytest.mark.parametrize("name", NAMES)
def test_comments_of_built_in_stacks_are_obeyed(cli: Cli, name: str) -> None:
    result = cli(
        "lint", name, "--parameter", "SubscriptionEndpoint=a@example.com", "--output", "json"
    )
    assert [one["code"] for one in json.loads(result.out)["findings"]] == ["TW407"]
    assert result.status == 1
