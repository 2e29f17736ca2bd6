"""Running files of tests: reading all of them first, then one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trailwarden.scan.cases import CaseFile, CaseResult, StackCoverage


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to run: files (or built-in stacks), and what the command line says over them."""

    files: tuple[str, ...]
    stack: tuple[str, ...] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    coverage: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """What came of all tests. ``coverages`` has one for each stack, or is empty if not wanted."""

    results: tuple[CaseResult, ...]
    coverages: tuple[StackCoverage, ...] = ()

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results)

    def reaches(self, percent: float) -> bool:
        """Whether the tests cover so much of each stack."""
        return all(one.percent >= percent for one in self.coverages)


def run_tests(wanted: Wanted) -> Run:
    """Run them. Raises UsageError, or DefinitionError for all mistakes, before any test is run."""
    from trailwarden.cli.test_notices import composing
    from trailwarden.scan.cases import run_cases

    results: list[CaseResult] = []
    coverages: list[StackCoverage] = []
    for file in _read(wanted):
        coverage = _coverage_of(file, coverages) if wanted.coverage else None
        results += run_cases(file, coverage, composing(file.stack))
    return Run(tuple(results), tuple(coverages))


def _coverage_of(file: CaseFile, known: list[StackCoverage]) -> StackCoverage:
    """Files about one stack, with the same parameters, cover it together."""
    from trailwarden.scan.cases import StackCoverage

    for coverage in known:
        if coverage.stack == file.stack:
            return coverage
    known.append(StackCoverage(file.stack))
    return known[-1]


def _read(wanted: Wanted) -> Sequence[CaseFile]:
    """All files, or the errors of all of them."""
    from trailwarden.errors import DefinitionError, DefinitionErrors
    from trailwarden.scan.cases import read_cases

    found: list[CaseFile] = []
    errors: list[DefinitionError] = []
    for path in dict.fromkeys(wanted.files):
        try:
            found.append(read_cases(path, wanted.parameters, stack=wanted.stack))
        except DefinitionErrors as error:
            errors += error.errors
        except DefinitionError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else DefinitionErrors(errors)
    return found
