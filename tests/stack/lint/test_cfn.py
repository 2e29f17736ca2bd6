"""Lint's rules inside the real cfn-lint."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trailwarden.stack.lint import RULES
from trailwarden.stack.lint.examples import examples, whole_template

pytest.importorskip("cfnlint")
MODULE = "trailwarden.stack.lint.cfn"
_MAIN = "from cfnlint.runner import main; raise SystemExit(main())"


def run(*arguments: object) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", _MAIN, *map(str, arguments), "--append-rules", MODULE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return list(json.loads(done.stdout))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What cfn-lint finds in three templates: one with a finding, one refused, one that is well."""
    folder = tmp_path_factory.mktemp("templates")
    example = examples()["TW303"]
    (folder / "wrong.json").write_text(whole_template(example.wrong))
    (folder / "right.json").write_text(whole_template(example.right))
    broken = whole_template(example.wrong).replace("$.eventName =", "$.eventName ==")
    (folder / "refused.json").write_text(broken)
    return run("--include-checks", "I", "--format", "json", "--template", *folder.iterdir())


def test_a_finding(found: list[dict[str, Any]]) -> None:
    [match] = [one for one in found if one["Rule"]["Id"] == "W9303"]
    lines = whole_template(examples()["TW303"].wrong).splitlines()
    line = next(n for n, text in enumerate(lines, 1) if '"Alarm": {' in text)
    assert Path(match["Filename"]).name == "wrong.json"
    assert match["Location"]["Start"] == {"LineNumber": line, "ColumnNumber": 5}
    assert match["Location"]["Path"] == ["Resources", "Alarm"]
    assert match["Level"] == "Warning"
    assert match["Message"].startswith("TW303 the alarm 'stops' reads the Maximum of a count")


def test_a_template_that_cannot_be_run(found: list[dict[str, Any]]) -> None:
    [match] = [one for one in found if one["Rule"]["Id"] == "E9000"]
    assert Path(match["Filename"]).name == "refused.json"
    assert match["Message"].endswith("(cure: did you mean =)")
    assert match["Location"]["Path"] == ["Resources", "Filter"]


def test_nothing_else_is_found_by_lint(found: list[dict[str, Any]]) -> None:
    ids = {one["Rule"]["Id"] for one in found if one["Rule"]["Id"][1] == "9"}
    assert ids == {"W9303", "E9000"}


def test_the_example_is_a_template_that_cloudformation_takes(found: list[dict[str, Any]]) -> None:
    levels = {one["Level"] for one in found if Path(one["Filename"]).name == "right.json"}
    assert levels <= {"Informational"}


def test_ids() -> None:
    from trailwarden.stack.lint.cfn.making import REFUSED, rule_classes

    made = [one() for one in rule_classes()]
    ids = [one.id for one in made]
    assert len(set(ids)) == len(ids) == len(RULES)
    assert all(re.fullmatch(r"[EWI]9\d{3}", one) for one in ids)
    severities = {one.id: one.severity for one in made}
    assert severities["W9303"] == "warning"
    assert (severities["E9101"], severities["I9403"]) == ("error", "informational")
    assert severities[REFUSED] == "error"
    assert all(one.shortdesc and one.description for one in made)


def test_text_that_has_no_file() -> None:
    from cfnlint.template import Template

    from trailwarden.stack.lint.cfn.making import rule_classes

    cfn = Template(None, {"Resources": {}})
    assert [match for made in rule_classes() for match in made().match(cfn)] == []
