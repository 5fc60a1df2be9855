"""The command ``links``: the links of things, how many have some, and which have none."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from onehealthkg.errors import UsageError

if TYPE_CHECKING:
    from onehealthkg.mappings.table import Table

FORMATS = ("table", "json", "csv")

Command = Callable[..., argparse.ArgumentParser]


def add(commands: object, command: Command) -> None:
    """Add the command to a parser's ``commands``; ``command`` makes the parser of one."""
    one = command(
        commands,
        "links",
        _links,
        "the counterparts of things in other vocabularies and registers, each with its reason",
        "onehealthkg links zoonoses\n"
        "  onehealthkg links --coverage\n"
        "  onehealthkg links --unlinked --format csv",
    )
    one.add_argument("thing", metavar="THING", nargs="?", help="label, IRI, id:... or local name")
    one.add_argument(
        "--coverage", action="store_true", help="how many things of each kind lead where"
    )
    one.add_argument("--unlinked", action="store_true", help="the things that lead nowhere")
    one.add_argument("--lang", choices=("en", "fr"), default="en", help="of the labels")
    one.add_argument("--format", choices=FORMATS, default="table")


def _links(options: argparse.Namespace) -> int:
    chosen = [options.thing is not None, options.coverage, options.unlinked]
    if sum(chosen) > 1:
        raise UsageError("links: name a THING, or take --coverage or --unlinked, one of the three.")
    print(_written(_table(options), options.format))
    return 0


def _table(options: argparse.Namespace) -> Table:
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


def _written(table: Table, form: str) -> str:
    """The table as text, without the last line end."""
    if form == "json":
        records = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        return json.dumps(records, ensure_ascii=False, indent=2)
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([table.columns, *table.rows])
        return out.getvalue().rstrip("\n")
    from pyoxigraph import Literal

    from onehealthkg.queries.tables import as_text

    rows = [[Literal(cell) for cell in row] for row in table.rows]
    return as_text(table.columns, rows, 120)
