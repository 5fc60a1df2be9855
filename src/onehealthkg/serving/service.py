"""The kinds of work that workers do: each takes a request and gives the reply.

``endpoint`` is the work of the workers that evaluate the queries of strangers, ``site`` that of the
workers that render pages. Each reads the project once, in the template process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, serialize

from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.selection import select
from onehealthkg.errors import OneHealthKGError, UnknownThing
from onehealthkg.exports.catalogue import describe
from onehealthkg.names import HOME, PREFIXES
from onehealthkg.pages.site import page
from onehealthkg.pages.world import World
from onehealthkg.paths import Project
from onehealthkg.queries.results import GRAPHS as RDF_FORMATS
from onehealthkg.rdf.rdf_xml import rdf_xml
from onehealthkg.serving import description, sparql
from onehealthkg.serving.negotiation import DATASETS, GRAPHS, accepted
from onehealthkg.serving.reply import Reply, Request, text
from onehealthkg.serving.workers import Work
from onehealthkg.terms import merge

LANGUAGES = ("en", "fr")

_TRIPLES = {".ttl": "turtle", ".nt": "ntriples", ".jsonld": "json-ld", ".rdf": "rdfxml"}
_QUADS = {".trig": "trig", ".nq": "nquads"}
ENDINGS = ((".html", "html"), *_TRIPLES.items(), *_QUADS.items())

Task = Callable[[Request], Reply]


def endpoint(project: Project, most: int) -> Work:
    """The work of those that evaluate queries; an answer has at most ``most`` bytes."""
    store = merge(load_store(project))
    tasks: dict[str, Task] = {
        "query": lambda request: sparql.answer(store, request, most),
        "graph": lambda request: _graph(store, request),
        "service": lambda request: _described(description.service(_url(request), store), request),
        "examples": lambda request: _described(
            description.examples(_url(request), store, project), request
        ),
        "thing": lambda request: _thing(store, request),
    }
    return _worker(tasks)


def site(project: Project) -> Work:
    """The work of those that render pages."""
    worlds = {language: World(select(project, language=language)) for language in LANGUAGES}

    def render(request: Request) -> Reply:
        world = worlds[str(request["language"])]
        body = page(world, str(request["address"]))
        return Reply(200, {"content-type": "text/html; charset=utf-8"}, body)

    def thing(request: Request) -> Reply:
        found = NamedNode(HOME + str(request["path"]))
        address = worlds[LANGUAGES[0]].addresses.get(found)
        if not address:
            raise UnknownThing(f"There is no page about <{found.value}>.")
        return Reply(303, {"location": address, "cache-control": "no-store"}, b"")

    def void(request: Request) -> Reply:
        triples = [quad.triple for quad in describe(worlds["en"].facts.selection)]
        return _described([*triples, *description.dataset(_url(request))], request)

    for world in worlds.values():
        page(world, "index.html")  # what pages share is made before workers are forked
    return _worker({"page": render, "thing": thing, "void": void})


def _worker(tasks: Mapping[str, Task]) -> Work:
    def work(request: Request) -> Reply:
        try:
            return tasks[str(request["task"])](request)
        except UnknownThing as error:
            return text(404, str(error))
        except OneHealthKGError as error:
            return text(400, str(error))

    return work


def _url(request: Request) -> str:
    return str(request["endpoint"])


def _described(triples: Iterable[Triple], request: Request) -> Reply:
    """Triples in the form of RDF that the client likes best."""
    form = accepted(str(request.get("accept", "")), list(GRAPHS), GRAPHS)
    if form is None:
        return text(406, f"This is available as {', '.join(GRAPHS.values())}.")
    return _written(sorted(set(triples), key=str), form)


def _written(triples: Iterable[Triple], form: str) -> Reply:
    headers = {"content-type": sparql.media_type(form)}
    if form == "rdfxml":
        return Reply(200, headers, rdf_xml(triples))
    body = serialize(triples, format=RDF_FORMATS[form], prefixes=description.prefixes())
    return Reply(200, headers, body or b"")


def _graph(store: Store, request: Request) -> Reply:
    """One graph, as the Graph Store Protocol has it: https://www.w3.org/TR/sparql11-http-rdf-update/."""
    name = str(request["graph"])
    graph = NamedNode(name) if name else DefaultGraph()
    if name and not store.contains_named_graph(NamedNode(name)):
        return text(404, f"There is no graph <{name}>.")
    quads = store.quads_for_pattern(None, None, None, graph)
    return _described([quad.triple for quad in quads], request)


def _thing(store: Store, request: Request) -> Reply:
    """What is said of a thing, with the graphs that say it where the form has graphs."""
    iri, ending = NamedNode(HOME + str(request["path"])), str(request["ending"])
    quads = [*store.quads_for_pattern(iri, None, None)]
    if not quads:
        return text(404, f"Nothing is said of <{iri.value}>.")
    if ending in _QUADS:
        named = sorted((q for q in quads if q.graph_name != DefaultGraph()), key=str)
        form = _QUADS[ending]
        body = serialize(named, format=_format(form), prefixes=PREFIXES) or b""
        return Reply(200, {"content-type": DATASETS[form]}, body)
    return _written(sorted({quad.triple for quad in quads}, key=str), _TRIPLES[ending])


def _format(form: str) -> RdfFormat:
    return RDF_FORMATS[form]
