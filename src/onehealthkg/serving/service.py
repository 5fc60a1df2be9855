"""The work of the workers that evaluate untrusted queries.

Each kind of work takes a job and returns the reply. The project is read once, in the template
process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import DefaultGraph, NamedNode, Store

from onehealthkg.dataset.cache import load_store
from onehealthkg.errors import OneHealthKGError, UnknownThing
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.serving import description, documents, sparql
from onehealthkg.serving.reply import Job, Reply, Work, text
from onehealthkg.terms import merge

Task = Callable[[Job], Reply]


def endpoint(project: Project, most: int) -> Work:
    """The work of workers that evaluate queries; an answer has at most ``most`` bytes."""
    store, shapes = merge(load_store(project)), read_quads(project.shapes_file)
    tasks: dict[str, Task] = {
        "query": lambda job: sparql.answer(store, job, most),
        "graph": lambda job: _graph(store, job),
        "service": lambda job: sparql.negotiated(description.service(url(job), store), accept(job)),
        "examples": lambda job: sparql.negotiated(
            description.examples(url(job), store, project), accept(job)
        ),
        "archived": lambda job: documents.archived(project, str(job["path"])),
        "document": lambda job: documents.data(store, shapes, str(job["path"]), str(job["ending"])),
    }
    return worker(tasks)


def worker(tasks: Mapping[str, Task]) -> Work:
    """The work of a worker with these kinds of tasks; errors become replies."""

    def work(job: Job) -> Reply:
        try:
            reply = tasks[str(job["task"])](job)
        except UnknownThing as error:
            return text(404, str(error))
        except OneHealthKGError as error:
            return text(400, str(error))
        return reply.compressed() if job["packs"] and reply.status == 200 else reply

    return work


def accept(job: Job) -> str:
    """The Accept header of a job."""
    return str(job.get("accept", ""))


def url(job: Job) -> str:
    """The address of the endpoint, as the client sees it."""
    return str(job["endpoint"])


def _graph(store: Store, job: Job) -> Reply:
    """A graph by the Graph Store Protocol: https://www.w3.org/TR/sparql11-http-rdf-update/."""
    name = str(job["graph"])
    graph = sparql.iri(name) if name else DefaultGraph()
    if isinstance(graph, NamedNode) and not store.contains_named_graph(graph):
        return text(404, f"There is no graph <{name}>.")
    quads = store.quads_for_pattern(None, None, None, graph)
    return sparql.negotiated([quad.triple for quad in quads], accept(job))
