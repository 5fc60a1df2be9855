"""The command ``coverage``: a text, and how much of it is modelled."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from onehealthkg.commands.options import add_language, given, load_graph
from onehealthkg.commands.values import offer, sources

EXAMPLES = ("coverage 2020-02-05-anses-inserm",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    source = parser.add_argument("source", metavar="SOURCE", help="name of a text in data/sources/")
    offer(source, sources)
    parser.add_argument(
        "--html", metavar="FILE", type=given, help="write a page for the browser instead"
    )
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the text passage by passage, or write it as a page."""
    coverage = load_graph(options).coverage(options.source)
    if options.html:
        from onehealthkg.files import write_atomic
        from onehealthkg.pages.coverage import page

        write_atomic(Path(options.html), page(coverage, options.lang).encode())
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(coverage.text(colour))
    return 0
