"""The command ``new``: records of partnerships from questions, options or a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from onehealthkg.commands.options import add_language, given, project_of
from onehealthkg.commands.values import offer, things
from onehealthkg.editing.draft import missing
from onehealthkg.editing.field_values import read_answers
from onehealthkg.editing.fields import FIELDS, YES
from onehealthkg.editing.new_record import (
    NewRecord,
    finding_line,
    folder,
    is_wrong,
    new_record,
    reader_of,
    taken,
    trial,
    write_new,
)
from onehealthkg.editing.new_session import NewSession
from onehealthkg.editing.table import Problem, read_table
from onehealthkg.editing.table_records import table_records
from onehealthkg.editing.template import csv_template, xlsx_template
from onehealthkg.editing.terminal import Terminal
from onehealthkg.errors import FindingsError, UsageError
from onehealthkg.files import write_atomic
from onehealthkg.paths import Project
from onehealthkg.records.schema import record_schema

Texts = dict[str, list[str]]

EXAMPLES = (
    "new --template -o partnerships.xlsx",
    "new --from-csv partnerships.xlsx",
    "new --party ANSES --party EFSA --kind 'working arrangement' --signed 2024 \\\n"
    "      --source 'https://www.efsa.europa.eu/ | EFSA | en' --confidence medium --dry-run",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--from-csv",
        metavar="TABLE",
        type=given,
        help="write a record of each row of a CSV or XLSX file, or nothing if a row is wrong",
    )
    ways.add_argument(
        "--template",
        action="store_true",
        help="write an empty table with an example row, as CSV or XLSX",
    )
    ways.add_argument(
        "--schema", action="store_true", help="write the JSON Schema of records, for editors"
    )
    add_language(parser, "the questions and answers of the session")
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="write the valid rows, skip the others",
    )
    parser.add_argument(
        "--allow-repeats", action="store_true", help="write records that may repeat others"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=given,
        help="file to write, - for standard output; with --from-csv a folder "
        "(default: data/partnerships/ of the project)",
    )
    about = parser.add_argument_group("the partnership")
    for field in FIELDS:
        argument = about.add_argument(
            f"--{field.name}",
            metavar=field.kind.upper(),
            dest=f"field_{field.name}",
            action="append" if field.many else "store",
            **({"nargs": "?", "const": "yes"} if field.kind == YES else {}),  # type: ignore[arg-type]
            help=_help(field.help(), many=field.many),
        )
        if field.things:
            offer(argument, things(field.things))


def _help(text: str, *, many: bool) -> str:
    return text.replace("%", "%%") + (" May be repeated." if many else "")


def run(options: argparse.Namespace) -> int:
    """Write records, a template or the schema, as the options request."""
    project = project_of(options)
    given_texts = {field.name: getattr(options, f"field_{field.name}") for field in FIELDS}
    texts = {
        name: [value] if isinstance(value, str) else value
        for name, value in given_texts.items()
        if value is not None
    }
    other = options.from_csv or options.template or options.schema
    if texts and other:
        raise UsageError(f"new: --{next(iter(texts))} does not go with a table or a schema.")
    if options.skip_bad and not options.from_csv:
        raise UsageError("new: --skip-bad is about the rows of --from-csv TABLE.")
    if options.schema:
        return _schema(options, project)
    if options.template:
        return _template(options)
    if options.from_csv:
        return _from_table(options, project)
    return _from_options(options, project, texts) if texts else _ask(options, project)


def _schema(options: argparse.Namespace, project: Project) -> int:
    return _put(options, record_schema(project))


def _template(options: argparse.Namespace) -> int:
    name = options.output or "-"
    if name.endswith(".xlsx"):
        return _put(options, xlsx_template())
    return _put(options, csv_template(mark=name != "-"))


def _put(options: argparse.Namespace, data: bytes) -> int:
    if options.output in (None, "-"):
        sys.stdout.write(data.decode())
    else:
        write_atomic(Path(options.output), data)
    return 0


def _from_options(options: argparse.Namespace, project: Project, texts: Texts) -> int:
    return write_record(
        project,
        texts,
        lang=options.lang,
        output=options.output,
        dry=options.dry_run,
        repeats=options.allow_repeats,
    )


def write_record(
    project: Project,
    texts: Texts,
    *,
    lang: str,
    output: str | None = None,
    dry: bool = False,
    repeats: bool = False,
) -> int:
    """Write and print the record made of answers by field, and return the exit code.

    Raises UsageError for answers that are missing or not understood, FindingsError if the checks
    find violations in the record, or if it repeats another one and ``repeats`` is not set.
    """
    reader = reader_of(project, lang)
    answers, problems = read_answers(reader, texts)
    wrong = [f"--{name}: {problem}" for name, problem in problems]
    wrong += [
        f"--{field.name} is missing: {field.question()}"
        for field in missing(answers)
        if field.name not in texts
    ]
    if wrong:
        raise UsageError("\n".join(f"new: {line}" for line in wrong))
    record = new_record(project, reader, answers, output, dry=dry)
    if output in (None, "-"):
        _refuse_taken(taken(project, reader), record.name)
    notes = dict.fromkeys(
        note for values in answers.values() for value in values for note in value.notes
    )
    for note in [*notes, *record.notes, *record.repeated]:
        print(f"new: {note}", file=sys.stderr)
    if record.repeated and not repeats:
        raise FindingsError("new: Nothing was written; --allow-repeats writes it anyway.")
    findings = trial(project, {record.name: record.data})
    sys.stdout.write(record.data.decode())
    sys.stdout.flush()
    for finding in findings:
        print(finding_line(finding), file=sys.stderr)
    if is_wrong(findings):
        raise FindingsError("new: Nothing was written; correct the errors.")
    _write(record, dry=dry)
    return 0


def _write(record: NewRecord, *, dry: bool) -> None:
    if dry:
        print("new: A dry run: nothing is written.", file=sys.stderr)
    elif record.path:
        write_new({record.path: record.data})
        print(f"new: Written: {record.path}", file=sys.stderr)


def _refuse_taken(names: Iterable[str], name: str) -> None:
    if name in names:
        raise UsageError(
            f"new: a record or agreement {name} already exists; pass another --name, or add the "
            f"new facts to data/partnerships/{name}.yaml with an editor."
        )


def _from_table(options: argparse.Namespace, project: Project) -> int:
    place = folder(options.output, project, dry=options.dry_run)
    table = read_table(Path(options.from_csv))
    reader = reader_of(project, options.lang)
    records = table_records(
        project,
        reader,
        table,
        taken(project, reader) | {path.stem for path in place.glob("*.yaml")},
        repeats=options.allow_repeats,
        skip_bad=options.skip_bad,
    )
    for problem in records.problems:
        print(_line(options.from_csv, problem), file=sys.stderr)
    for record in records.good:
        for note in record.notes:
            print(f"{options.from_csv}: row {record.row}: {note}", file=sys.stderr)
    files = {place / f"{record.name}.yaml": record.data for record in records.good}
    if files and not options.dry_run:
        write_new(files)
    for path in files:
        print(path)
    counts = len(table.rows), len(files), len(records.bad_rows - {1})
    print(_summary(*counts, dry=options.dry_run), file=sys.stderr)
    return int(bool(records.problems))


def _line(path: str, problem: Problem) -> str:
    column = f", column {problem.column}" if problem.column else ""
    return f"{path}: row {problem.row}{column}: {problem.message}"


def _summary(rows: int, good: int, bad: int, *, dry: bool) -> str:
    done = "would be written" if dry else "written"
    counted = f"new: {rows} rows: {good} {done}, {bad} invalid."
    if bad and not good:
        return f"{counted} Nothing was written; --skip-bad writes the valid rows."
    return f"{counted} A dry run: nothing is written." if dry else counted


def _ask(options: argparse.Namespace, project: Project) -> int:
    if options.output is None:
        folder(None, project, dry=options.dry_run)  # before any answer is typed
    terminal = Terminal(sys.stdin, sys.stdout, language=options.lang)
    session = NewSession(project, terminal, options.lang, options.output, dry=options.dry_run)
    return session.run()
