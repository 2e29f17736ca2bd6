"""``lint --explain``: the pages of rules, on the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import click

from trailwarden.text import nearest, visible

_WIDTH = 80
_INDENT = "  "
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def explain(codes: Sequence[str]) -> None:
    """Print what the rules with these codes, or whose codes begin so, find.

    Raises click.BadParameter for codes that no rule has.
    """
    from trailwarden.stack.lint import RULES

    chosen: dict[str, None] = {}
    for code in codes:
        found = [one for one in sorted(RULES) if code and one.startswith(code.upper())]
        if not found:
            raise click.BadParameter(_unknown(code, list(RULES)), param_hint="--explain")
        chosen |= dict.fromkeys(found)
    click.echo("\n\n".join("\n".join(_lines(code)) for code in chosen))


def _unknown(code: str, known: Sequence[str]) -> str:
    close = nearest(code.upper(), known)
    hint = f"did you mean {close[0]}?" if close else "trailwarden lint --explain TW shows them"
    return f"no rule has the code {visible(code, 40)!r}; {hint}"


def _lines(code: str) -> Iterator[str]:
    from trailwarden.stack.lint import RULES
    from trailwarden.stack.lint.examples import examples
    from trailwarden.stack.lint.pages import fix_of, title_of, why_of
    from trailwarden.stack.lint.rule_numbers import without_numbers

    rule = RULES[code]
    severity = click.style(rule.severity, fg=_COLOURS[rule.severity])
    yield f"{click.style(code, bold=True)}  {severity}  {title_of(rule)}"
    for paragraph in without_numbers(why_of(rule)).split("\n\n"):
        yield ""
        yield _wrapped(paragraph)
    example = examples().get(code)
    if example is not None:
        for heading, colour, text in (
            ("wrong", "red", example.wrong),
            ("right", "green", example.right),
        ):
            yield ""
            yield _INDENT + click.style(heading, fg=colour)
            yield textwrap.indent(text.rstrip(), _INDENT * 2)
    if fix_of(code):
        yield ""
        yield _wrapped(fix_of(code))


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text.replace("`", ""),
        _WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_on_hyphens=False,
    )
