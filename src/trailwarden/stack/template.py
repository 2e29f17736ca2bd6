"""The sections of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from trailwarden.errors import DefinitionError
from trailwarden.stack.nodes import Document, Entries, Entry, Items, Mark, Node, Scalar, kind_of

_SECTIONS = (
    "AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata",
    "Outputs", "Parameters", "Resources", "Rules", "Transform",
)  # fmt: skip
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
_MANY = 500  # names: comparing with more takes long


@dataclass(frozen=True, slots=True)
class Template:
    """A template cut into its sections. Absent sections are empty."""

    document: Document
    parameters: Mapping[str, Entry]
    mappings: Mapping[str, Entry]
    conditions: Mapping[str, Entry]
    resources: Mapping[str, Entry]
    transforms: tuple[Scalar, ...]

    @property
    def has_language_extensions(self) -> bool:
        return any(transform.text == LANGUAGE_EXTENSIONS for transform in self.transforms)


def template_of(document: Document) -> Template:
    """Cut a document into its sections.

    Raises :class:`~trailwarden.errors.DefinitionError` for what is not a CloudFormation template.
    """
    root = document.root
    if not isinstance(root, Entries):
        raise document.error(
            root.mark,
            "",
            f"a template must be an object, not {kind_of(root)}",
            "give a CloudFormation template with Resources",
        )
    for name, entry in root.entries.items():
        if name not in _SECTIONS:
            raise document.error(
                entry.key_mark,
                name,
                f"{name!r} is not a section of a template",
                did_you_mean(name, _SECTIONS) or f"the sections are {', '.join(_SECTIONS)}",
            )
    if "Resources" not in root.entries:
        raise document.error(
            root.mark,
            "",
            "the template has no Resources",
            "give a CloudFormation template that defines metric filters and alarms",
        )
    return Template(
        document=document,
        parameters=_section(document, root, "Parameters"),
        mappings=_section(document, root, "Mappings"),
        conditions=_section(document, root, "Conditions"),
        resources=_section(document, root, "Resources"),
        transforms=_transforms(root.get("Transform")),
    )


def did_you_mean(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """``did you mean 'Period'?``, or nothing where nothing is like ``name``."""
    likely = list(known)
    if len(likely) > _MANY:
        start = name[:3].lower()
        likely = [other for other in likely if other.lower().startswith(start)][:_MANY]
    close = get_close_matches(name[:100], likely, n=1)
    return f"did you mean {close[0]!r}?" if close else ""


def _section(document: Document, root: Entries, name: str) -> Mapping[str, Entry]:
    node = root.get(name)
    if node is None:
        return {}
    return as_entries(document, node, name).entries


def as_entries(document: Document, node: Node, path: str) -> Entries:
    """``node`` as an object, or a DefinitionError."""
    if isinstance(node, Entries):
        return node
    raise wrong_kind(document, node, path, "an object")


def wrong_kind(document: Document, node: Node, path: str, wanted: str) -> DefinitionError:
    """Something else than ``wanted`` stands at ``path``."""
    if isinstance(node, Scalar) and node.kind == "null":
        return null_error(document, node.mark, path)
    return document.error(
        node.mark, path, f"must be {wanted}, not {kind_of(node)}", f"write {wanted}"
    )


def null_error(document: Document, mark: Mark, path: str) -> DefinitionError:
    """CloudFormation refuses null wherever it looks."""
    return document.error(
        mark,
        path,
        "nothing stands here, and CloudFormation takes no null values",
        "give a value, '' for an empty text, or remove the key",
    )


def _transforms(node: Node | None) -> tuple[Scalar, ...]:
    """The template's macros; one with parameters is an object with a Name."""
    found = []
    for item in node.items if isinstance(node, Items) else (node,):
        name = item.get("Name") if isinstance(item, Entries) else item
        if isinstance(name, Scalar):
            found.append(name)
    return tuple(found)
