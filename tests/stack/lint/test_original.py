"""Every known fault of the original templates, with the rule that finds it there.

Where a row is about a mending that is no better, or about text that the originals only hint at, the
smallest change of their text shows it. A row that nothing finds fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared_data import REFERENCE, TEMPLATES
from tests.stack.lint.original_rows import (
    ALARMS_AND_FILTERS,
    NOT_TO_BE_SEEN,
    NOTIFICATION_PATH,
    SNS,
    TEMPLATE_MISTAKES,
    TRAIL,
    TRAIL_BUCKET_LOGS,
    Row,
)
from trailwarden.errors import DefinitionError
from trailwarden.stack.cloudformation import load_template
from trailwarden.stack.lint import lint
from trailwarden.stack.model import Stack

pytestmark = pytest.mark.skipif(not TEMPLATES.exists(), reason=f"no templates in {TEMPLATES}")


def text_of(row: Row) -> str:
    text = (TEMPLATES / row.source).read_text("utf-8")
    for old, new in row.changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def stack_of(row: Row) -> Stack:
    return load_template(text_of(row), row.source, Path(row.source).stem, row.given)


@pytest.mark.parametrize(
    "row",
    [*ALARMS_AND_FILTERS, *NOTIFICATION_PATH, *TRAIL_BUCKET_LOGS, *TEMPLATE_MISTAKES],
    ids=lambda row: row.problem,
)
def test_every_row_is_found(row: Row) -> None:
    found = {finding.code for finding in lint(stack_of(row))}
    assert set(row.codes) <= found


@pytest.mark.parametrize(
    "row",
    [
        *(row for row in NOTIFICATION_PATH if row.changes),
        *(row for row in TRAIL_BUCKET_LOGS if row.changes),
        *(row for row in TEMPLATE_MISTAKES if row.changes),
    ],
    ids=lambda row: row.problem,
)
def test_variants_show_what_the_original_has_not(row: Row) -> None:
    original = lint(stack_of(Row(row.problem, row.codes, row.source, given=row.given)))
    assert not set(row.codes) & {finding.code for finding in original}


@pytest.mark.parametrize(
    ("source", "old", "new", "message", "cure"),
    [
        (TRAIL, "\nResources:", "\nResouces:", "'Resouces' is not a section", "'Resources'"),
        (TRAIL, "  SnsTopicARN:\n    Type: String\n", "", "SnsTopicARN", "SnsTopicName"),
        (TRAIL, "  CreateCentralizedResources:", "  Central:", "CreateCentralizedResources", ""),
    ],
    ids=["misspelt section", "no parameter", "no condition"],
)
def test_mistakes_that_do_not_load(
    source: str, old: str, new: str, message: str, cure: str
) -> None:
    with pytest.raises(DefinitionError) as raised:
        stack_of(Row("", (), source, {old: new}))
    assert message in str(raised.value)
    assert cure in str(raised.value)


def test_several_blocks_of_resources_are_told() -> None:
    """CloudFormation takes the last, which here is empty."""
    stack = stack_of(Row("", (), SNS, {"\nOutputs:": "\nResources: {}\nOutputs:"}))
    assert stack.topics == ()
    assert "duplicate-key" in [note.code for note in stack.notes]


def test_a_misspelt_name_in_the_bucket_is_a_note() -> None:
    notes = stack_of(Row("", (), TRAIL, {"!Ref LogBacketName": "!Ref LogBucketName"})).notes
    [note] = [note for note in notes if note.code == "companion-not-read"]
    assert "LogBucketName" in note.message


def test_nothing_connects_the_topic_of_the_text_to_the_alarms() -> None:
    assert [note.code for note in stack_of(Row("", ())).notes] == ["unknown-topic"]


def test_the_rows_are_those_of_the_reference() -> None:
    text = (REFERENCE / "cis.md").read_text("utf-8")
    section = text.partition("\n## 2. ")[2].partition("\n## ")[0]
    numbers = re.findall(r"^\| (\d+) \|", section, re.MULTILINE)
    assert [row.problem.partition(":")[0] for row in ALARMS_AND_FILTERS] == numbers
    for words, reason in NOT_TO_BE_SEEN.items():
        assert words in section, reason


def test_what_the_original_is_not_blamed_for() -> None:
    """What is good in them: Regions, global events, validation, public access, access log."""
    found = {finding.code for finding in lint(stack_of(Row("", ())))}
    good = {
        "TW503",
        "TW504",
        "TW505",
        "TW512",
        "TW514",
        "TW307",
        "TW308",
        "TW522",
        "TW601",
        "TW602",
    }
    assert not good & found
