"""The command ``convert``: write an RDF file in another format."""

from __future__ import annotations

import argparse

from onehealthkg.commands.options import add_quiet, say, write
from onehealthkg.exports.convert import convert, ending_of, read

EXAMPLES = (
    "convert build/onehealthkg.trig onehealthkg.jsonld",
    "convert build/onehealthkg.trig - --to ttl --merge",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("source", metavar="IN", help="RDF file, - for standard input")
    parser.add_argument("target", metavar="OUT", help="file to write, - for standard output")
    parser.add_argument(
        "--from",
        dest="source_ending",
        metavar="ENDING",
        default="",
        help="format of IN, such as ttl (default: by its name)",
    )
    parser.add_argument(
        "--to",
        dest="target_ending",
        metavar="ENDING",
        default="",
        help="format of OUT, such as trig (default: by its name)",
    )
    parser.add_argument("--merge", action="store_true", help="drop the named graphs")
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Convert the file."""
    ending = ending_of(options.target, options.target_ending)
    done = convert(read(options.source, options.source_ending), ending, merge=options.merge)
    write(options.target, done.data)
    if done.lost_graphs:
        say(
            options,
            f"{done.lost_graphs} named graphs were merged: the output does not record the graph "
            f"of a statement ({done.statements} statements).",
        )
    return 0
