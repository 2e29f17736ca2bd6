"""A template as YAML for people: short intrinsic functions, folded texts, comments."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from trailwarden.deploy.cloudformation import cloudformation
from trailwarden.deploy.template import Resource, Template
from trailwarden.deploy.values import Equals, GetAtt, If, Not, Ref, Sub

_WIDTH = 100
_LONG = 72  # characters from which a text is folded, on lines of its own
_NAME = re.compile(r"[A-Za-z0-9]+((::|\.)[A-Za-z0-9]+)*")  # needs no quotes, in a list neither
_APART = ("Parameters", "Resources", "Outputs")  # sections with an empty line before each entry
_SIMPLE = (str, int, Ref, GetAtt, If)  # what a list in brackets may hold


class _Dumper(yaml.SafeDumper):
    """Writes each value in full (no anchors), lists indented, and plain texts behind tags."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        event = self.event
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the emitter asks for no other
        if event.tag and event.tag.startswith("!") and not event.style:
            return "" if _NAME.fullmatch(event.value) else "'"
        style: str = super().choose_scalar_style()
        return style


def _text(dumper: _Dumper, text: str, tag: str = "tag:yaml.org,2002:str") -> yaml.Node:
    return dumper.represent_scalar(tag, text, style=">" if len(text) > _LONG else None)


def _function(dumper: _Dumper, tag: str, items: list[Any]) -> yaml.Node:
    """In brackets, if it has no text that is folded."""
    is_flat = not any(map(_is_long, items))
    return dumper.represent_sequence(tag, items, flow_style=is_flat)


def _is_long(value: Any) -> bool:
    if isinstance(value, If):
        return _is_long(value.then) or _is_long(value.other)
    text = value.text if isinstance(value, Sub) else value
    return isinstance(text, str) and len(text) > _LONG


def _list(dumper: _Dumper, items: list[Any]) -> yaml.Node:
    """In brackets, if it is short and simple."""
    is_short = all(isinstance(item, _SIMPLE) and len(str(item)) <= _LONG for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=is_short)


_REPRESENTERS: dict[type, Callable[[_Dumper, Any], yaml.Node]] = {
    str: _text,
    list: _list,
    Ref: lambda dumper, value: dumper.represent_scalar("!Ref", value.name),
    GetAtt: lambda dumper, value: dumper.represent_scalar(
        "!GetAtt", f"{value.name}.{value.attribute}"
    ),
    Sub: lambda dumper, value: _text(dumper, value.text, "!Sub"),
    If: lambda dumper, value: _function(dumper, "!If", [value.condition, value.then, value.other]),
    Equals: lambda dumper, value: _function(dumper, "!Equals", [value.left, value.right]),
    Not: lambda dumper, value: _function(dumper, "!Not", [value.inner]),
}
for _type, _representer in _REPRESENTERS.items():
    _Dumper.add_representer(_type, _representer)


def to_yaml(template: Template) -> str:
    """ASCII, with a newline at its end."""
    sections = cloudformation(template)
    parts = ["\n".join(_header(template))]
    for name, section in sections.items():
        if not section:
            continue
        if name in _APART:
            parts.append(f"\n{name}:\n" + "\n\n".join(_entries(template, name, section)))
        else:
            parts.append(("" if isinstance(section, str) else "\n") + _dumped({name: section}))
    return "\n".join(parts) + "\n"


def _header(template: Template) -> Iterator[str]:
    yield f"# Made by: {template.command}"
    yield "# Make it again rather than change it; what may differ is in Parameters."
    if "--style strict" in template.command or "--style both" in template.command:
        yield "# Strict filters satisfy the benchmark and Security Hub; Prowler and Powerpipe ask"
        yield "# for more in a few controls: trailwarden audit says which."


def _entries(template: Template, section: str, entries: dict[str, Any]) -> Iterator[str]:
    for name, entry in entries.items():
        lines = [_dumped({name: entry})]
        if section == "Resources":
            lines = [*_comments(template.resources[name]), *lines]
        yield textwrap.indent("\n".join(lines), "  ")


def _comments(resource: Resource) -> Iterator[str]:
    for line in textwrap.wrap(resource.comment, _WIDTH - 4):
        yield f"# {line}"
    if resource.ignores:
        yield f"# trailwarden: ignore {','.join(resource.ignores)}"


def _dumped(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, width=_WIDTH - 6, default_flow_style=False
    )
    return text.rstrip("\n")
