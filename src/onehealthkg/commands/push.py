"""The command ``push``: upload the graph to another RDF store.

A user name and password come from the environment or ``~/.netrc``, see ``endpoints.credentials``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from onehealthkg.commands.options import add_quiet, given, project_of, say
from onehealthkg.commands.remote import add_timeout, notice

if TYPE_CHECKING:
    from onehealthkg.endpoints.client import Client
    from onehealthkg.endpoints.graphs import PushedGraph
    from onehealthkg.endpoints.writers import Writer

EXAMPLES = (
    "push http://localhost:7878/query --update http://localhost:7878/update",
    "push http://localhost:8890/sparql --graph-store http://localhost:8890/sparql-graph-crud-auth",
    "push http://localhost:8890/sparql --dry-run",
)

_LEDGER = 1 << 29  # bytes of an answer: a ledger has 200 for each graph
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
        "--take-over",
        action="store_true",
        help="push although another push has marked the store; for one that was stopped elsewhere",
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
    from onehealthkg.endpoints.graphs import graphs_of

    _check_addresses(options)
    client = Client(
        None, timeout=options.timeout, notice=notice, logins=login_for, max_bytes=_LEDGER
    )
    with graphs_of(partial(_read, options)) as graphs:
        return _pushed(client, options, graphs)


def _pushed(client: Client, options: argparse.Namespace, graphs: Sequence[PushedGraph]) -> int:
    from onehealthkg.endpoints.push import differences, plan

    planned = plan(client, options.endpoint, graphs, replace=options.replace)
    print(planned.text + ("; nothing is done" if options.dry_run else ""))
    if options.dry_run:
        print(*planned.lines, sep="\n")
        return 0
    removed = planned.removed
    if planned.changed or removed:
        del planned  # its ledger takes as much memory as the one that is read next
        removed = _carried_out(client, options, graphs)
    wrong = differences(client, options.endpoint, graphs, removed)
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


def _carried_out(
    client: Client, options: argparse.Namespace, graphs: Sequence[PushedGraph]
) -> list[str]:
    """Push, while no other push does, by a plan that is made once the store is claimed.

    Returns the names of the graphs that were removed.
    """
    from onehealthkg.endpoints.claim import claimed
    from onehealthkg.endpoints.ledger import Ledger
    from onehealthkg.endpoints.push import plan, push
    from onehealthkg.endpoints.writers import ByGraphStore, ByUpdate

    def writer(known: Ledger) -> Writer:
        if options.graph_store:
            return ByGraphStore(client, options.graph_store, known)
        return ByUpdate(client, options.update or options.endpoint, known)

    claimant = writer(Ledger(set(), {}))
    with claimed(client, options.endpoint, claimant, take_over=options.take_over):
        planned = plan(client, options.endpoint, graphs, replace=options.replace)
        push(writer(planned.ledger), planned, _progress(options, len(planned.changed)))
    return planned.removed


def _check_addresses(options: argparse.Namespace) -> None:
    from onehealthkg.endpoints.transport import check_address

    for address in (options.endpoint, options.update, options.graph_store):
        if address is not None:
            check_address(address)


def _read(options: argparse.Namespace, add: Callable[[str], None]) -> None:
    """Call ``add`` with the lines of N-Quads to push, some at a time."""
    if not options.file:
        from onehealthkg.exports.build import read_checked

        read_checked(project_of(options), add)
        return
    from onehealthkg.rdf.large import read_in_parts

    for quads in read_in_parts(Path(options.file)):
        add("".join(f"{quad} .\n" for quad in quads))


def _progress(options: argparse.Namespace, total: int) -> Callable[[int], None]:
    """A function that prints the number of graphs sent, some seconds apart."""
    last = monotonic()

    def progress(sent: int) -> None:
        nonlocal last
        if monotonic() - last > _OFTEN:
            last = monotonic()
            say(options, f"{sent} of {total} graphs are sent.")

    return progress
