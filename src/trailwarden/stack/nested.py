"""The templates of nested stacks, where they lie beside the template that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from trailwarden.errors import DefinitionError, UsageError
from trailwarden.stack.findings import Findings
from trailwarden.stack.intrinsics import Resolver
from trailwarden.stack.nodes import Document, Entries, Entry, Items, Scalar
from trailwarden.stack.source import read_file
from trailwarden.stack.wrappings import inner_document

_PLACES = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
_STACK_SET = "AWS::CloudFormation::StackSet"
_ASSET = "aws:asset:path"  # where CDK says which file it is
_SUFFIXES = (".yaml", ".yml", ".json", ".template")


class Nested(NamedTuple):
    """A nested stack's template; ``parameters`` are what its parent gives, not worked out yet."""

    logical_id: str
    text: str
    source: str
    folder: Path | None
    parameters: Mapping[str, Entry]
    document: Document | None = None  # of a template inside its parent's text


def nested_of(resolver: Resolver, folder: Path | None, findings: Findings) -> Iterator[Nested]:
    """The nested stacks of a template in ``folder``. One whose file is not there is left out."""
    for logical_id, entry in resolver.template.resources.items():
        body = entry.value
        kind = body.get("Type") if isinstance(body, Entries) else None
        if not isinstance(body, Entries) or not isinstance(kind, Scalar):
            continue
        properties = body.get("Properties")
        if kind.text == _STACK_SET and isinstance(properties, Entries):
            with findings.collect():
                if _exists(resolver, body, f"Resources.{logical_id}.Condition"):
                    yield from _inline(resolver, logical_id, properties)
            continue
        if folder is None or kind.text not in _PLACES or not isinstance(properties, Entries):
            continue
        with findings.collect():
            if not _exists(resolver, body, f"Resources.{logical_id}.Condition"):
                continue
            path = _file(resolver, body, properties, _PLACES[kind.text], logical_id, folder)
            if path is None:
                continue
            given = properties.get("Parameters")
            try:
                text = read_file(path)
            except UsageError as error:
                findings.note("nested-not-read", error.message, None)
                continue
            yield Nested(
                logical_id,
                text,
                str(path),
                path.parent,
                given.entries if isinstance(given, Entries) else {},
            )


def _inline(resolver: Resolver, logical_id: str, properties: Entries) -> Iterator[Nested]:
    """The template in a stack set's own text."""
    path = f"Resources.{logical_id}.Properties.TemplateBody"
    node = properties.get("TemplateBody")
    body = None if node is None else resolver.resolve(node, path)
    if not isinstance(body, Scalar) or body.unknown:
        return
    given: dict[str, Entry] = {}
    pairs = properties.get("Parameters")
    for pair in pairs.items if isinstance(pairs, Items) else ():
        name = pair.get("ParameterKey") if isinstance(pair, Entries) else None
        value = pair.get("ParameterValue") if isinstance(pair, Entries) else None
        if isinstance(name, Scalar) and value is not None:
            given[name.text] = Entry(pair.mark, value)
    document = inner_document(resolver.document, body, path)
    yield Nested(logical_id, "", document.source, None, given, document)


def _exists(resolver: Resolver, body: Entries, path: str) -> bool:
    """False where its condition is sure not to hold."""
    condition = body.get("Condition")
    if not isinstance(condition, Scalar):
        return True
    return resolver.conditions.named(condition.text, condition.mark, path).value is not False


def _file(
    resolver: Resolver,
    body: Entries,
    properties: Entries,
    name: str,
    logical_id: str,
    folder: Path,
) -> Path | None:
    """The file that the nested stack names: as a path, or as a URL whose end is one here."""
    metadata = body.get("Metadata")
    asset = metadata.get(_ASSET) if isinstance(metadata, Entries) else None
    node = asset if isinstance(asset, Scalar) else properties.get(name)
    if node is None:
        return None
    try:
        found = resolver.resolve(node, f"Resources.{logical_id}.Properties.{name}")
    except DefinitionError:
        return None  # reading the resources says what is wrong
    if not isinstance(found, Scalar) or "\0" in found.text or len(found.text) > 1000:
        return None
    text = urlsplit(found.text).path if "://" in found.text else found.text
    parts = PurePosixPath(text).parts
    if not text.lower().endswith(_SUFFIXES):
        return None
    is_path = "://" not in found.text and not found.unknown and not text.startswith("/")
    starts = (0,) if is_path else range(len(parts))
    for start in starts:
        path = folder.joinpath(*parts[start:]) if parts[start:] else folder
        if parts[start] != "/" and path.is_file():
            return path
    return None
