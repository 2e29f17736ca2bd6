"""The sections of a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trailwarden.errors import DefinitionError, DefinitionErrors, Location
from trailwarden.stack.nodes import Document, Entries, Entry, Items, Mark, Node, Scalar, kind_of
from trailwarden.text import nearest

_SECTIONS = (
    "AWSTemplateFormatVersion", "Conditions", "Description", "Hooks", "Mappings", "Metadata",
    "Outputs", "Parameters", "Resources", "Rules", "Transform",
)  # fmt: skip
_GLOBALS = "Globals"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
TRANSFORM = "Fn::Transform"
MODULE = "::MODULE"  # the end of the type of what is made by one
CONNECTORS = "Connectors"  # an attribute that SAM gives to resources
_SERVERLESS = "AWS::Serverless-"
# Transforms that are documented to make nothing that other parts of a template could refer to.
_QUIET = (LANGUAGE_EXTENSIONS, "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-")
_MANY = 500  # names: comparing with more takes long


@dataclass(frozen=True, slots=True)
class Template:
    """A template cut into its sections. Absent sections are empty.

    ``has_macros`` says that something which is not run may add any resource, condition or map, so
    that a name which is not defined here may still be one.
    """

    document: Document
    parameters: Mapping[str, Entry]
    mappings: Mapping[str, Entry]
    conditions: Mapping[str, Entry]
    resources: Mapping[str, Entry]
    outputs: Mapping[str, Entry]
    transforms: tuple[Scalar, ...]
    has_macros: bool
    unread: tuple[tuple[str, Entry], ...] = ()  # sections that only a macro knows

    @property
    def has_language_extensions(self) -> bool:
        return any(transform.text == LANGUAGE_EXTENSIONS for transform in self.transforms)

    @property
    def is_serverless(self) -> bool:
        return _is_serverless(self.transforms)


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
    transforms = _transforms(root.get("Transform"))
    unread = _strange_sections(root, transforms)
    has_macros = TRANSFORM in root.entries or any(map(_may_make_anything, transforms))
    errors = [] if has_macros else [_no_section(document, name, entry) for name, entry in unread]
    if "Resources" not in root.entries and not has_macros:
        errors.append(
            document.error(
                root.mark,
                "",
                "the template has no Resources",
                "give a CloudFormation template that defines metric filters and alarms",
            )
        )
    sections: dict[str, Mapping[str, Entry]] = {}
    for name in ("Parameters", "Mappings", "Conditions", "Resources", "Outputs"):
        try:
            sections[name] = _section(document, root, name)
        except DefinitionError as error:
            errors.append(error)
    if errors:
        raise together(errors, document.source)
    return Template(
        document=document,
        parameters=_without_transform(sections["Parameters"]),
        mappings=_without_transform(sections["Mappings"]),
        conditions=_without_transform(sections["Conditions"]),
        resources=sections["Resources"],
        outputs=_without_transform(sections["Outputs"]),
        transforms=transforms,
        has_macros=has_macros or any(TRANSFORM in section for section in sections.values()),
        unread=unread,
    )


def together(errors: Sequence[DefinitionError], source: str) -> DefinitionError:
    """All of ``errors``, of which there is one at least, as one."""
    if len(errors) == 1:
        return errors[0]
    return DefinitionErrors(errors, location=Location(source))


def _strange_sections(root: Entries, transforms: Sequence[Scalar]) -> tuple[tuple[str, Entry], ...]:
    known = (*_SECTIONS, TRANSFORM, *((_GLOBALS,) if _is_serverless(transforms) else ()))
    return tuple((name, entry) for name, entry in root.entries.items() if name not in known)


def _no_section(document: Document, name: str, entry: Entry) -> DefinitionError:
    return document.error(
        entry.key_mark,
        name,
        f"{name!r} is not a section of a template",
        "add Transform: AWS::Serverless-2016-10-31, whose section it is"
        if name == _GLOBALS
        else did_you_mean(name, _SECTIONS) or f"the sections are {', '.join(_SECTIONS)}",
    )


def _is_serverless(transforms: Iterable[Scalar]) -> bool:
    return any(transform.text.startswith(_SERVERLESS) for transform in transforms)


def _may_make_anything(transform: Scalar) -> bool:
    return not transform.text.startswith((*_QUIET, _SERVERLESS))


def _without_transform(section: Mapping[str, Entry]) -> Mapping[str, Entry]:
    return {name: entry for name, entry in section.items() if name != TRANSFORM}


def did_you_mean(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """``did you mean 'Period'?``, or nothing where nothing is like ``name``."""
    likely = list(known)
    if len(likely) > _MANY:
        start = name[:3].lower()
        likely = [other for other in likely if other.lower().startswith(start)][:_MANY]
    close = nearest(name, likely)
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
