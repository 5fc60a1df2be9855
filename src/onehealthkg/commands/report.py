"""The command ``report``: the graph as a website that works without a server."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from onehealthkg.commands.options import add_language, add_quiet, given, project_of

EXAMPLES = ("report -o build/report", "report -o rapport --lang fr")

_MADE = "SHA256SUMS"  # the file that marks a folder made by this command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        required=True,
        type=given,
        help="folder to write; only a folder written by this command is replaced",
    )
    add_language(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Write the site and print the path of its first page."""
    from onehealthkg.evidence.selection import select
    from onehealthkg.files import write_folder
    from onehealthkg.pages.site import site

    gc.disable()  # the data is kept to the end, and looking for garbage in it takes long
    files = site(select(project_of(options), language=options.lang))
    write_folder(Path(options.output), files, _MADE)
    if not options.quiet:
        print(f"{len(files)} pages; open {Path(options.output, 'index.html')}")
    return 0
