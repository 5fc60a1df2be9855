"""The work of the workers that render pages."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pyoxigraph import NamedNode, Triple

from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.evidence.selection import select_cached
from onehealthkg.exports.catalogue import DATASET, describe
from onehealthkg.names import HOME
from onehealthkg.pages.asking import (
    answer_file,
    editor_page,
    problem_page,
    question_page,
    questions_page,
    term_names,
)
from onehealthkg.pages.finding import Index, results_page
from onehealthkg.pages.listings import LISTS, listing
from onehealthkg.pages.site import document_page, page
from onehealthkg.pages.view import View
from onehealthkg.pages.world import TOPIC, World
from onehealthkg.paths import Project
from onehealthkg.queries.questions import questions
from onehealthkg.serving import documents, sparql
from onehealthkg.serving.description import listed, openapi
from onehealthkg.serving.reply import Job, Reply, Work
from onehealthkg.serving.service import accept, url, worker
from onehealthkg.terms import named_node
from onehealthkg.words import languages

FILES = {
    "csv": sparql.media_type("csv"),
    "json": sparql.media_type("json"),
    "tsv": sparql.media_type("tsv"),
    "xml": sparql.media_type("xml"),
    "markdown": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The formats of the answer to a question, and their media types."""


def site(project: Project) -> Work:
    """The work of workers that render pages."""
    pages = Pages(project)
    return worker(
        {
            "page": pages.page,
            "asking": pages.asking,
            "problem": pages.problem,
            "document": pages.document,
            "void": pages.void,
            "openapi": pages.openapi,
        }
    )


class Pages:
    """The pages of a project in all languages; shared data is computed before workers start."""

    def __init__(self, project: Project) -> None:
        whole = select_cached(project)
        first = World(whole, served=True)
        self._worlds = {
            language: first if language == languages()[0] else first.in_language(language)
            for language in languages()
        }
        for world in self._worlds.values():
            for base in LISTS:
                listing(world, base)
        _ = first.facts.counts
        for topic in first.members[TOPIC]:
            first.about(topic)
        self._questions = questions(project)
        self._index = Index(self._worlds[languages()[0]])
        for world in self._worlds.values():
            page(world, "index.html")

    def page(self, job: Job) -> Reply:
        """A page at its address."""
        world, address = self._worlds[str(job["language"])], str(job["address"])
        reply = _html(page(world, address).decode())
        thing = world.at.get(address)
        if thing and thing.value.startswith(HOME):
            reply.headers["link"] = documents.links(thing.value.removeprefix(HOME), address)
        return reply

    def asking(self, job: Job) -> Reply:
        """A page, or a file, made from the values of a form."""
        language, address = str(job["language"]), str(job["address"])
        view, given = View(self._worlds[language], address), _given(job)
        if address == "search":
            sought = "".join(given.get("q", ())[:1])
            return _html(results_page(view, self._index, sought))
        if address == "sparql":
            return _html(editor_page(view, given))
        if address == "terms.json":
            return _json(term_names(view))
        name, forms = address.removeprefix("questions/"), given.get("format")
        if address == "questions":
            return (
                _json(listed(self._questions)) if forms == ["json"] else _html(questions_page(view))
            )
        return (
            _file(view, name, given, forms[0]) if forms else _html(question_page(view, name, given))
        )

    def problem(self, job: Job) -> Reply:
        """A reply in words as a page, which keeps the query or the form."""
        language, address = str(job["language"]), str(job["address"])
        status, problem = int(str(job["status"])), str(job["problem"])
        page = problem_page(View(self._worlds[language], address), status, problem, _given(job))
        return _html(page)._replace(status=status)

    def openapi(self, job: Job) -> Reply:
        """The questions described for programs."""
        return _json(openapi(self._questions, FILES, url(job).removesuffix("/sparql")))

    def document(self, job: Job) -> Reply:
        """The page about a document, or a redirect with 303 to the page about a thing.

        Raises UnknownThing if there is no such page.
        """
        path = str(job["path"])
        own = sparql.iri(HOME + path)
        if path.startswith("id/"):
            address = self._worlds[languages()[0]].addresses.get(own)
            if not address:
                raise UnknownThing(f"There is no page about <{HOME}{path}>.")
            return Reply(303, {"location": f"../{address}", "cache-control": "no-store"}, b"")
        world = self._worlds[languages()[0]]
        reply = _html(document_page(world, own).decode())
        reply.headers["link"] = documents.links(path)
        return reply

    def void(self, job: Job) -> Reply:
        """The description of the data set."""
        triples = [quad.triple for quad in describe(self._worlds["en"].facts)]
        triples.append(Triple(DATASET, named_node("void:sparqlEndpoint"), NamedNode(url(job))))
        return sparql.negotiated(triples, accept(job))


def _file(view: View, name: str, given: Mapping[str, list[str]], form: str) -> Reply:
    if form not in FILES:
        raise UsageError(f"An answer is available as {', '.join(FILES)}.")
    return Reply(200, {"content-type": FILES[form]}, answer_file(view, name, given, form))


def _json(data: object) -> Reply:
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return Reply(200, {"content-type": "application/json"}, body)


def _html(body: str) -> Reply:
    return Reply(200, {"content-type": "text/html; charset=utf-8"}, body.encode())


def _given(job: Job) -> dict[str, list[str]]:
    """The values of a form."""
    given = job["given"]
    return given if isinstance(given, dict) else {}
