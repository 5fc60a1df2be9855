"""The command ``coverage``: a text, and what of it is modelled."""

from __future__ import annotations

import os
import sys

from onehealthkg.commands.options import given, language, load_graph

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the command of this module to a parser's; ``command`` makes one."""
    one = command(
        commands,
        "coverage",
        _coverage,
        "an archived text, and what of it is modelled",
        "onehealthkg coverage 2020-02-05-anses-inserm",
    )
    one.add_argument("source", metavar="SOURCE", help="name of a text in data/sources/")
    one.add_argument(
        "--html", metavar="FILE", type=given, help="write a page for the browser instead"
    )
    language(one)


def _coverage(options: argparse.Namespace) -> int:
    coverage = load_graph(options).coverage(options.source)
    if options.html:
        from pathlib import Path

        from onehealthkg.files import write_atomic
        from onehealthkg.pages.coverage import page

        write_atomic(Path(options.html), page(coverage, options.lang).encode())
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(coverage.text(colour))
    return 0
