"""The command ``push``: upload the graph to another RDF store.

A user name and password come from the environment or ``~/.netrc``, see ``endpoints.credentials``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic

from pyoxigraph import Quad

from onehealthkg.commands.options import add_quiet, given, project_of, say
from onehealthkg.commands.remote import add_timeout, notice
from onehealthkg.errors import UsageError

EXAMPLES = (
    "push http://localhost:7878/query --update http://localhost:7878/update",
    "push http://localhost:8890/sparql --graph-store http://localhost:8890/sparql-graph-crud-auth",
    "push http://localhost:8890/sparql --dry-run",
)

_OFTEN = 5.0  # seconds between two lines of progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "endpoint",
        metavar="ENDPOINT",
        help="address at which the store answers queries (http or https)",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--update",
        metavar="URL",
        help="write by SPARQL Update at this address (default: at ENDPOINT, as in Neptune "
        "and QLever; Oxigraph and Fuseki have another address)",
    )
    how.add_argument(
        "--graph-store",
        metavar="URL",
        help="write by the Graph Store protocol at this address, a request for each graph; for "
        "Virtuoso, whose updates reject durations, and for stores without SPARQL Update",
    )
    parser.add_argument(
        "--file",
        metavar="FILE.nq",
        type=given,
        help="the graph as written by build (default: read and check the project)",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="send all graphs, including unchanged ones, and replace graphs of the same name",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print the differences without changing anything",
    )
    add_timeout(parser)
    add_quiet(parser)


def run(options: argparse.Namespace) -> int:
    """Send what differs, compare the counts, and print both."""
    from onehealthkg.endpoints.client import Client
    from onehealthkg.endpoints.credentials import login_for
    from onehealthkg.endpoints.ledger import graphs_of
    from onehealthkg.endpoints.push import differences, plan, push
    from onehealthkg.endpoints.writers import ByGraphStore, ByUpdate

    _check_addresses(options)
    client = Client(None, timeout=options.timeout, notice=notice, logins=login_for)
    graphs = graphs_of(_quads(options))
    planned = plan(client, options.endpoint, graphs, replace=options.replace)
    print(planned.text + ("; nothing is done" if options.dry_run else ""))
    if options.dry_run:
        print(*planned.lines, sep="\n")
        return 0
    writer = (
        ByGraphStore(client, options.graph_store, planned.ledger)
        if options.graph_store
        else ByUpdate(client, options.update or options.endpoint, planned.ledger)
    )
    push(writer, planned, _progress(options, len(planned.changed)))
    wrong = differences(client, options.endpoint, graphs, planned.removed)
    for difference in wrong:
        print(
            f"{difference.iri}: {difference.here} statements here, {difference.there} there",
            file=sys.stderr,
        )
    if wrong:
        print(
            f"{len(wrong)} of {len(graphs)} graphs differ; push again with --replace.",
            file=sys.stderr,
        )
        return 1
    print(f"Each of the {len(graphs)} graphs has as many statements there as here.")
    return 0


def _check_addresses(options: argparse.Namespace) -> None:
    from onehealthkg.endpoints.transport import address_problem

    for address in (options.endpoint, options.update, options.graph_store):
        if address is not None and (problem := address_problem(address)):
            raise UsageError(f"{address}: {problem}")


def _quads(options: argparse.Namespace) -> Iterable[Quad]:
    if options.file:
        from onehealthkg.rdf.read_write import read_quads

        return read_quads(Path(options.file))
    from onehealthkg.exports.build import checked

    dataset, _ = checked(project_of(options))
    return dataset.quads


def _progress(options: argparse.Namespace, total: int) -> Callable[[int], None]:
    """A function that prints the number of graphs sent, some seconds apart."""
    last = monotonic()

    def progress(sent: int) -> None:
        nonlocal last
        if monotonic() - last > _OFTEN:
            last = monotonic()
            say(options, f"{sent} of {total} graphs are sent.")

    return progress
