"""The pages of lint's rules, and that their examples are what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.lint import RULES, lint
from trailwarden.stack.lint.comments import ignores_of_text
from trailwarden.stack.lint.examples import base, examples, whole_template
from trailwarden.stack.lint.fixing import FIXERS, fix
from trailwarden.stack.lint.pages import main, pages
from trailwarden.stack.model import Stack

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
# Rules without an example: this list is to become shorter, never longer.
WITHOUT = {
    "TW413",  # its Region has to be given by --parameter
    "TW000",  # no stack comes of such a template, in which an example could be found
}


def _load(text: str) -> Stack:
    return load_template(text, "t.yaml", "example", {})


def _codes(text: str) -> set[str]:
    return {finding.code for finding in lint(_load(text), ignores_of_text(text))}


def test_rules_without_an_example() -> None:
    assert set(RULES) - set(examples()) <= WITHOUT
    assert WITHOUT & set(examples()) == set()


def test_nothing_is_found_in_the_stack_of_the_examples() -> None:
    assert _codes(base()) == set()


@pytest.mark.parametrize("code", examples())
def test_examples(code: str) -> None:
    if code in ("TW132", "TW133"):
        pytest.importorskip("botocore")
    example = examples()[code]
    wrong, right = _codes(whole_template(example.wrong)), _codes(whole_template(example.right))
    assert code in wrong
    assert code not in right
    # Nobody shall learn another mistake from what is right.
    assert {one for one in right - wrong if RULES[one].severity != "note"} == set()


@pytest.mark.parametrize("code", sorted(set(FIXERS) & set(examples())))
def test_fixes_mend_the_examples(code: str) -> None:
    if code in ("TW126", "TW132"):
        pytest.importorskip("botocore")
    text = whole_template(examples()[code].wrong)
    result = fix(text, _load, lambda finding: finding.code == code, unsafe=True)
    assert code not in {finding.code for finding in result.findings}
    safe = fix(text, _load, lambda finding: finding.code == code)
    assert (safe.text == text) is not FIXERS[code].is_safe


@pytest.mark.parametrize("code", sorted(set(FIXERS) & set(examples())))
def test_fixes_do_what_the_pages_show(code: str) -> None:
    if code in ("TW126", "TW132"):
        pytest.importorskip("botocore")
    text = whole_template(examples()[code].wrong)
    result = fix(text, _load, lambda finding: finding.code == code, unsafe=True)
    assert yaml.safe_load(result.text) == yaml.safe_load(whole_template(examples()[code].right))


def test_the_pages_are_those_of_the_rules(tmp_path: Path) -> None:
    """``python -m trailwarden.stack.lint.pages docs/rules`` writes them anew."""
    (tmp_path / "TW999.md").write_text("of a rule that there is no more")
    main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(pages())
    assert {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()} == pages()


@pytest.mark.parametrize(("kind", "is_safe"), [("safe", True), ("unsafe", False)])
def test_the_fixes_that_the_page_of_lint_lists(kind: str, is_safe: bool) -> None:
    text = (FOLDER.parent / "lint.md").read_text("utf-8")
    row = re.search(rf"^\| {kind} \| (.*) \|$", text, re.MULTILINE)
    assert row is not None
    assert row[1].split(", ") == sorted(
        c for c, fixer in FIXERS.items() if fixer.is_safe is is_safe
    )


def test_links_between_the_pages() -> None:
    for name, text in pages().items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (FOLDER / target).exists(), (name, target)
