"""The command ``diff``: the statements added and removed between two RDF files."""

from __future__ import annotations

import argparse
import json

from onehealthkg.commands.options import add_format, add_language
from onehealthkg.exports.convert import read
from onehealthkg.exports.diff import as_data, as_patch, as_text, diff

EXAMPLES = ("diff before.trig after.trig",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("before", metavar="A", help="RDF file")
    parser.add_argument("after", metavar="B", help="RDF file; - for standard input, with --from")
    parser.add_argument(
        "--from",
        dest="source_ending",
        metavar="ENDING",
        default="",
        help="format of standard input, such as ttl",
    )
    add_format(parser, ("text", "json", "patch"), "text")
    parser.add_argument("--merge", action="store_true", help="ignore the named graphs")
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Print the differences; the exit code is 1 if there are any."""
    after = read(options.after, options.source_ending if options.after == "-" else "")
    difference = diff(read(options.before), after, merge=options.merge)
    if options.format == "json":
        print(json.dumps(as_data(difference), ensure_ascii=False, indent=2))
    elif options.format == "patch":
        print(as_patch(difference), end="")
    else:
        print(as_text(difference, options.lang))
    return int(bool(difference))
