"""The end of the page: problems of the input, and what there is to say about the stack."""

from __future__ import annotations

from collections.abc import Iterable

from trailwarden.monitor.outcome import Outcome
from trailwarden.report.findings import ProblemGroup, grouped
from trailwarden.report.html_markup import aside, text
from trailwarden.stack.model import Stack

_MOST_PLACES = 20  # of problems with one cure
_MOST_REMARKS = 200


def remarks(outcome: Outcome) -> str:
    """The sections that there is something to say in."""
    groups = grouped(outcome.input.problems)
    left = len(groups) - _MOST_REMARKS
    problems = [_group(group) for group in groups[:_MOST_REMARKS]]
    if left > 0:
        problems.append(f"<p>{aside(f'and {left:,} other kinds')}</p>")
    return _section("problems", "Inputs that could not be used", problems) + _section(
        "stack", "About the stack", [*_notes(outcome.stack), *_not_run(outcome.stack)]
    )


def _section(name: str, heading: str, items: list[str]) -> str:
    if not items:
        return ""
    body = "\n".join(items)
    return (
        f'<section id="{name}" class="panel remarks" aria-labelledby="{name}-title">\n'
        f'<h2 id="{name}-title">{heading}</h2>\n{body}\n</section>\n'
    )


def _group(group: ProblemGroup) -> str:
    places = []
    for problem in group.problems[:_MOST_PLACES]:
        times = aside(f" ({problem.count:,} times)") if problem.count > 1 else ""
        places.append(f"<li>{text(str(problem.location), 400)}{times}</li>")
    left = len(group.problems) - _MOST_PLACES
    if left > 0:
        places.append(f"<li>{aside(f'and {left:,} more')}</li>")
    return (
        f"<details><summary><strong>{text(group.code, 60)}</strong> {aside(f'{group.count:,}')} "
        f"{text(group.problems[0].message)}</summary>"
        f"<p>To mend it: {text(group.cure)}.</p><ul>{''.join(places)}</ul></details>"
    )


def _notes(stack: Stack) -> Iterable[str]:
    for note in stack.notes[:_MOST_REMARKS]:
        place = aside(text(str(note.location))) if note.location else ""
        yield f"<p>{text(note.message, 600)} {place}</p>"
    yield from _rest(len(stack.notes), "remarks")


def _not_run(stack: Stack) -> Iterable[str]:
    for one in stack.not_run[:_MOST_REMARKS]:
        where = aside(f"({text(one.type)}, {text(str(one.location))})")
        yield f"<p>Not run: {text(one.name)} {where}: {text(one.reason)}.</p>"
    yield from _rest(len(stack.not_run), "definitions that are not run")


def _rest(number: int, what: str) -> Iterable[str]:
    if number > _MOST_REMARKS:
        yield f"<p>{aside(f'and {number - _MOST_REMARKS:,} more {what}')}</p>"
