"""What is kept of resources that are not run, and of how long resources live.

Nothing here stops a template from loading: what cannot be worked out is a note, or is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from trailwarden.errors import DefinitionError
from trailwarden.stack.findings import Findings
from trailwarden.stack.intrinsics import Resolver
from trailwarden.stack.json_reader import read_json
from trailwarden.stack.model import Companion, Lifetime
from trailwarden.stack.nodes import Entries, Entry, Node, Scalar
from trailwarden.stack.plain import PlainValue, plain
from trailwarden.stack.template import as_entries

KEPT = frozenset(
    {
        "AWS::Events::Rule",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
    }
)
# Properties that are objects, or texts that hold one in JSON.
_DOCUMENTS = ("AssumeRolePolicyDocument", "EventPattern", "KeyPolicy", "PolicyDocument")


def companion_of(
    resolver: Resolver, findings: Findings, logical_id: str, resource_type: str, entry: Entry
) -> Companion | None:
    """The companion; None if its condition does not hold, or if it cannot be worked out: a note."""
    path = f"Resources.{logical_id}"
    location = resolver.document.location(entry.key_mark, path)
    try:
        body = as_entries(resolver.document, entry.value, path)
        if not _exists(resolver, body, path):
            return None
        return Companion(
            logical_id,
            resource_type,
            resolver.references.ref(logical_id, entry.key_mark).text,
            _properties(resolver, body.get("Properties"), f"{path}.Properties"),
            location,
            lifetime_of(resolver, body, path),
        )
    except DefinitionError as error:
        findings.note(
            "companion-not-read",
            f"{logical_id} is not run, and was not looked at either: {error.message}",
            error.location or location,
        )
        return None


def lifetime_of(resolver: Resolver, body: Entries, path: str) -> Lifetime:
    """What a resource's ``body`` says of its end; None for what cannot be worked out."""
    return Lifetime(
        _attribute(resolver, body, "DeletionPolicy", path),
        _attribute(resolver, body, "UpdateReplacePolicy", path),
    )


def _attribute(resolver: Resolver, body: Entries, name: str, path: str) -> str | None:
    node = body.get(name)
    if node is None:
        return None
    try:
        found = resolver.resolve(node, f"{path}.{name}")
    except DefinitionError:
        return None  # no part of what is run
    return found.text if isinstance(found, Scalar) else None


def _exists(resolver: Resolver, body: Entries, path: str) -> bool:
    """False where the condition is sure not to hold."""
    condition = body.get("Condition")
    if not isinstance(condition, Scalar):
        return True
    truth = resolver.conditions.named(condition.text, condition.mark, f"{path}.Condition")
    return truth.value is not False


def _properties(resolver: Resolver, node: Node | None, path: str) -> Mapping[str, PlainValue]:
    found = None if node is None else resolver.resolve(node, path)
    if found is None or (isinstance(found, Scalar) and found.kind == "null"):
        return {}
    properties = as_entries(resolver.document, found, path)
    return {
        name: _document(one.value, resolver.document.source)
        if name in _DOCUMENTS
        else plain(one.value)
        for name, one in properties.entries.items()
    }


def _document(node: Node, source: str) -> PlainValue:
    if not isinstance(node, Scalar) or node.unknown:
        return plain(node)
    return plain(read_json(node.text, source).root)
