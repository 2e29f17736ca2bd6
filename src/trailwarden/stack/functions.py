"""The intrinsic functions that make values of values."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping

from trailwarden.stack.calls import Call
from trailwarden.stack.nodes import Entries, Items, Node, Scalar, text_size, unknown_in
from trailwarden.stack.plain import plain
from trailwarden.stack.substitution import substitute
from trailwarden.stack.template import did_you_mean


def _ref(call: Call) -> Node | None:
    name = _name(call)
    if name.unknown:
        return call.unknown(name)
    return call.resolver.ref(name.text, call.argument.mark, call.path)


def _get_att(call: Call) -> Node:
    """``[resource, attribute]``, or in YAML ``resource.attribute``."""
    mark = call.argument.mark
    if isinstance(call.argument, Scalar):
        resource, dot, attribute = call.argument.text.partition(".")
        if not dot:
            raise call.error(f"{resource!r} names no attribute", "write Resource.Attribute")
        return call.resolver.attribute(resource, attribute, mark, call.path)
    first, second = map(call.text, call.arguments(2))
    if first.unknown or second.unknown:
        return call.unknown(first, second)
    return call.resolver.attribute(first.text, second.text, mark, call.path)


def _sub(call: Call) -> Node:
    if isinstance(call.argument, Scalar):
        return substitute(call, call.argument, {})
    text, variables = call.arguments(2)
    if not isinstance(text, Scalar) or not isinstance(variables, Entries):
        raise call.error("takes a text, or a list of a text and an object", "correct its list")
    return substitute(
        call, text, {name: call.text(entry.value) for name, entry in variables.entries.items()}
    )


def _join(call: Call) -> Node:
    delimiter, values = call.arguments(2)
    between = call.text(delimiter)
    parts = call.items(values)
    if parts is None:
        return call.unknown(between, call.resolve(values))
    texts = [call.text(part) for part in parts]
    call.count_text(sum(len(text.text) + len(between.text) for text in texts))
    joined = between.text.join(text.text for text in texts)
    return call.made(joined, unknown_in(Items((between, *texts), call.argument.mark)))


def _split(call: Call) -> Node:
    delimiter, source = call.arguments(2)
    between, text = call.text(delimiter), call.text(source)
    if between.unknown or text.unknown:
        return call.unknown(between, text)
    if not between.text:
        raise call.error("the delimiter is empty", "give the characters between the parts")
    call.count_text(len(text.text))
    parts = text.text.split(between.text)
    return Items(tuple(call.made(part) for part in parts), call.argument.mark)


def _select(call: Call) -> Node:
    index, values = call.arguments(2)
    position, items = call.text(index), call.items(values)
    if items is None or position.unknown:
        return call.unknown(position, call.resolve(values))
    if not position.text.isdecimal() or int(position.text[:9]) >= len(items):
        if call.resolver.rests_on_default(call.argument):
            return call.unknown(position, call.resolve(values))
        raise call.error(
            f"there is no item {position.text[:20]!r} in a list of {len(items)}",
            "count from 0",
            index,
        )
    return items[int(position.text)]


def _if(call: Call) -> Node | None:
    name, yes, no = call.arguments(3)
    if not isinstance(name, Scalar):
        raise call.error("its first argument is the name of a condition", "name one", name)
    truth = call.resolver.conditions.named(name.text, name.mark, call.path)
    if truth.value is not None:
        return call.resolver.resolve(yes if truth.value else no, call.path)
    branches = [call.resolver.resolve(branch, call.path) for branch in (yes, no)]
    nothing = Scalar("AWS::NoValue", name.mark)
    shown = [branch or nothing for branch in branches]
    if len({call.resolver.spelled(branch, call.path) for branch in shown}) == 1:
        return branches[0]
    token = call.unknown(name, *shown)
    return Scalar(token.text, token.mark, unknown=truth.unknown)


def _find_in_map(call: Call) -> Node:
    """A fourth argument may hold a DefaultValue."""
    arguments = call.arguments(3, 4)
    keys = [call.text(node) for node in arguments[:3]]
    if any(key.unknown for key in keys):
        return call.unknown(*keys)
    options = arguments[-1]
    default = options.get("DefaultValue") if isinstance(options, Entries) else None
    node: Node = Entries(call.resolver.template.mappings, call.argument.mark)
    for key in keys:
        found = node.get(key.text) if isinstance(node, Entries) else None
        if found is None:
            if default is not None:
                return call.resolve(default)
            if call.resolver.template.has_macros or call.resolver.rests_on_default(call.argument):
                return call.unknown(*keys)
            known = tuple(node.entries) if isinstance(node, Entries) else ()
            raise call.error(
                f"there is no {key.text!r} in {'the mappings' if key is keys[0] else 'the map'}",
                did_you_mean(key.text, known) or "correct the key, or complete the map",
                key,
            )
        node = found
    return call.resolve(node)


def _base64(call: Call) -> Node:
    text = call.text(call.argument)
    if text.unknown:
        return call.unknown(text)
    call.count_text(2 * len(text.text))
    return call.made(b64encode(text.text.encode()).decode("ascii"))


def _length(call: Call) -> Node:
    items = call.items(call.argument)
    if items is None:
        return call.unknown(call.resolve(call.argument))
    return Scalar(str(len(items)), call.argument.mark, "number")


def _to_json_string(call: Call) -> Node:
    node = call.resolve(call.argument)
    call.count_text(2 * text_size(node))
    return call.made(json.dumps(plain(node), separators=(",", ":")), unknown_in(node))


def _deployed(call: Call) -> Node:
    """A value that only the deployment knows."""
    return call.unknown(call.resolve(call.argument))


def _import_value(call: Call) -> Node:
    name = call.text(call.argument)
    between = call.resolver.between
    found = between.imported(call.resolver, name) if between else None
    return call.unknown(name) if found is None else found


def _name(call: Call) -> Scalar:
    """The name after Ref; only language extensions let a function make it."""
    if isinstance(call.argument, Scalar):
        return call.argument
    if not call.resolver.template.has_language_extensions:
        raise call.error("takes the name of a parameter or resource", "name one")
    return call.text(call.argument)


FUNCTIONS: Mapping[str, Callable[[Call], Node | None]] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _deployed,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::GetAZs": _deployed,
    "Fn::GetStackOutput": _deployed,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
}
