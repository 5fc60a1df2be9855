"""The command ``report``: the graph as a website that works without a server."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from onehealthkg import limits
from onehealthkg.commands.options import (
    add_language,
    add_quiet,
    given,
    progress_for,
    project_of,
    say,
)

EXAMPLES = ("report -o build/report", "report -o rapport --lang fr")

MOST_FILES = 1500
"""The number of records and texts from which a report has the overviews only."""

_MADE = "SHA256SUMS"  # the file that marks a folder made by this command
_OVERVIEWS = (
    f"These are the overviews only, because the project has more than {MOST_FILES:,} records and "
    "texts. onehealthkg serve also shows the page of each agreement, organisation, topic, person "
    "and text; report --all writes them."
)


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
    parser.add_argument(
        "--all",
        action="store_true",
        help="write a page for each thing even if the project is large; without it, the report of "
        f"a project of more than {MOST_FILES:,} records and texts has the overviews only",
    )
    add_language(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Write the site and print the path of its first page."""
    from onehealthkg.evidence.selection import select, select_cached
    from onehealthkg.files import write_folder
    from onehealthkg.pages.site import site
    from onehealthkg.pages.world import World

    gc.disable()  # the data is kept to the end, and looking for garbage in it takes long
    project = project_of(options)
    files = len(project.records) + len(project.texts)
    is_large = files > MOST_FILES
    limits.allow_for(files)
    limits.at(options.output)
    selection = (select_cached if is_large else select)(project, language=options.lang)
    world = World(selection, overviews=is_large and not options.all)
    count = write_folder(Path(options.output), site(world, progress_for(options)), _MADE)
    if not options.quiet:
        print(f"{count} pages; open {Path(options.output, 'index.html')}")
    if world.overviews:
        say(options, _OVERVIEWS)
    return 0
