"""The command ``links``: the links of things, their coverage, and unlinked things."""

from __future__ import annotations

import argparse
import csv
import io
import json
from typing import TYPE_CHECKING

from onehealthkg.commands.options import add_format, add_language, terminal_width
from onehealthkg.commands.values import offer, things
from onehealthkg.errors import UsageError

if TYPE_CHECKING:
    from onehealthkg.mappings.table import LinkTable

FORMATS = ("table", "json", "csv")

EXAMPLES = ("links zoonoses", "links --coverage", "links --unlinked --format csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    thing = parser.add_argument(
        "thing", metavar="THING", nargs="?", help="label, IRI, id:... or local name"
    )
    offer(thing, things("thing"))
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="count the things of each kind that are linked, by vocabulary",
    )
    parser.add_argument("--unlinked", action="store_true", help="list the things without a link")
    add_language(parser)
    add_format(parser, FORMATS, "table")


def run(options: argparse.Namespace) -> int:
    """Print the requested table."""
    chosen = [options.thing is not None, options.coverage, options.unlinked]
    if sum(chosen) > 1:
        raise UsageError("links: pass only one of THING, --coverage and --unlinked.")
    print(_written(_table(options), options.format))
    return 0


def _table(options: argparse.Namespace) -> LinkTable:
    from onehealthkg.graph import load
    from onehealthkg.labels import find
    from onehealthkg.mappings.graph import project_mappings
    from onehealthkg.mappings.table import coverage, links, unlinked

    graph = load(options.project, options.lang)
    mappings = project_mappings(graph.project)
    if options.coverage:
        return coverage(graph.store, mappings)
    if options.unlinked:
        return unlinked(graph.store, mappings, options.lang)
    thing = find(graph.store, options.thing) if options.thing is not None else None
    return links(mappings, thing)


def _written(table: LinkTable, form: str) -> str:
    """The table as text, without the last line end."""
    if form == "json":
        records = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        return json.dumps(records, ensure_ascii=False, indent=2)
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([table.columns, *table.rows])
        return out.getvalue().rstrip("\n")
    from onehealthkg.queries.tables import as_text

    return as_text(table.columns, table.rows, terminal_width())
