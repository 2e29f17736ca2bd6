"""``Fn::Sub``: texts with ``${Name}`` in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trailwarden.stack.calls import Call
from trailwarden.stack.nodes import Scalar, kind_of

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


def substitute(call: Call, text: Scalar, variables: Mapping[str, Scalar]) -> Scalar:
    """``text`` with its variables, parameters and attributes; ``${!Literal}`` stays as it is."""
    parts: list[str] = []
    unknown: list[str] = []
    call.count_text(len(text.text))
    end = 0
    for found in _VARIABLE.finditer(text.text):
        parts.append(text.text[end : found.start()])
        end = found.end()
        name = found[1].strip()
        if name.startswith("!"):
            parts.append(f"${{{name[1:]}}}")
            continue
        value = variables.get(name) or _value(call, text, name)
        call.count_text(len(value.text))
        parts.append(value.text)
        unknown += value.unknown
    parts.append(text.text[end:])
    return call.made("".join(parts), tuple(dict.fromkeys(unknown)))


def variables_in(text: str) -> list[str]:
    """The names in a text for Fn::Sub, of attributes those of their resources."""
    return [found.strip().partition(".")[0] for found in _VARIABLE.findall(text)]


def _value(call: Call, text: Scalar, name: str) -> Scalar:
    """What ``${name}`` stands for: Ref, or with a dot GetAtt."""
    resource, dot, attribute = name.partition(".")
    if dot:
        return call.resolver.attribute(resource, attribute, text.mark, call.path)
    value = call.resolver.ref(name, text.mark, call.path)
    if isinstance(value, Scalar):
        return value
    what = "AWS::NoValue" if value is None else kind_of(value)
    raise call.error(f"${{{name}}} is {what}, where a text is needed", "use Fn::Join", text)
