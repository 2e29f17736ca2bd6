"""A page for each rule: what goes wrong and why, an example, and the same put right.

``python -m trailwarden.stack.lint.pages docs/rules`` writes them anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from trailwarden.stack.lint.examples import base, examples
from trailwarden.stack.lint.fixing.registry import FIXERS
from trailwarden.stack.lint.registry import RULES, Rule
from trailwarden.stack.lint.rule_numbers import with_links

INDEX = "README.md"
SEMANTICS = "../semantics.md"
_CODE = re.compile(r"``([^`]+)``")  # as docstrings write it


def title_of(rule: Rule) -> str:
    """``statistic hides the count``: the name of the rule's function."""
    return rule.check.__name__.replace("_", " ")


def why_of(rule: Rule) -> str:
    """Why the rule is one: Markdown, paragraphs between empty lines."""
    paragraphs = rule.why.split("\n\n")
    return "\n\n".join(_CODE.sub(r"`\1`", " ".join(one.split())) for one in paragraphs)


def fix_of(code: str) -> str:
    """How lint mends what the rule finds, as a sentence; empty where it does not."""
    from trailwarden.stack.lint import fixing as _registered  # noqa: F401, PLC0415

    fixer = FIXERS.get(code)
    if fixer is None:
        return ""
    if fixer.is_safe:
        return "`lint --fix` mends it where the cure is sure."
    return "`lint --fix --unsafe-fixes` mends it: what stands there may be meant."


def page(rule: Rule) -> str:
    """The page of a rule, in Markdown."""
    parts = [
        f"# {rule.code}: {title_of(rule)}",
        f"*{rule.severity}*",
        with_links(why_of(rule), SEMANTICS),
    ]
    example = examples().get(rule.code)
    if example is not None:
        parts += ["Wrong:", _block(example.wrong), "Right:", _block(example.right)]
    if fix_of(rule.code):
        parts.append(fix_of(rule.code))
    parts.append(f"[All rules, and the stack in which the examples stand]({INDEX})")
    return "\n\n".join(parts) + "\n"


def _block(text: str) -> str:
    return f"```yaml\n{text.rstrip()}\n```"


def index() -> str:
    """The page that lists all pages."""
    rows = [
        f"| [{code}]({code}.md) | {rule.severity} | {title_of(rule)} |" for code, rule in _shown()
    ]
    return "\n".join(
        [
            "# The rules of lint",
            "",
            "`trailwarden lint --explain TW303` shows a page on the terminal. See also",
            "[lint](../lint.md).",
            "",
            "| code | severity | found is |",
            "|---|---|---|",
            *rows,
            "",
            "## The stack of the examples",
            "",
            "An example is a part of this template, in which nothing is found: properties that "
            "differ,",
            "and resources that are added. `null` removes a property or a resource. An example",
            "with `Resources` is a whole template by itself.",
            "",
            _block(base()),
            "",
        ]
    )


def _shown() -> list[tuple[str, Rule]]:
    return [(code, RULES[code]) for code in sorted(RULES) if code in examples()]


def pages() -> dict[str, str]:
    """All pages by the names of their files: the rules with examples, and the index."""
    from trailwarden.stack.lint import run as _registered  # noqa: F401, PLC0415

    return {INDEX: index()} | {f"{code}.md": page(rule) for code, rule in _shown()}


def main(folder: Path) -> None:
    """Write the pages, and remove those of rules that there are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
