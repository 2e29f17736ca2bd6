"""Comments of a template that leave findings out, and those that only seem to."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trailwarden.errors import Location
from trailwarden.stack.lint import RULES, Finding
from trailwarden.stack.lint.comments import Ignore, ignores_of_file, ignores_of_text
from trailwarden.stack.lint.ignoring import without_ignored


def _finding(code: str, line: int | None, source: str = "t.yaml") -> Finding:
    return Finding(code, "wrong", "mend it", Location(source, line), RULES[code].severity)


def _kept(findings: list[Finding], *ignores: Ignore) -> list[str]:
    return [f"{f.code}:{f.location.line}" for f in without_ignored(findings, ignores, "t.yaml")]


@pytest.mark.parametrize(
    ("text", "ignore"),
    [
        ("# trailwarden: ignore TW303", Ignore(1, 1, ("TW303",))),
        ("a: 1\n  # trailwarden: ignore TW303 , TW311,TW303 ", Ignore(2, 3, ("TW303", "TW311"))),
        ("#trailwarden:ignore TW008", Ignore(1, 1, ("TW008",))),
        ("#trailwarden: ignore-file TW008", Ignore(1, 1, ("TW008",), whole_file=True)),
        ("a: b # trailwarden: ignore TW303 # meant so", Ignore(1, 6, ("TW303",))),
        ("a: 'b' # trailwarden: ignore TW303", Ignore(1, 8, ("TW303",))),
        ("a:\r\n  b: é😀 # trailwarden: ignore TW1", Ignore(2, 9, ("TW1",))),
        ("{a: b, # trailwarden: ignore TW303\n}", Ignore(1, 8, ("TW303",))),
        ("a: |\n  text\n# trailwarden: ignore TW303\nb: 1", Ignore(3, 1, ("TW303",))),
        ("# trailwarden: ignroe TW303", None),
        ("# trailwarden: ignore", None),
        ("# trailwarden: ignore TW303,", None),
        ("# trailwarden: ignore TW303 because", None),
    ],
)
def test_comments(text: str, ignore: Ignore | None) -> None:
    [found] = ignores_of_text(f"{text}\nend: 1\n" if text[0] != "{" else text)
    assert found == (ignore or Ignore(1, 1, ()))


@pytest.mark.parametrize(
    "text",
    [
        "a: '# trailwarden: ignore TW303'",
        'a: "x\n  # trailwarden: ignore TW303"',
        "a: |\n  # trailwarden: ignore TW303\nb: 1",
        "a: >\n  x\n\n  # trailwarden: ignore TW303",
        "a: b# trailwarden: ignore TW303",
        "# about trailwarden: ignore TW303",
        '{"a":\t"# trailwarden: ignore TW303"}',
        '{"a": "# trailwarden: ignore TW303", "b": "\\/"}',
        "a: [",
    ],
)
def test_what_only_looks_like_a_comment(text: str) -> None:
    assert ignores_of_text(text) == []


def test_a_comment_after_a_text_that_looks_like_one() -> None:
    text = "a: '# trailwarden: ignore TW101' # trailwarden: ignore TW303"
    assert ignores_of_text(text) == [Ignore(1, 34, ("TW303",))]


@given(st.text(st.sampled_from("a:# '\"|>\n\r\u2028\t{}[]-é"), max_size=40))
@example("a: |\n ")
def test_any_text_before_a_comment(before: str) -> None:
    """Nothing raises; and the comment is found, unless it stands in a text."""
    for found in ignores_of_text(f"{before}\n# trailwarden: ignore TW303\n"):
        assert found.column == 1
        assert found.codes == ("TW303",)


def test_files_without_regular_content(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes("\ufeff# trailwarden: ignore TW303\na: 1\n".encode())
    assert ignores_of_file(path) == [Ignore(1, 1, ("TW303",))]
    assert ignores_of_file(tmp_path / "none.yaml") == []
    assert ignores_of_file(Path("/dev/null")) == []


def test_the_line_and_the_one_before() -> None:
    findings = [_finding("TW303", line) for line in (4, 5, 6, 7)]
    assert _kept(findings, Ignore(5, 9, ("TW303",))) == ["TW303:4", "TW303:7"]


def test_the_whole_file_and_no_other() -> None:
    ignore = Ignore(9, 1, ("TW303",), whole_file=True)
    findings = [_finding("TW303", 1), _finding("TW303", None), _finding("TW303", 1, "other.yaml")]
    assert _kept(findings, ignore) == ["TW303:1"]
    assert without_ignored(findings, [ignore], "t.yaml")[0].location.source == "other.yaml"


def test_codes_are_whole() -> None:
    kept = _kept([_finding("TW303", 5)], Ignore(5, 1, ("TW3",)))
    assert kept == ["TW303:5", "TW901:5"]


def test_each_code_must_ignore_something() -> None:
    [idle] = without_ignored([_finding("TW303", 5)], [Ignore(4, 3, ("TW303", "TW311"))], "t.yaml")
    assert (idle.code, idle.severity, idle.location) == ("TW901", "note", Location("t.yaml", 4, 3))
    assert "TW311" in idle.message


def test_codes_that_there_are_not() -> None:
    near, far = without_ignored([], [Ignore(1, 1, ("tw303", "é" * 500))], "t.yaml")
    assert near.cure == "did you mean TW303?"
    assert far.cure == "docs/lint.md lists the codes"
    assert len(far.message) < 200


def test_two_comments_for_one_finding_are_both_of_use() -> None:
    assert _kept([_finding("TW303", 5)], Ignore(4, 1, ("TW303",)), Ignore(5, 9, ("TW303",))) == []


def test_comments_about_comments() -> None:
    slip = Ignore(3, 1, ())
    assert _kept([], slip) == ["TW902:3"]
    assert _kept([], slip, Ignore(2, 1, ("TW902",))) == []
    assert _kept([], Ignore(1, 1, ("TW901",)), Ignore(2, 1, ("TW303", "TW902"))) == []
    assert _kept([], Ignore(1, 1, ("TW132",))) == []  # silent where botocore is missing


def test_very_many_comments() -> None:
    """A template of a megabyte has room for them; they cost no more than it does."""
    ignores = [Ignore(n, 1, ("TW303",), whole_file=True) for n in range(1, 20_000)]
    findings = [_finding("TW303", n) for n in range(1, 2_000)]
    began = process_time()
    assert _kept(findings, *ignores) == []
    assert process_time() - began < 2
