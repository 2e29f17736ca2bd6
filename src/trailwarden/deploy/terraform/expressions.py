"""Values of a template as Terraform's JSON syntax has them: texts with ``${…}`` in them."""

from __future__ import annotations

import json
import re
from typing import Any

from trailwarden.deploy.terraform.names import Names, snake
from trailwarden.deploy.values import NO_VALUE, Equals, GetAtt, If, Not, Ref, Sub, Value

_VARIABLE = re.compile(r"\$\{([^}]+)\}")


class Expressions:
    """Writes values; ``names`` tells what those in them are called in Terraform."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def value(self, value: Value) -> Any:
        """The value as a property of Terraform."""
        if isinstance(value, str):
            return escaped(value)
        if isinstance(value, bool | int):
            return value
        if isinstance(value, GetAtt):
            return f"${{{self.names.reference(value)}}}{self.names.ending(value)}"
        if isinstance(value, Sub):
            return self._template(value)
        if isinstance(value, list | tuple):
            return self._list(list(value))
        if isinstance(value, dict):
            return {key: self.value(inner) for key, inner in value.items()}
        return f"${{{self.expression(value)}}}"

    def expression(self, value: Value) -> str:
        """The value inside of ``${…}``."""
        if isinstance(value, Ref):
            return self.names.reference(value)
        if isinstance(value, GetAtt):
            ending, plain = self.names.ending(value), self.names.reference(value)
            return f'"${{{plain}}}{ending}"' if ending else plain
        if isinstance(value, If):
            then, other = self.expression(value.then), self.expression(value.other)
            return f"(local.{snake(value.condition)} ? {then} : {other})"
        if isinstance(value, Equals):
            return f"{self.expression(value.left)} == {json.dumps(value.right)}"
        if isinstance(value, Not):
            return f"!({self.expression(value.inner)})"
        if isinstance(value, Sub):
            return f'"{self._template(value)}"'
        return json.dumps(escaped(value) if isinstance(value, str) else value)

    def _template(self, value: Sub) -> str:
        parts = _VARIABLE.split(value.text)  # text, name, text, name, …, text
        for place, part in enumerate(parts):
            if place % 2:
                name, _, attribute = part.partition(".")
                reference = GetAtt(name, attribute) if attribute else Ref(name)
                parts[place] = f"${{{self.names.reference(reference)}}}"
            else:
                parts[place] = escaped(part)
        return "".join(parts)

    def _list(self, values: list[Value]) -> Any:
        """A list; one whose entries may be left out is worked out by Terraform."""
        if any(isinstance(one, If) and one.other == NO_VALUE for one in values):
            return f"${{compact([{', '.join(map(self.expression, values))}])}}"
        return [self.value(one) for one in values]


def escaped(text: str) -> str:
    """A text in which Terraform finds nothing to work out."""
    return text.replace("${", "$${").replace("%{", "%%{")
