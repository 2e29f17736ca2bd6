"""What a configuration is made of: blocks by kind, type and name, in the order they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trailwarden.deploy.template import Resource
from trailwarden.deploy.terraform.documents import KIND, document
from trailwarden.deploy.terraform.expressions import Expressions
from trailwarden.deploy.terraform.names import TYPES, label, snake
from trailwarden.deploy.values import Value


@dataclass(slots=True)
class Blocks:
    """Takes resources and documents; both are there only where their origin's condition holds."""

    expressions: Expressions
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    def value(self, value: Value) -> Any:
        """The value as an argument."""
        return self.expressions.value(value)

    def address(self, logical_id: str) -> str:
        """``aws_sns_topic.alarm``: a resource, whether it is there or not."""
        return self.expressions.names.address(logical_id)

    def add(
        self,
        name: str,
        origin: Resource,
        arguments: dict[str, Any],
        kind: str | None = None,
    ) -> None:
        """A resource that stems from ``origin``, whose logical id is ``name``.

        ``kind`` is for those that have no type of their own in CloudFormation.
        """
        body = self._count(origin) | arguments
        if origin.is_kept and kind is None:
            body["lifecycle"] = {"prevent_destroy": True}
        place = self.resources.setdefault(kind or TYPES[origin.type], {})
        place[label(name, origin)] = body

    def policy(self, name: str, origin: Resource, policy: Value) -> str:
        """Add a policy; the text that refers to it."""
        own = snake(name)
        self.documents[own] = self._count(origin) | document(policy, self.expressions)
        index = "[0]" if origin.condition else ""
        return f"${{data.{KIND}.{own}{index}.json}}"

    def _count(self, origin: Resource) -> dict[str, Any]:
        if origin.condition is None:
            return {}
        return {"count": f"${{local.{snake(origin.condition)} ? 1 : 0}}"}
