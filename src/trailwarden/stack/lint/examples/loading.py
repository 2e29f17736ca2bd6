"""The examples that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_BASE = "base.yaml"


@dataclass(frozen=True, slots=True)
class Example:
    """Two parts of a template in YAML: ``wrong`` has the finding, ``right`` has not."""

    wrong: str
    right: str


@cache
def examples() -> Mapping[str, Example]:
    """The examples by the code of their rule."""
    import yaml  # noqa: PLC0415 - start-up of the command line does not pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Example] = {}
    folder = files("trailwarden.stack.lint.examples")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml") and file.name != _BASE:
            data = yaml.load(file.read_text("utf-8"), Loader=loader)  # noqa: S506 - a safe one
            found.update((code, Example(**parts)) for code, parts in data.items())
    return dict(sorted(found.items()))


def base() -> str:
    """The stack in which the examples stand, in which nothing is found."""
    return (files("trailwarden.stack.lint.examples") / _BASE).read_text("utf-8")
