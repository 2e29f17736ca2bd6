"""The examples in the documentation of the package are true."""

from __future__ import annotations

import doctest

import trailwarden.patterns


def test_the_examples() -> None:
    options = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testmod(trailwarden.patterns, optionflags=options) == (0, 8)
