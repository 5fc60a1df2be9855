"""The command ``init``: create a project, or bring it up to date with the package."""

from __future__ import annotations

import argparse
from pathlib import Path
from shlex import quote

from onehealthkg.commands.options import add_quiet, given

EXAMPLES = ("init my-project", "init my-project --update")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", metavar="DIR", type=given, help="folder of the project")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--with-data",
        action="store_true",
        help="also copy the bundled partnerships and archived texts",
    )
    choice.add_argument(
        "--update",
        action="store_true",
        help="replace unchanged files of an earlier version of the package",
    )
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Write the folder, and print the next step, or the replaced and the skipped files."""
    from onehealthkg.editing.own_project import create, update
    from onehealthkg.errors import UsageError
    from onehealthkg.paths import nearest

    folder = Path(options.folder)
    if options.update:
        project = nearest(folder)
        if project is None:
            raise UsageError(f"init: {folder} is not a project; omit --update to create one.")
        replaced, skipped = update(project)
        lines = [
            *(f"replaced  {name}" for name in replaced),
            *(f"skipped   {name}" for name in skipped),
        ]
        message = "\n".join(lines) or "Everything is as in the package."
    else:
        create(folder, with_data=options.with_data)
        message = f"{folder}: created; check it with onehealthkg check -p {quote(str(folder))}"
    if not options.quiet:
        print(message)
    return 0
