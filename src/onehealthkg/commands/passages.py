"""The command ``passages``: cut a text into passages, ready to be modelled."""

from __future__ import annotations

import argparse
from pathlib import Path

from onehealthkg.commands.options import add_quiet, given
from onehealthkg.sources.passages import passages

EXAMPLES = ("passages data/sources/2020-02-05-anses-inserm.txt",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "text",
        metavar="TEXT.txt",
        type=given,
        help="archived text, data/sources/<date>-<words>.txt",
    )
    parser.add_argument(
        "--language", choices=("en", "fr"), help="language of the text (default: guessed)"
    )
    parser.add_argument("--address", metavar="URL", help="address at which the text was published")
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Write the files of the passages, and print which are new, changed or gone."""
    done = passages(Path(options.text), options.language, options.address)
    if options.quiet:
        return 0
    print(f"{done.total} passages: {done.passages_file}, {done.statements_file}")
    for words, names in (
        ("new", done.new),
        ("changed, read their statements again", done.changed),
        ("gone from the text, move their statements", done.gone),
    ):
        if names:
            some = ", ".join(names[:20]) + (" ..." if len(names) > 20 else "")
            print(f"{words} ({len(names)}): {some}")
    return 0
