"""A new record before it is written: the names that are taken, its file, and the findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from onehealthkg.checks.findings import VIOLATION, Finding
from onehealthkg.checks.formats import severity_in_words
from onehealthkg.dataset.cache import load_store
from onehealthkg.editing import draft
from onehealthkg.editing.field_values import FieldValue, Reader
from onehealthkg.editing.things import Things
from onehealthkg.errors import InputError, OutputError, UsageError
from onehealthkg.files import write_all, write_atomic
from onehealthkg.locks import locked
from onehealthkg.paths import Project
from onehealthkg.records.context import record_context
from onehealthkg.records.reader import record_iri
from onehealthkg.records.writer import record_bytes
from onehealthkg.terms import merge


def reader_of(project: Project, lang: str, session: str = "en") -> Reader:
    """The reader of answers about a project's things, labels in a language.

    ``session`` is the language of its messages.
    """
    return Reader(record_context(project), Things(merge(load_store(project)), lang), session)


def taken(project: Project, reader: Reader) -> set[str]:
    """The names that a new record cannot have: those of records, and of agreements."""
    agreements = reader.things.all("agreement")
    return {path.stem for path in project.records} | {
        name.removeprefix("agreement-") for name in agreements
    }


class NewRecord(NamedTuple):
    """A record that is not yet written.

    ``path`` is its file, None for standard output; ``notes`` are notes for the person, ``repeated``
    remarks about the agreements that it may repeat.
    """

    name: str
    path: Path | None
    data: bytes
    notes: tuple[str, ...]
    repeated: tuple[str, ...]


def new_record(
    project: Project,
    reader: Reader,
    answers: dict[str, list[FieldValue]],
    output: str | None,
    *,
    dry: bool,
) -> NewRecord:
    """The record made of answers; UsageError as ``target``."""
    name = draft.named(answers, taken(project, reader))
    path = target(output, project, name, dry=dry)
    name = path.stem if path else name
    things = reader.things
    data = draft.record(name, answers, things)
    repeated = draft.like(data, draft.agreements(things), reader.language)
    late = draft.late(data, things, reader.language)
    written = record_bytes(data, reader.words)
    return NewRecord(name, path, written, tuple(late), tuple(repeated))


def finding_line(finding: Finding, language: str = "en") -> str:
    """A finding as a line; its message is in English."""
    return f"{severity_in_words(finding.severity, 1, language)}: {finding.place}: {finding.message}"


def is_wrong(findings: Iterable[Finding]) -> bool:
    """Whether there is a violation among findings."""
    return any(finding.severity == VIOLATION for finding in findings)


def target(output: str | None, project: Project, name: str, *, dry: bool) -> Path | None:
    """The file of a new record, None for standard output; UsageError if it is not allowed."""
    if output == "-":
        return None
    if output:
        path = Path(output)
        if path.suffix != ".yaml":
            raise UsageError(f"new: {path}: the file of a record ends in .yaml.")
        record_iri(path)
        return path
    return folder(None, project, dry=dry) / f"{name}.yaml"


def folder(output: str | None, project: Project, *, dry: bool) -> Path:
    """The folder of new records; UsageError if an update of the package would delete them."""
    if output:
        return Path(output)
    if not dry:
        project.must_be_own("new")
    return Path(project.root, "data", "partnerships")


def write_new(files: dict[Path, bytes]) -> None:
    """Write files of one folder, all or none; OutputError if one already exists."""
    with locked(next(iter(files))):
        for path in files:
            if path.exists() or path.is_symlink():
                raise OutputError(f"{path}: the file already exists; it is not overwritten.")
        write_all(files)


def trial(project: Project, records: Mapping[str, bytes]) -> list[Finding]:
    """The findings on records that are not yet written; the path of each is ``<name>.yaml``.

    The records are written to a temporary folder, and read and checked together with the project's
    data, as ``check`` would if they were in data/partnerships/. Raises InputError if a record, or
    the project's data, cannot be read.
    """
    from onehealthkg.checks.parts import check_project  # pySHACL takes half a second to import

    with TemporaryDirectory(prefix="onehealthkg-") as folder:
        paths = [Path(folder, f"{name}.yaml") for name in sorted(records)]
        for path in paths:
            write_atomic(path, records[path.stem])
        try:
            findings = check_project(project, paths)
        except InputError as error:
            raise InputError(_by_name(str(error), Path(folder).name)) from None
    return [finding._replace(path=Path(finding.path.name)) for finding in findings if finding.path]


def _by_name(message: str, folder: str) -> str:
    """A message that names files of a folder without their path."""
    return re.sub(rf"\S*/{re.escape(folder)}/", "", message)
