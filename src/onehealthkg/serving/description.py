"""The endpoint's description of itself: service description, VoID and example queries.

https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/#discovery and
https://sparql.uniprot.org/.well-known/sparql-examples (https://doi.org/10.1093/gigascience/giaf045).
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from onehealthkg.names import HOME, PREFIXES, RDF_TYPE, expand
from onehealthkg.paths import Project
from onehealthkg.queries.query import prepare
from onehealthkg.queries.questions import Question, questions
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
_EXAMPLE = HOME + "example/"


def service(endpoint: str, store: Store) -> Iterator[Triple]:
    """The capabilities and the graphs of the endpoint at an address."""
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
    for number, graph in enumerate(sorted(store.named_graphs(), key=str)):
        if isinstance(graph, NamedNode):
            named = BlankNode(f"graph{number}")
            yield said(dataset, "namedGraph", named)
            yield Triple(named, type_, NamedNode(_SD + "NamedGraph"))
            yield said(named, "name", graph.value)


def examples(endpoint: str, store: Store, project: Project) -> Iterator[Triple]:
    """The bundled questions without required values, as examples for the endpoint."""
    for question in questions(project):
        if all(parameter.default is not None for parameter in question.parameters):
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


def prefixes() -> dict[str, str]:
    """The prefixes of a description."""
    return {**PREFIXES, "sd": _SD, "formats": _FORMATS, "sh": expand("sh:")}
