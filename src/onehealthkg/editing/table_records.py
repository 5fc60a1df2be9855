"""The records of the rows of a table, and all errors, by row and column.

Several values in a cell are separated by semicolons. A row is refused if a cell is not understood,
a required value is missing, its name is taken, or the checks find a violation; a possible
repetition of an agreement is an error too, unless repetitions are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from onehealthkg.checks.findings import VIOLATION, Finding
from onehealthkg.editing import draft
from onehealthkg.editing.field_values import Reader, read_answers
from onehealthkg.editing.fields import BY_NAME, SOURCE, RecordField
from onehealthkg.editing.new_record import trial
from onehealthkg.editing.table import Problem, Sheet, SheetRow
from onehealthkg.paths import Project
from onehealthkg.records.context import RecordContext
from onehealthkg.records.writer import record_bytes

_SEPARATOR = re.compile(r"[;\n]")
_IN_ADDRESSES = re.compile(r";(?:\s+|$)|\n")


class Made(NamedTuple):
    """The record of a row: its name and bytes, the row, and notes on how it was understood."""

    name: str
    data: bytes
    row: int
    notes: tuple[str, ...]


class TableRecords(NamedTuple):
    """The valid records of a table, and the errors in it, by row and column."""

    good: list[Made]
    problems: list[Problem]

    @property
    def bad_rows(self) -> set[int]:
        """The rows that have errors."""
        return {problem.row for problem in self.problems}


def table_records(
    project: Project,
    reader: Reader,
    table: Sheet,
    taken: Iterable[str],
    *,
    repeats: bool = False,
    skip_bad: bool = False,
) -> TableRecords:
    """The records of the rows of a table; empty if any row is wrong, unless ``skip_bad``.

    ``taken`` are names that a record cannot have; with ``repeats`` a row may repeat an agreement.
    """
    made, problems = _Maker(reader, taken, repeats=repeats).make(table.rows)
    findings = trial(project, {record.name: record.data for record in made}) if made else []
    problems = [*table.problems, *problems, *problems_of(findings, made, reader.words)]
    problems = sorted(set(problems))
    bad = {problem.row for problem in problems}
    good = [record for record in made if record.row not in bad]
    is_refused = 1 in bad or (bad and not skip_bad)
    return TableRecords([] if is_refused else good, problems)


class _Maker:
    """Makes records of rows; no record repeats another or an existing agreement."""

    def __init__(self, reader: Reader, taken: Iterable[str], *, repeats: bool = False) -> None:
        self.reader = reader
        self.taken = set(taken)
        self.repeats = repeats
        self.agreements = draft.agreements(reader.things)

    def make(self, rows: Iterable[SheetRow]) -> tuple[list[Made], list[Problem]]:
        """The records of the rows without errors, and the errors in the others."""
        made, problems = [], []
        for row in rows:
            outcome = self._made(row)
            if isinstance(outcome, Made):
                made.append(outcome)
            else:
                problems += outcome
        return made, problems

    def _made(self, row: SheetRow) -> Made | list[Problem]:
        cells = {name: text for name, text in row.cells.items() if name in BY_NAME}
        texts = {name: several(BY_NAME[name], text) for name, text in cells.items()}
        answers, problems = read_answers(self.reader, texts)
        wrong = [Problem(row.number, column, text) for column, text in problems]
        missing = [field for field in draft.missing(answers) if not row.cells.get(field.name)]
        wrong += [Problem(row.number, x.name, f"This is missing: {x.question()}") for x in missing]
        if wrong:
            return wrong
        name = draft.named(answers, self.taken)
        if name in self.taken:
            right = "write another name, or delete the row"
            return [Problem(row.number, "name", f"A record {name} already exists; {right}.")]
        data = draft.record(name, answers, self.reader.things)
        repeated = [] if self.repeats else draft.like(data, self.agreements)
        if repeated:
            right = "Delete the row, or add --allow-repeats."
            return [Problem(row.number, "", f"{repeat} {right}") for repeat in repeated]
        self.taken.add(name)
        self.agreements.append(draft.agreement_of(data))
        notes = [note for values in answers.values() for answer in values for note in answer.notes]
        notes += draft.late(data, self.reader.things)
        written = record_bytes(data, self.reader.words)
        return Made(name, written, row.number, tuple(dict.fromkeys(notes)))


def several(field: RecordField, text: str) -> list[str]:
    """The values of a cell; an address may contain semicolons, but not before a space."""
    separator = _IN_ADDRESSES if field.kind == SOURCE else _SEPARATOR
    values = separator.split(text) if field.many else [text]
    return [stripped for stripped in (value.strip() for value in values) if stripped]


def problems_of(
    findings: Iterable[Finding], made: Iterable[Made], words: RecordContext
) -> Iterator[Problem]:
    """The violations that the checks found in records, by row and, as far as known, column."""
    rows = {record.name: record.row for record in made}
    for finding in findings:
        if finding.severity == VIOLATION and finding.path:
            yield Problem(rows[finding.path.stem], column_of(finding, words), finding.message)


def column_of(finding: Finding, words: RecordContext) -> str:
    """The field of the property that a finding is about, or an empty text."""
    keys = {key.name for key in words.keys.values() if key.iri == finding.predicate}
    return next((field.name for field in BY_NAME.values() if field.key in keys), "")
