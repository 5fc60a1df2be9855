"""The kinds of work that workers do: each takes a request and gives the reply.

``endpoint`` is the work of the workers that evaluate the queries of strangers, ``site`` that of the
workers that render pages. Each reads the project once, in the template process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, serialize

from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.selection import select
from onehealthkg.errors import OneHealthKGError, UnknownThing, UsageError
from onehealthkg.exports.catalogue import describe
from onehealthkg.names import HOME, PREFIXES
from onehealthkg.pages.asking import (
    answer_file,
    editor_page,
    question_page,
    questions_page,
    term_names,
)
from onehealthkg.pages.finding import Index, results_page
from onehealthkg.pages.site import page
from onehealthkg.pages.view import View
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

FILES = {
    "csv": sparql.media_type("csv"),
    "json": sparql.media_type("json"),
    "tsv": sparql.media_type("tsv"),
    "xml": sparql.media_type("xml"),
    "markdown": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The forms in which the answer to a question can be had, and their media types."""

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
    pages = Pages(project)
    return _worker(
        {"page": pages.page, "asking": pages.asking, "thing": pages.thing, "void": pages.void}
    )


class Pages:
    """The pages of a project in all languages; what they share is made before the workers are."""

    def __init__(self, project: Project) -> None:
        self._worlds = {
            language: World(select(project, language=language), served=True)
            for language in LANGUAGES
        }
        self._indexes = {language: Index(world) for language, world in self._worlds.items()}
        for world in self._worlds.values():
            page(world, "index.html")

    def page(self, request: Request) -> Reply:
        """A page at its address."""
        world = self._worlds[str(request["language"])]
        return _html(page(world, str(request["address"])).decode())

    def asking(self, request: Request) -> Reply:
        """A page, or a file, that is made from what was written into a form."""
        language, address = str(request["language"]), str(request["address"])
        view, given = View(self._worlds[language], address), _given(request)
        if address == "search":
            sought = "".join(given.get("q", ())[:1])
            return _html(results_page(view, self._indexes[language], sought))
        if address == "sparql":
            return _html(editor_page(view, given))
        if address == "terms.json":
            names = json.dumps(term_names(view)).encode()
            return Reply(200, {"content-type": "application/json"}, names)
        if address == "questions":
            return _html(questions_page(view))
        name, forms = address.removeprefix("questions/"), given.get("format")
        return (
            _file(view, name, given, forms[0]) if forms else _html(question_page(view, name, given))
        )

    def thing(self, request: Request) -> Reply:
        """A thing as a page: 303 to where that is."""
        found = NamedNode(HOME + str(request["path"]))
        address = self._worlds[LANGUAGES[0]].addresses.get(found)
        if not address:
            raise UnknownThing(f"There is no page about <{found.value}>.")
        return Reply(303, {"location": f"../{address}", "cache-control": "no-store"}, b"")

    def void(self, request: Request) -> Reply:
        """What the data set is."""
        triples = [quad.triple for quad in describe(self._worlds["en"].facts.selection)]
        return _described([*triples, *description.dataset(_url(request))], request)


def _file(view: View, name: str, given: Mapping[str, list[str]], form: str) -> Reply:
    if form not in FILES:
        raise UsageError(f"An answer is available as {', '.join(FILES)}.")
    return Reply(200, {"content-type": FILES[form]}, answer_file(view, name, given, form))


def _worker(tasks: Mapping[str, Task]) -> Work:
    def work(request: Request) -> Reply:
        try:
            return tasks[str(request["task"])](request)
        except UnknownThing as error:
            return text(404, str(error))
        except OneHealthKGError as error:
            return text(400, str(error))

    return work


def _html(body: str) -> Reply:
    return Reply(200, {"content-type": "text/html; charset=utf-8"}, body.encode())


def _given(request: Request) -> dict[str, list[str]]:
    """What was written into a form."""
    given = request["given"]
    return given if isinstance(given, dict) else {}


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
