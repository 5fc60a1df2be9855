"""The command ``report``: the graph as a site, to be read without a server."""

from __future__ import annotations

from onehealthkg.commands.options import given, language

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Command = Callable[..., argparse.ArgumentParser]

_MADE = "SHA256SUMS"  # the file by which the command knows a folder that it made


def add(commands: object, command: Command) -> None:
    """Add the command of this module to a parser's; ``command`` makes one."""
    one = command(
        commands,
        "report",
        _report,
        "write a site about all partnerships, to be read without a server",
        "onehealthkg report -o build/report",
    )
    one.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        required=True,
        type=given,
        help="folder to write; one that this command wrote is replaced, no other",
    )
    language(one)


def _report(options: argparse.Namespace) -> int:
    from pathlib import Path

    from onehealthkg.dataset.selection import select
    from onehealthkg.files import write_folder
    from onehealthkg.pages.site import site
    from onehealthkg.paths import Project, bundled

    project = Project(options.project) if options.project else bundled()
    files = site(select(project, language=options.lang))
    write_folder(Path(options.output), files, _MADE)
    print(f"{len(files)} pages; open {Path(options.output, 'index.html')}")
    return 0
