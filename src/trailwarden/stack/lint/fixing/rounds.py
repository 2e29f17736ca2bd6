"""Fixing and looking again, until nothing changes."""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from trailwarden.errors import DefinitionError
from trailwarden.stack.lint.comments import ignores_of_text
from trailwarden.stack.lint.finding import Finding
from trailwarden.stack.lint.fixing.changes import Change
from trailwarden.stack.lint.fixing.checking import says
from trailwarden.stack.lint.fixing.edits import Edit, apply, edits_of, overlaps
from trailwarden.stack.lint.fixing.json_spots import json_spots
from trailwarden.stack.lint.fixing.refused import refused_patterns
from trailwarden.stack.lint.fixing.registry import FIXERS
from trailwarden.stack.lint.fixing.site import Scene, site_of
from trailwarden.stack.lint.fixing.spots import Spot
from trailwarden.stack.lint.fixing.yaml_spots import yaml_spots
from trailwarden.stack.lint.ignoring import LeftOut
from trailwarden.stack.lint.run import lint_parted
from trailwarden.stack.model import Stack
from trailwarden.stack.nodes import Document
from trailwarden.stack.source import read_template

_MOST_ROUNDS = 20

Load = Callable[[str], Stack]
Wanted = Callable[[Finding], bool]
_Id = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A template's ``text`` after the fixes; ``findings`` remain, ``fixed`` are gone.

    ``left_out`` are those that comments leave out.
    """

    text: str
    fixed: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    text: str
    stack: Stack
    document: Document
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    finding: Finding
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]


@dataclass(slots=True)
class _Fixing:
    load: Load
    wanted: Wanted
    unsafe: bool
    judges_idle: bool
    tried: set[_Id] = field(default_factory=set)
    fixed: list[Finding] = field(default_factory=list)

    def state(self, text: str) -> _State:
        stack = self.load(text)
        kept, left_out = lint_parted(stack, ignores_of_text(text), judges_idle=self.judges_idle)
        document = read_template(text, stack.source)
        return _State(text, stack, document, tuple(kept), tuple(left_out))

    def begun(self, text: str) -> _State:
        """The state of ``text``, with patterns mended that keep it from being a stack."""
        for _ in range(_MOST_ROUNDS):
            try:
                return self.state(text)
            except DefinitionError as error:
                after = self._respelled(text, error)
                if after is None:
                    raise
                text = after
        return self.state(text)

    def _respelled(self, text: str, error: DefinitionError) -> str | None:
        found = [one for one in refused_patterns(error) if self.wanted(one[0])]
        root = _spots(text) if found else None
        if root is None:
            return None
        edits: set[Edit] = set()
        changes: list[Change] = []
        for finding, change in found:
            made = edits_of(text, root, change)
            if made:
                edits.update(made)
                changes.append(change)
                self.fixed.append(finding)
        after = apply(text, edits)
        source = found[0][0].location.source
        before = read_template(text, source).root
        is_well = bool(edits) and says(before, read_template(after, source).root, changes)
        return after if is_well else None

    def round(self, before: _State) -> _State | None:
        """The template with the fixes that go together; None where there are no more to try."""
        plans = list(self._together(self._plans(before)))
        if not plans:
            return None
        # Where one of many says something else than it should, half of them is tried, then less:
        # the others get their turn in the next rounds.
        while (after := self._made(before, plans)) is None and len(plans) > 1:
            plans = plans[: len(plans) // 2]
        self.tried.update(_id(plan.finding) for plan in plans)
        if after is None:
            return before
        self.fixed += [plan.finding for plan in plans]
        return after

    def _plans(self, state: _State) -> Iterator[_Plan]:
        root = _spots(state.text)
        scene = Scene(state.stack, state.document.root)
        for finding in state.findings:
            fixer = FIXERS.get(finding.code)
            if fixer is None or root is None or not (fixer.is_safe or self.unsafe):
                continue
            site = site_of(scene, finding)
            if site is None or _id(finding) in self.tried or not self.wanted(finding):
                continue
            changes = tuple(fixer.make(site))
            edits = [edits_of(state.text, root, change) for change in changes]
            if changes and None not in edits:
                flat = tuple(edit for one in edits if one is not None for edit in one)
                yield _Plan(finding, changes, flat)

    def _together(self, plans: Iterator[_Plan]) -> Iterator[_Plan]:
        """Plans that do not touch the same values; the others wait for the next round."""
        taken: dict[tuple[object, ...], Change] = {}
        edits: list[Edit] = []  # sorted
        for plan in plans:
            others = [one for one in plan.changes if taken.get(one.path, one) != one]
            if not others and not any(overlaps(edit, edits) for edit in plan.edits):
                taken.update((change.path, change) for change in plan.changes)
                for edit in plan.edits:
                    insort(edits, edit)
                yield plan

    def _made(self, before: _State, plans: Sequence[_Plan]) -> _State | None:
        """The template after the plans; None where it would not be what is meant."""
        edits = {edit for plan in plans for edit in plan.edits}
        changes = {change.path: change for plan in plans for change in plan.changes}
        if not edits:
            return None
        try:
            after = self.state(apply(before.text, edits))
        except DefinitionError:
            return None
        if not says(before.document.root, after.document.root, changes.values()):
            return None
        return None if _errors(after) - _errors(before) else after


def fix(
    text: str, load: Load, wanted: Wanted, *, unsafe: bool = False, judges_idle: bool = True
) -> Fixed:
    """Fix what is ``wanted`` and can be, in the text of a template.

    ``load`` makes a stack of a text. Only fixes that are sure to do what is meant are made, unless
    ``unsafe`` asks for the others as well. The text that comes out loads, says the same apart from
    the fixes, has no error that it had not, and does not change if it is fixed again. Raises
    :class:`~trailwarden.errors.DefinitionError` where ``text`` does not load, unless it is for
    patterns whose spelling is mended as well. ``judges_idle`` is as for lint.
    """
    fixing = _Fixing(load, wanted, unsafe, judges_idle)
    state = fixing.begun(text)
    for _ in range(_MOST_ROUNDS):
        after = fixing.round(state)
        if after is None:
            break
        state = after
    remain = {_id(finding) for finding in state.findings}
    gone = [finding for finding in fixing.fixed if _id(finding) not in remain]
    return Fixed(state.text, tuple(gone), state.findings, state.left_out)


def _spots(text: str) -> Spot | None:
    if text.lstrip()[:1] == "{":
        try:
            json.loads(text, strict=False)
        except ValueError:
            return yaml_spots(text)  # YAML in the style of JSON
        return json_spots(text)
    return yaml_spots(text)


def _id(finding: Finding) -> _Id:
    return finding.code, finding.message, finding.location.key


def _errors(state: _State) -> set[tuple[str, str | None]]:
    return {(f.code, f.location.key) for f in state.findings if f.severity == "error"}
