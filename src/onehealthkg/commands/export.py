"""The command ``export``: write the graph, or a part of it, in another format."""

from __future__ import annotations

import argparse
from functools import partial

from onehealthkg.commands.options import add_language, add_output, project_of, write
from onehealthkg.commands.values import offer, things
from onehealthkg.errors import UsageError
from onehealthkg.evidence.selection import LEFT_OUT, select, select_cached
from onehealthkg.exports.export import FORMATS, export, format_of
from onehealthkg.exports.in_parts import export_in_parts, refuse_too_large

EXAMPLES = (
    "export -o onehealthkg.jsonld",
    "export --only ANSES --without evidence --format turtle",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_output(parser)
    parser.add_argument(
        "-f",
        "--format",
        metavar="FORMAT",
        choices=FORMATS,
        help=f"one of {', '.join(FORMATS)} (default: by the ending of FILE)",
    )
    only = parser.add_argument(
        "--only", metavar="THING", default="", help="only statements about this thing or source"
    )
    offer(only, things("thing"))
    parser.add_argument(
        "--without",
        metavar="PART",
        choices=LEFT_OUT,
        action="append",
        default=[],
        help=f"leave out {', '.join(LEFT_OUT[:-1])} or {LEFT_OUT[-1]}; may be repeated",
    )
    add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Write the export."""
    if options.output == "-" and not options.format:
        raise UsageError("name a file with -o, or the format with --format, such as turtle.")
    name = options.format or format_of(options.output)
    project = project_of(options)
    is_whole = not (options.only or options.without)
    if is_whole and export_in_parts(project, name, partial(write, options.output)):
        return 0
    if name == "html" and not options.without:  # the graph may stay on disk
        from onehealthkg.pages.site import alone
        from onehealthkg.pages.world import World

        write(options.output, alone(World(select_cached(project, options.lang)), options.only))
        return 0
    refuse_too_large(project, name, is_part=not is_whole)
    selection = select(project, options.only, options.without, options.lang)
    write(options.output, export(selection, name))
    return 0
