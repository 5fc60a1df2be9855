"""The server described for programs: its endpoint, its example queries, and its questions.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery and
https://sparql.uniprot.org/.well-known/sparql-examples (https://doi.org/10.1093/gigascience/giaf045);
https://spec.openapis.org/oas/v3.1.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

import onehealthkg
from onehealthkg.dataset.publication import DESCRIPTIONS, LICENCE, LICENCE_NAME, TITLE
from onehealthkg.names import HOME, RDF_TYPE
from onehealthkg.paths import Project
from onehealthkg.queries.query import example_questions, prepare
from onehealthkg.queries.questions import FLAG, Parameter, Question
from onehealthkg.rdf.sparql_files import without_header
from onehealthkg.terms import named_node

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)
MOST_GRAPHS = 10_000
"""The number of named graphs up to which the description of the endpoint lists them."""

_EXAMPLE = HOME + "example/"

_OWN: tuple[dict[str, object], ...] = (
    {
        "name": "cite",
        "in": "query",
        "description": "Add the sentences behind each row.",
        "schema": {"type": "string", "enum": ["on"]},
    },
)
_TYPES = {FLAG: "boolean", "integer": "integer"}
_JSON_RESULTS = {
    "type": "object",
    "description": "https://www.w3.org/TR/sparql11-results-json/",
    "required": ["head"],
    "properties": {"head": {"type": "object"}, "results": {"type": "object"}},
}
_LIST = {"type": "array", "items": {"type": "object"}}


def service(endpoint: str, store: Store) -> Iterator[Triple]:
    """The capabilities of the endpoint at an address, and its graphs if they are not too many."""
    node, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")

    def said(subject: NamedNode | BlankNode, name: str, value: str | BlankNode) -> Triple:
        found = value if isinstance(value, BlankNode) else NamedNode(value)
        return Triple(subject, NamedNode(_SD + name), found)

    type_ = named_node("rdf:type")
    yield Triple(node, type_, NamedNode(_SD + "Service"))
    yield said(node, "endpoint", endpoint)
    yield said(node, "supportedLanguage", _SD + "SPARQL11Query")
    for form in _WRITTEN:
        yield said(node, "resultFormat", _FORMATS + form)
    yield said(node, "defaultDataset", dataset)
    yield Triple(dataset, type_, NamedNode(_SD + "Dataset"))
    yield said(dataset, "defaultGraph", default)
    yield Triple(default, type_, NamedNode(_SD + "Graph"))
    graphs = list(islice(store.named_graphs(), MOST_GRAPHS + 1))
    for number, graph in enumerate(sorted(graphs, key=str) if len(graphs) <= MOST_GRAPHS else ()):
        if isinstance(graph, NamedNode):
            named = BlankNode(f"graph{number}")
            yield said(dataset, "namedGraph", named)
            yield Triple(named, type_, NamedNode(_SD + "NamedGraph"))
            yield said(named, "name", graph.value)


def examples(endpoint: str, store: Store, project: Project) -> Iterator[Triple]:
    """The bundled questions without required values, as examples for the endpoint."""
    for question in example_questions(project):
        yield from _example(endpoint, prepare(store, project, question.place)[0])


def _example(endpoint: str, question: Question) -> Iterator[Triple]:
    node = NamedNode(_EXAMPLE + question.place)
    kinds = ("sh:SPARQLExecutable", "sh:SPARQLSelectExecutable")
    yield from (Triple(node, NamedNode(RDF_TYPE), named_node(kind)) for kind in kinds)
    yield Triple(node, named_node("rdfs:comment"), Literal(question.summary, language="en"))
    yield Triple(node, named_node("sh:select"), Literal(without_header(question.text) + "\n"))
    yield Triple(node, named_node("schema:target"), NamedNode(endpoint))
    for tag in question.tags:
        yield Triple(node, named_node("schema:keywords"), Literal(tag))


def listed(questions: Iterable[Question]) -> list[dict[str, object]]:
    """The questions with their parameters, as data."""
    return [
        {
            "name": question.place,
            "answers": question.summary,
            "description": question.description,
            "tags": [*question.tags],
            "columns": [*question.columns],
            "parameters": {each.name: _about(each) for each in question.parameters},
        }
        for question in questions
    ]


def _about(parameter: Parameter) -> dict[str, object]:
    allowed = {"allowed": [*parameter.allowed]} if parameter.allowed else {}
    return {
        "type": parameter.type,
        "required": parameter.default is None,
        "description": parameter.description,
        **allowed,
    }


def openapi(
    questions: Iterable[Question], formats: Mapping[str, str], server: str
) -> dict[str, object]:
    """The description: a path for each question, which answers in each of ``formats``."""
    paths: dict[str, object] = {"/questions": _path("All questions", "questions", [], _json(_LIST))}
    for question in questions:
        parameters = [*map(_parameter, question.parameters), *_OWN, _format(formats)]
        path = _path(question.summary, question.place, parameters, _contents(formats))
        paths[f"/questions/{question.place}"] = path
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": onehealthkg.__version__,
            "description": DESCRIPTIONS["en"],
            "license": {"name": LICENCE_NAME, "url": LICENCE},
        },
        "servers": [{"url": server}],
        "paths": paths,
    }


def _path(
    summary: str, name: str, parameters: list[dict[str, object]], content: dict[str, object]
) -> dict[str, object]:
    problem = {"description": "The error, in words.", "content": {"text/plain": {}}}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "400": problem,
                "503": {**problem, "description": "Too many requests at once: see Retry-After."},
                "504": {**problem, "description": "The answer takes too long."},
            },
        }
    }


def _parameter(parameter: Parameter) -> dict[str, object]:
    schema: dict[str, object] = {"type": _TYPES.get(parameter.type, "string")}
    if parameter.allowed:
        schema["enum"] = [*parameter.allowed]
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.default is None,
        "description": parameter.description,
        "schema": schema,
    }


def _format(formats: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": "format",
        "in": "query",
        "description": "The format of the answer; takes precedence over Accept.",
        "schema": {"type": "string", "enum": [*formats]},
    }


def _contents(formats: Mapping[str, str]) -> dict[str, object]:
    """The content of each format, by its media type."""
    found: dict[str, object] = {"text/html": {}}
    for form, media in formats.items():
        content = {"schema": _JSON_RESULTS} if form == "json" else {}
        found[media.partition(";")[0]] = content
    return found


def _json(schema: object) -> dict[str, object]:
    return {"text/html": {}, "application/json": {"schema": schema}}
