"""``explain --output terminal``: the pattern's tree as indented lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import IO

from trailwarden.patterns.explain_model import Found, Kind, Node
from trailwarden.problems import Problem
from trailwarden.report.explanation import Explained, ExplainedRecord
from trailwarden.report.findings import grouped
from trailwarden.report.terminal.page import Page, Part
from trailwarden.report.wording import repeated
from trailwarden.text import plural, visible
from trailwarden.times import format_instant

VALUE_LIMIT = 200  # characters
_DEEPEST = 20  # levels that are indented
_MOST_PROBLEMS = 8
_ONE_LINE = re.compile(r"\s*\n\s*")  # templates fold long patterns
_WORDS = {Kind.AND: "AND", Kind.OR: "OR", Kind.NOT: "NOT", Kind.EVERYTHING: "everything"}


def write_explained(explained: Explained, stream: IO[str]) -> None:
    """Write the question, then a line or a tree for each record, then the problems."""
    page = Page(stream)
    _head(page, explained)
    page.close()
    for record in explained.records:
        if record.explanation is None:
            stream.write(_brief(record) + "\n")
        else:
            _whole(stream, record)
    _foot(stream, explained)


def _head(page: Page, explained: Explained) -> None:
    what = "a pattern"
    if explained.filter_name is not None:
        name, stack = visible(explained.filter_name, 120), visible(explained.stack or "", 60)
        what = f"{name} of {stack}"
    page.line(("trailwarden explain", "bold"), f" · {what}")
    page.blank()
    page.line(visible(_ONE_LINE.sub(" ", explained.pattern.text.strip())), indent=2)
    page.blank()


def _brief(record: ExplainedRecord) -> str:
    answer = "matches" if record.matches else "no"
    return f"  {record.number:>6}  {answer:<7}  {_about(record)}"


def _about(record: ExplainedRecord) -> str:
    """When, what and which, as far as the record tells."""
    time = format_instant(record.event_time) if record.event_time else ""
    parts = (time, visible(record.event_name, 60), visible(record.event_id, 60))
    return "  ".join(filter(None, parts))


def _whole(stream: IO[str], record: ExplainedRecord) -> None:
    explanation = record.explanation
    if explanation is None:
        return
    page = Page(stream)
    answer: Part = ("matches", "bold green") if record.matches else ("does not match", "bold red")
    page.line(f"record {record.number:,} ", answer, (f"  {_about(record)}", "dim"), indent=2)
    page.blank()
    if explanation.remark:
        page.line((explanation.remark, "yellow"), indent=2)
    _node(page, explanation.root, 0)
    page.blank()
    page.close()


def _node(page: Page, node: Node, level: int) -> None:
    indent = 2 + 2 * min(level, _DEEPEST)
    mark: Part = ("yes ", "green") if node.holds else ("no  ", "red")
    if not node.counts:
        mark = ("--  ", "dim")
    if node.children or node.kind is Kind.EVERYTHING:
        page.line(mark, (_WORDS[node.kind], "bold"), indent=indent)
    else:
        page.line(mark, visible(node.text), *_values(node), indent=indent)
    if node.reason:
        page.line((visible(node.reason), "yellow"), indent=indent + 4)
    for child in node.children:
        _node(page, child, level + 1)


def _values(node: Node) -> list[Part]:
    """What was found, behind what was asked for."""
    if not node.found:
        return []
    text = ", ".join(_value(found) for found in node.found)
    left = node.found_count - len(node.found)
    if left > 0:
        text += f" and {plural(left, 'more value')}"
    return [("  → ", "dim"), (text, "cyan")]


def _value(found: Found) -> str:
    return visible(found.shown, VALUE_LIMIT)


def _foot(stream: IO[str], explained: Explained) -> None:
    page = Page(stream)
    records = explained.records
    read = len(records) if explained.read is None else explained.read
    if read != 1 or not records:
        page.blank()
        matches = sum(record.matches for record in records)
        page.line(f"{matches:,} of {plural(read, 'record')} match", indent=2)
    _problems(page, explained.problems)
    page.close()


def _problems(page: Page, problems: Sequence[Problem]) -> None:
    if not problems:
        return
    count = sum(problem.count for problem in problems)
    page.title("Problems", f"{plural(count, 'input')} could not be used")
    groups = grouped(problems)
    for group in groups[:_MOST_PROBLEMS]:
        first = group.problems[0]
        head = (visible(group.code, 60), "bold")
        page.item(("●", "yellow"), head, f"{repeated(group.count)}  ", visible(first.message, 300))
        page.line((visible(str(first.location), 200), "dim"), indent=4)
        page.line(("cure: ", "green"), visible(group.cure, 300), indent=4)
    if len(groups) > _MOST_PROBLEMS or any(len(group.problems) > 1 for group in groups):
        page.line(("all of them: --output json", "dim"), indent=2)
