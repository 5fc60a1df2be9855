"""The work of the workers that evaluate untrusted queries.

Each kind of work takes a request and returns the reply. The project is read once, in the template
process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import DefaultGraph, NamedNode, Store

from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import OneHealthKGError, UnknownThing
from onehealthkg.paths import Project
from onehealthkg.serving import description, documents, sparql
from onehealthkg.serving.reply import Reply, Request, text
from onehealthkg.serving.workers import Work
from onehealthkg.serving.writing import negotiated
from onehealthkg.terms import merge

Task = Callable[[Request], Reply]


def endpoint(project: Project, most: int) -> Work:
    """The work of workers that evaluate queries; an answer has at most ``most`` bytes."""
    store = merge(load_store(project))
    tasks: dict[str, Task] = {
        "query": lambda request: sparql.answer(store, request, most),
        "graph": lambda request: _graph(store, request),
        "service": lambda request: negotiated(
            description.service(url(request), store), accept(request)
        ),
        "examples": lambda request: negotiated(
            description.examples(url(request), store, project), accept(request)
        ),
        "archived": lambda request: documents.archived(project, str(request["path"])),
        "document": lambda request: documents.data(
            store, project, str(request["path"]), str(request["ending"])
        ),
    }
    return worker(tasks)


def worker(tasks: Mapping[str, Task]) -> Work:
    """The work of a worker with these kinds of tasks; errors become replies."""

    def work(request: Request) -> Reply:
        try:
            return tasks[str(request["task"])](request)
        except UnknownThing as error:
            return text(404, str(error))
        except OneHealthKGError as error:
            return text(400, str(error))

    return work


def accept(request: Request) -> str:
    """The Accept header of a request."""
    return str(request.get("accept", ""))


def url(request: Request) -> str:
    """The address of the endpoint, as the client sees it."""
    return str(request["endpoint"])


def _graph(store: Store, request: Request) -> Reply:
    """A graph by the Graph Store Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/."""
    name = str(request["graph"])
    graph = sparql.iri(name) if name else DefaultGraph()
    if isinstance(graph, NamedNode) and not store.contains_named_graph(graph):
        return text(404, f"There is no graph <{name}>.")
    quads = store.quads_for_pattern(None, None, None, graph)
    return negotiated([quad.triple for quad in quads], accept(request))
