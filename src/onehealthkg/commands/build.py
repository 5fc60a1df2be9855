"""The command ``build``: check the data, derive the inferences and write the graph."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehealthkg.commands.options import (
    add_jobs,
    add_quiet,
    add_scheduler,
    given,
    progress_for,
    project_of,
    reader_of,
)

EXAMPLES = ("build -o build",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=given,
        default="build",
        help="folder for onehealthkg.trig and onehealthkg.nq (default: build)",
    )
    add_jobs(parser)
    add_scheduler(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Build the graph and print its counts."""
    from onehealthkg.exports.build import build

    with reader_of(options) as each:
        built = build(
            project_of(options), Path(options.output), each, options.jobs, progress_for(options)
        )
    if not options.quiet:
        print(built.text)
    return 0
