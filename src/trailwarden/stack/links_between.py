"""References between the templates of one stack: exports, outputs, and parameters they feed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from trailwarden.stack.findings import Findings
from trailwarden.stack.nodes import Entries, Entry, Items, Mark, Node, Scalar

if TYPE_CHECKING:
    from trailwarden.stack.intrinsics import Resolver

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_TOKEN = re.compile(r"\$\{[^{}]*\}")
# What a parameter's name says it is given, and by which resource's output.
_KINDS: Mapping[str, str] = {
    "topic": "AWS::SNS::Topic",
    "sns": "AWS::SNS::Topic",
    "group": "AWS::Logs::LogGroup",
    "bucket": "AWS::S3::Bucket",
    "key": "AWS::KMS::Key",
}


@dataclass(slots=True)
class Member:
    """One template of a stack. ``fed`` are the values that the template around it gives."""

    resolver: Resolver
    name: str
    parent: Resolver | None = None
    fed: Mapping[str, Entry] = field(default_factory=dict)
    path: str = ""  # to the nested stack in its parent


@dataclass(slots=True)
class Between:
    """All templates of a stack, in their order."""

    findings: Findings
    members: list[Member] = field(default_factory=list)
    _in_work: set[tuple[int, str]] = field(default_factory=set)
    _told: set[tuple[int, str]] = field(default_factory=set)

    def scoped(self, resolver: Resolver, logical_id: str) -> str:
        """The resource's id; after its template's name where an earlier template has it, too."""
        for member in self.members:
            if member.resolver is resolver:
                return logical_id
            if logical_id in member.resolver.resources:
                own = next(one for one in self.members if one.resolver is resolver)
                return f"{own.name}-{logical_id}"
        return logical_id

    def parameter(
        self, resolver: Resolver, name: str, mark: Mark, *, has_default: bool
    ) -> Node | None:
        """What another template feeds the parameter with; None where none does."""
        member = next((one for one in self.members if one.resolver is resolver), None)
        if member is None:
            return None
        key = (id(resolver), name)
        if key in self._in_work:
            return None  # two templates that hand on the same name
        self._in_work.add(key)
        try:
            found = self._fed(member, name, has_default=has_default)
        finally:
            self._in_work.discard(key)
        return None if found is None else _standing_at(found, mark)

    def imported(self, resolver: Resolver, name: Scalar) -> Node | None:
        """What ``Fn::ImportValue`` gives, where one of the templates exports it."""
        found = [
            (export, other, output)
            for other in self.members
            if other.resolver is not resolver
            for export, output in _exports(other)
        ]
        exact = [one for one in found if one[0] == name.text]
        # The names of stacks are chosen by whoever deploys them.
        likely = exact or [one for one in found if _may_be(name, one[0], one[1].name)]
        if len(likely) != 1:
            return None
        export, other, output = likely[0]
        value = _value(other, output)
        if value is not None and not exact:
            self._note(
                resolver,
                f"import {name.text}",
                f"the import {name.text!r} is taken to be the export {export!r} of "
                f"{other.resolver.document.source}",
                name.mark,
            )
        return None if value is None else _standing_at(value, name.mark)

    def output(self, parent: Resolver, logical_id: str, output: str, mark: Mark) -> Node | None:
        """``Fn::GetAtt`` of a nested stack's output, where its template is here."""
        for member in self.members:
            if member.parent is parent and member.path == logical_id:
                value = _value(member, output)
                return None if value is None else _standing_at(value, mark)
        return None

    def _fed(self, member: Member, name: str, *, has_default: bool) -> Node | None:
        if member.parent is not None:
            entry = member.fed.get(name)
            path = f"Resources.{member.path}.Properties.Parameters.{name}"
            return None if entry is None else member.parent.resolve(entry.value, path)
        others = [one for one in self.members if one is not member and one.parent is None]
        plain = _plain(name)
        found = [
            (one, output)
            for one in others
            for output in one.resolver.template.outputs
            if _plain(output) == plain
        ]
        is_guess = not found and not has_default
        if is_guess:
            found = [(one, output) for one in others for output in _like(one, name)]
        if len(found) != 1:
            return None
        other, output = found[0]
        value = _value(other, output)
        if value is not None and is_guess:
            place = member.resolver.template.parameters[name].key_mark
            self._note(
                member.resolver,
                name,
                f"the parameter {name} is taken to be the output {output} of "
                f"{other.resolver.document.source}, the only one of its kind",
                place,
            )
        return value

    def _note(self, resolver: Resolver, key: str, message: str, mark: Mark) -> None:
        if (id(resolver), key) not in self._told:
            self._told.add((id(resolver), key))
            self.findings.note("linked-by-kind", message, resolver.document.location(mark))


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.lower())


def _like(member: Member, name: str) -> Iterator[str]:
    """The outputs that give what the parameter's name asks for: the ARN of a topic, say."""
    words = {word.lower() for word in _WORD.findall(name)}
    kinds = {kind for word, kind in _KINDS.items() if word in words}
    for output, entry in member.resolver.template.outputs.items():
        value = entry.value.get("Value") if isinstance(entry.value, Entries) else None
        kind, is_arn = _source(member.resolver, value)
        if kind in kinds and is_arn == ("arn" in words):
            yield output


def _source(resolver: Resolver, value: Node | None) -> tuple[str, bool]:
    """The type of the resource that an output says, and whether it says its ARN."""
    if not isinstance(value, Entries):
        return "", False
    ref, attribute = value.get("Ref"), value.get("Fn::GetAtt")
    if isinstance(ref, Scalar):
        kind = _type(resolver, ref.text)
        return kind, kind == "AWS::SNS::Topic"
    if isinstance(attribute, Scalar):
        name, _, what = attribute.text.partition(".")
    elif isinstance(attribute, Items) and len(attribute.items) == 2:
        name, what = (one.text if isinstance(one, Scalar) else "" for one in attribute.items)
    else:
        return "", False
    return _type(resolver, name), what.endswith("Arn")


def _type(resolver: Resolver, logical_id: str) -> str:
    entry = resolver.template.resources.get(logical_id)
    body = entry.value if entry else None
    kind = body.get("Type") if isinstance(body, Entries) else None
    return kind.text if isinstance(kind, Scalar) else ""


def _exports(member: Member) -> Iterator[tuple[str, str]]:
    """The names of exports, each with its output's."""
    for output, entry in member.resolver.template.outputs.items():
        export = entry.value.get("Export") if isinstance(entry.value, Entries) else None
        name = export.get("Name") if isinstance(export, Entries) else None
        if name is not None:
            found = member.resolver.resolve(name, f"Outputs.{output}.Export.Name")
            if isinstance(found, Scalar):
                yield found.text, output


def _may_be(wanted: Scalar, export: str, stack: str) -> bool:
    """Whether the two are the same name for some names of the stacks in them."""
    if wanted.unknown:
        parts = [re.escape(part) for part in _TOKEN.split(wanted.text)]
        if any(len(part) > 2 for part in parts) and re.fullmatch(".+".join(parts), export):
            return True
    rest = export.replace(stack, "")
    return rest != export and len(rest) > 2 and wanted.text.endswith(rest)


def _value(member: Member, output: str) -> Node | None:
    """What the output says; None for one whose condition is sure not to hold."""
    entry = member.resolver.template.outputs.get(output)
    if entry is None or not isinstance(entry.value, Entries):
        return None
    path = f"Outputs.{output}"
    condition = entry.value.get("Condition")
    if isinstance(condition, Scalar):
        named = member.resolver.conditions.named(condition.text, condition.mark, path)
        if named.value is False:
            return None
    value = entry.value.get("Value")
    return None if value is None else member.resolver.resolve(value, f"{path}.Value")


def _standing_at(node: Node, mark: Mark) -> Node:
    """The node as if it stood at ``mark``: its own place is in another file."""
    if isinstance(node, Scalar):
        return replace(node, mark=mark, default_of="")
    if isinstance(node, Items):
        return Items(tuple(_standing_at(item, mark) for item in node.items), mark)
    return Entries(
        {key: Entry(mark, _standing_at(entry.value, mark)) for key, entry in node.entries.items()},
        mark,
    )
