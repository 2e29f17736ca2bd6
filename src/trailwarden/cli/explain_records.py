"""The records that ``trailwarden explain`` is asked about, and what it says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from trailwarden.errors import InputError
from trailwarden.patterns import FilterPattern
from trailwarden.patterns import explain as explanation_of
from trailwarden.problems import Problem
from trailwarden.report.explanation import ExplainedRecord
from trailwarden.trail import (
    WHOLE_LIMIT,
    LogFile,
    RawRecord,
    contents,
    decode_record,
    list_archive,
    open_log_file,
    read_records,
    record,
)

MOST_RECORDS, MOST_TREES = 100_000, 1_000
_LONGEST = 200  # characters of a record's id and name that are kept


class Reader:
    """The records of an archive, one after the other; ``problems`` fills while they are read."""

    def __init__(self, archive: str, *, raw: bool) -> None:
        self._archive = archive
        self._raw = raw
        self.problems: list[Problem] = []
        self.records_read = 0

    def records(self) -> Iterator[tuple[str, bytes]]:
        """The source and the text of each record. Raises UsageError for a path to nothing."""
        files = list_archive(
            self._archive, problems=self.problems.append, skipped=lambda kind: None
        )
        for file in files:
            for source, data in self._read(file):
                self.records_read += 1
                yield source, data

    def _read(self, file: LogFile) -> Iterator[tuple[str, bytes]]:
        try:
            data = open_log_file(file, limit=WHOLE_LIMIT)
        except InputError as error:
            self.problems.append(Problem(file.source, error.code, error.message, error.cure))
            return
        for content in contents(data, file.source, limit=WHOLE_LIMIT):
            self.problems += content.problems
            payload = bytes(content.payload)
            if self._raw and payload:
                yield content.source, payload.removesuffix(b"\n").removesuffix(b"\r")
            elif payload and not content.kind:
                yield from self._records(payload, content.source)

    def _records(self, payload: bytes, source: str) -> Iterator[tuple[str, bytes]]:
        for item in read_records(payload):
            if isinstance(item, RawRecord):
                yield source, item.data
            else:
                self.problems.append(item.problem(source))


class Choice(NamedTuple):
    """Which record is meant; all of them where both are None."""

    event_id: str | None
    number: int | None
    only_matches: bool = False

    @property
    def is_one(self) -> bool:
        return self.event_id is not None or self.number is not None


def answers_of(
    reader: Reader, pattern: FilterPattern, choice: Choice, *, whole: bool
) -> list[ExplainedRecord]:
    """What is said of each chosen record; ``whole`` or of a single one with the tree."""
    most = MOST_TREES if whole else MOST_RECORDS
    answers: list[ExplainedRecord] = []
    first = b""
    for answer, data in _chosen(reader, pattern, choice):
        if len(answers) == most:
            reader.problems.append(_too_many(answer.source, most))
            break
        if not answers:
            first = data
        answers.append(_with_tree(answer, pattern, data) if whole else answer)
        if choice.is_one:
            break
    if len(answers) == 1:
        answers[0] = _with_tree(answers[0], pattern, first)
    return answers


def _chosen(
    reader: Reader, pattern: FilterPattern, choice: Choice
) -> Iterator[tuple[ExplainedRecord, bytes]]:
    for number, (source, data) in enumerate(reader.records(), start=1):
        if choice.number not in (None, number):
            continue
        fields = decode_record(data)
        event_id = record.event_id(fields)
        if choice.event_id not in (None, event_id):
            continue
        matches = pattern.matches(data)
        if choice.only_matches and not matches:
            continue
        answer = ExplainedRecord(
            number=number,
            source=source,
            event_id=event_id[:_LONGEST],
            event_name=record.event_name(fields)[:_LONGEST],
            event_time=record.event_time(fields),
            matches=matches,
            explanation=None,
        )
        yield answer, data


def _with_tree(answer: ExplainedRecord, pattern: FilterPattern, data: bytes) -> ExplainedRecord:
    return replace(answer, explanation=explanation_of(pattern, data))


def _too_many(source: str, most: int) -> Problem:
    return Problem(
        source,
        "too-many-records",
        f"only the first {most:,} records were explained",
        "choose one with --event-id or --number",
    )
