"""The stacks that come with Trailwarden: CloudFormation templates that AWS accepts as they are."""

from __future__ import annotations

from importlib import resources

NAMES = ("cis", "cis-1.2.0")


def read(name: str) -> str:
    """The text of the template ``name``. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    return resources.files(__name__).joinpath(f"{name}.yaml").read_text("utf-8")
