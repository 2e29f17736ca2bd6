"""One resource of a template, its properties worked out and of the right types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trailwarden.alarms.scalars import Properties
from trailwarden.errors import AlarmConfigurationError, DefinitionError, Location, PatternError
from trailwarden.stack.json_reader import read_json
from trailwarden.stack.model import Lifetime
from trailwarden.stack.nodes import Document, Entries, Mark, Scalar
from trailwarden.stack.plain import PlainValue, plain
from trailwarden.stack.unknown import UnknownValueError

_SEVERAL = re.compile(r"[|*]")


@dataclass(frozen=True, slots=True)
class Resource:
    """``nodes`` are the properties as they stand in the text, ``properties`` as plain values.

    ``name`` is what the resource is called (a token, where the deployment decides), ``arn`` its ARN
    or a token, and empty for a resource without one. ``faults`` are what is wrong with properties
    that are missing in ``properties``; ``doubt`` is where it is not known whether it exists.
    """

    document: Document
    logical_id: str
    type: str
    mark: Mark
    nodes: Entries
    properties: Mapping[str, PlainValue]
    name: str
    arn: str = ""
    lifetime: Lifetime = field(default_factory=Lifetime)
    faults: tuple[DefinitionError, ...] = ()
    doubt: UnknownValueError | None = None

    @property
    def location(self) -> Location:
        """Where the resource stands."""
        return self.document.location(self.mark, f"Resources.{self.logical_id}")

    @property
    def read(self) -> Properties:
        """Typed access to the properties."""
        return Properties(self.properties)

    def text(self, name: str) -> str:
        """A required property; its presence has been checked."""
        return self.read.text(name) or ""

    def place_of(self, names: str) -> Location:
        """Where the property stands; of several, joined by ``|`` or ``*``, the first given one."""
        parts = _SEVERAL.split(names)
        name = next((part for part in parts if part in self.nodes.entries), parts[0])
        node = self.nodes.get(name)
        path = f"Resources.{self.logical_id}.Properties.{name}"
        return self.document.location(node.mark if node else self.mark, path)

    def located(self, error: DefinitionError, names: str = "") -> DefinitionError:
        """``error`` with its place: that of the properties ``names``, or of its own field."""
        if isinstance(error, AlarmConfigurationError) and not names:
            names = error.field
        if error.location is None or isinstance(error, PatternError):
            error.location = self.place_of(names) if names else self.location
        return error

    def json(self, name: str) -> Mapping[str, PlainValue] | None:
        """A property that is an object, or a text that holds one in JSON."""
        value = self.properties.get(name)
        if isinstance(value, str):
            value = self._parsed(name, value)
        if value is None or isinstance(value, dict):
            return value
        raise DefinitionError(
            f"{name} must be an object", location=self.place_of(name), cure="write an object"
        )

    def objects(self, name: str) -> tuple[Mapping[str, PlainValue], ...]:
        """A property that is a list of objects, empty where it is absent."""
        value = self.properties.get(name)
        items = value if isinstance(value, list) else []
        objects = tuple(item for item in items if isinstance(item, dict))
        if len(objects) < len(items):
            raise DefinitionError(
                f"{name} must be a list of objects",
                location=self.place_of(name),
                cure="write objects",
            )
        return objects

    def _parsed(self, name: str, text: str) -> PlainValue:
        node = self.nodes.get(name)
        if isinstance(node, Scalar) and node.unknown:
            return {}  # what it says is not known before deployment
        try:
            return plain(read_json(text, self.document.source).root)
        except DefinitionError as error:
            raise DefinitionError(
                f"{name}: {error.message}", location=self.place_of(name), cure=error.cure
            ) from None
