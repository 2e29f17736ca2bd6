"""Explaining space-delimited patterns (rules 6.1 to 6.4)."""

from __future__ import annotations

from typing import Any

from trailwarden.patterns.decimals import is_number
from trailwarden.patterns.explain_model import Explanation, Found, Kind, Node, all_of, any_of
from trailwarden.patterns.explain_reasons import why_compared
from trailwarden.patterns.explain_spelling import field_test_text, value_text
from trailwarden.patterns.explain_values import described
from trailwarden.patterns.messages import Message, text_of
from trailwarden.patterns.model import Dots, Field, FieldTest, SpaceSyntax
from trailwarden.patterns.numbertext import NumberText
from trailwarden.patterns.spacematch import SpaceMatcher
from trailwarden.patterns.splitting import pieces
from trailwarden.patterns.values import MISSING, comparison
from trailwarden.text import plural

_NO_NAME = "(no name)"


def explain_space(syntax: SpaceSyntax, message: Message) -> Explanation:
    """Why ``message`` matches or not."""
    text = text_of(message)
    # The evaluator gives values to fields; numbered names, so that each can be asked for.
    numbered = [
        field if isinstance(field, Dots) else Field(f"f{place}")
        for place, field in enumerate(syntax.fields)
    ]
    matcher = SpaceMatcher(SpaceSyntax(tuple(numbered)))
    enough = matcher.matches(text)
    values = matcher.read(text, [f"$f{place}" for place in range(len(numbered))])
    count = sum(1 for _ in pieces(text))
    nodes = [_count(syntax, count, enough)]
    for place, (field, value) in enumerate(zip(syntax.fields, values, strict=True)):
        if isinstance(field, Field):
            is_last = place == len(values) - 1
            rest = _rest(syntax, count) if is_last and enough else ""
            nodes.append(_field(field, value, rest))
    return Explanation("space-delimited", all_of(nodes))


def _count(syntax: SpaceSyntax, count: int, enough: bool) -> Node:
    least = sum(1 for field in syntax.fields if isinstance(field, Field)) if syntax.fields else 1
    return Node(
        Kind.COUNT,
        enough,
        text=f"at least {plural(least, 'value')}",
        operator=">=",
        wanted=str(least),
        found=(Found("number", str(count), enough),),
        found_count=1,
        reason="" if enough else "the message has fewer values than the pattern has fields",
    )


def _rest(syntax: SpaceSyntax, count: int) -> str:
    """Without ``...`` the last field takes whatever is left of the message (rule 6.2)."""
    more = count - len(syntax.fields) + 1
    if more <= 1 or any(isinstance(field, Dots) for field in syntax.fields):
        return ""
    return f"the last field takes the rest of the message, {more:,} values, as one"


def _field(field: Field, value: Any, rest: str) -> Node:
    """``value`` is MISSING where the message has too few values."""
    name = _NO_NAME if field.name is None else field.name
    if not field.tests:
        holds = value is not MISSING
        return Node(
            Kind.FIELD,
            holds,
            text=name,
            selector=name,
            found=(described(value, holds=holds),),
            found_count=int(holds),
            reason=rest,
        )
    ors = [all_of([_test(name, test, value, rest) for test in ands]) for ands in field.tests]
    return any_of(ors)


def _test(name: str, test: FieldTest, value: Any, rest: str) -> Node:
    # What looks like a number is compared as one (rule 6.3).
    typed = NumberText(value) if value is not MISSING and is_number(value) else value
    is_there = typed is not MISSING
    holds = is_there and comparison(test.operator, test.value)(typed)
    text = field_test_text(name, test)
    reason = why_compared(test.operator, test.value, typed) if is_there else ""
    return Node(
        Kind.FIELD,
        holds,
        text=text,
        selector=name,
        operator=test.operator,
        wanted=value_text(text, name, test.operator),
        found=(described(typed, holds=holds),),
        found_count=int(is_there),
        reason="; ".join(filter(None, (rest, reason))),
    )
