"""The fuzz target of the parser, for a few thousand runs."""

from __future__ import annotations

import pytest

from fuzz import pattern_parser


@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_run(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert pattern_parser.main(["--runs", "3000", "--seed", str(seed)]) == 0
    refused, accepted = map(int, capsys.readouterr().out.split()[1::2])
    assert refused + accepted == 3000
    assert refused > 500
    assert accepted > 500
