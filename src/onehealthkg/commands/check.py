"""The command ``check``: find errors in the data."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from onehealthkg.checks.formats import FORMATS, as_table
from onehealthkg.commands.options import (
    add_format,
    add_jobs,
    add_quiet,
    add_scheduler,
    given,
    progress_for,
    project_of,
    reader_of,
    say,
)
from onehealthkg.paths import Project
from onehealthkg.shipped import SUMS, is_compared

EXAMPLES = (
    "check --format junit",
    "check --full --jobs 2",
    "check --project my/project --strict",
    "check --shacl pyshacl",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "files",
        metavar="FILE",
        type=given,
        nargs="*",
        help="RDF file to read in addition to the project's; with files, only they are checked",
    )
    add_format(parser, FORMATS, "table", "; turtle is a SHACL report")
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")
    parser.add_argument(
        "--verbose", action="store_true", help="in a table, show every finding of every check"
    )
    parser.add_argument(
        "--shacl",
        choices=("fast", "pyshacl"),
        default="fast",
        help="validator of the shapes: fast uses the package shacl for shapes on which it agrees "
        "with pyshacl; pyshacl alone takes longer (default: fast)",
    )
    parser.add_argument(
        "--full", action="store_true", help="check all again, not only what has changed"
    )
    add_jobs(parser)
    add_scheduler(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings; the exit code is 1 if any of them is severe enough."""
    from onehealthkg.checks.findings import VIOLATION, WARNING
    from onehealthkg.checks.parts import check_project
    from onehealthkg.dataset.dataset import read_dataset

    files = [Path(name) for name in options.files]
    project = project_of(options)
    with reader_of(options) as each:
        findings = check_project(
            project,
            files,
            known=options.shacl == "fast",
            full=options.full or options.fresh,
            jobs=each if options.scheduler else options.jobs,
            whole=partial(read_dataset, project, files, each),
            remark=partial(say, options),
            progress=progress_for(options),
        )
    say(options, f"checked: {_named(project, files)}")
    if not options.quiet:
        is_whole = options.verbose and options.format == "table"
        print((as_table if is_whole else FORMATS[options.format])(findings))
    failing = (VIOLATION, WARNING) if options.strict else (VIOLATION,)
    return int(any(finding.severity in failing for finding in findings))


def _named(project: Project, files: list[Path]) -> str:
    """The checked files or project, in words."""
    name = " ".join(project.name.split())  # a folder may have any name
    if files:
        return f"{', '.join(map(str, files))} in {name}"
    records, texts = len(project.records), len(project.texts)
    kept = "" if is_compared(project) else f" (without {SUMS}, so not compared with the package)"
    return f"{name}{kept}, {records} records and {texts} archived text{'s' * (texts != 1)}"
