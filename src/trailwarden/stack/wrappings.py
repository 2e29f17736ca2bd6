"""Templates inside what the AWS CLI prints: ``aws cloudformation get-template`` and its like."""

from __future__ import annotations

from dataclasses import replace

from trailwarden.errors import DefinitionError
from trailwarden.stack.nodes import Document, Entries, Mark, Node, Scalar
from trailwarden.stack.source import read_template

_BODY = "TemplateBody"
_AROUND = ("StackSet", "Stack")  # describe-stack-set has it one level deeper


def unwrapped(document: Document) -> Document:
    """The template that the document is, or that lies in it as an object or as a text.

    Raises :class:`~trailwarden.errors.DefinitionError` for a text that cannot be read.
    """
    body = _body(document.root)
    if body is None:
        return document
    if isinstance(body, Scalar):
        return inner_document(document, body, _BODY)
    return replace(document, root=body)


def inner_document(document: Document, body: Scalar, key: str) -> Document:
    """The template in the text ``body``, which stands at ``key`` of a document.

    All places in it are that of the text: it may be escaped, or cut into lines otherwise.
    """
    try:
        inner = read_template(body.text, document.source)
    except DefinitionError as error:
        place = error.location
        where = f" (line {place.line} of the text)" if place and place.line else ""
        raise document.error(body.mark, key, f"{error.message}{where}", error.cure) from None
    prefix = "" if key == _BODY else f"{document.prefix}{key}: "
    return replace(inner, place=document.place or Mark(*body.mark), prefix=prefix)


def _body(root: Node) -> Node | None:
    """The template, where something else is around it."""
    if isinstance(root, Scalar):  # --query TemplateBody of a text
        return root if "Resources" in root.text else None
    if not isinstance(root, Entries) or "Resources" in root.entries:
        return None
    for name in _AROUND:
        around = root.get(name)
        if isinstance(around, Entries) and around.get(_BODY) is not None:
            return around.get(_BODY)
    return root.get(_BODY)
