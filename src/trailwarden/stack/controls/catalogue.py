"""The catalogue of controls, which is data in ``cis.yaml``, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from trailwarden.stack.controls.model import Calls, Control, Version

_HOST = ".amazonaws.com"


@cache
def controls() -> tuple[Control, ...]:
    """All controls, in the order of their numbers."""
    import yaml  # noqa: PLC0415 - start-up of the command line does not pay for it

    text = resources.files(__package__).joinpath("cis.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return tuple(
        _control(number, key, entry)
        for number, (key, entry) in enumerate(yaml.load(text, loader).items(), 1)  # noqa: S506
    )


def control(key: str) -> Control:
    """The control of this key, such as ``root-usage``. Raises KeyError if there is none."""
    for one in controls():
        if one.key == key:
            return one
    raise KeyError(key)


def _control(number: int, key: str, entry: Mapping[str, Any]) -> Control:
    calls = _calls(entry["calls"]) if "calls" in entry else None
    since: Version = entry.get("since", "1.2.0")
    names_source = entry.get("names_source", False)
    added = {version: tuple(names.split()) for version, names in entry.get("added", {}).items()}
    wordings: dict[Version, str] = entry.get("wordings", {})
    if calls:
        for version, more in {since: (), **added}.items():
            named = Calls(calls.source, (*calls.names, *more))
            wordings[version] = pattern_of(named, names_source=names_source)
    demanded = _calls(entry["prowler_calls"]) if "prowler_calls" in entry else calls
    security_hub: str | None = entry.get("security_hub")
    return Control(
        key=key,
        number=number,
        titles=entry["titles"],
        gloss=entry["gloss"],
        prowler=entry["prowler"],
        since=since,
        levels=entry["levels"],
        wordings=wordings,
        calls=calls,
        added=added,
        forgotten=tuple(map(_calls, entry.get("forgotten", ()))),
        names_source=names_source,
        security_hub=security_hub,
        # The text of the first version, but where the catalogue says otherwise.
        security_hub_pattern=entry.get("security_hub_pattern", wordings[since])
        if security_hub
        else None,
        prowler_calls=demanded,
        prowler_source=entry.get("prowler_source", names_source),
    )


def pattern_of(calls: Calls, *, names_source: bool) -> str:
    """The benchmark's way to write a filter pattern for calls."""
    names = " || ".join(f"($.eventName={name})" for name in calls.names)
    return f"{{($.eventSource={calls.source}) && ({names})}}" if names_source else f"{{{names}}}"


def _calls(text: str) -> Calls:
    """``SERVICE: NAME NAME …`` as calls."""
    service, _, names = text.partition(":")
    return Calls(service.strip() + _HOST, tuple(names.split()))
