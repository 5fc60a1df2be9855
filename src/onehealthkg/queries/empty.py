"""The reasons why an answer has no rows: terms in the query that are not in the graph.

rdflib reads the query and runs nothing; it is imported for an empty answer only.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from onehealthkg import suggest
from onehealthkg.labels import nearest
from onehealthkg.names import HOME, OH, PREFIXES, RDF_TYPE, compact, local_name
from onehealthkg.queries.query import whole
from onehealthkg.queries.questions import Question
from onehealthkg.terms import QuadSource, named_node, plain, subjects, values
from onehealthkg.words import words_or_english

_TYPE = NamedNode(RDF_TYPE)
_CLASSES = {PREFIXES["owl"] + "Class", PREFIXES["rdfs"] + "Class"}
_PROPERTIES = {
    PREFIXES["rdf"] + "Property",
    *(f"{PREFIXES['owl']}{kind}Property" for kind in ("Object", "Datatype", "Annotation")),
}
_NO_THINGS = (PREFIXES["xsd"], PREFIXES["rdf"])  # datatypes, functions and lists


def reasons(store: QuadSource, asked: Question, language: str = "en") -> list[str]:
    """Sentences that may explain why a query has no answer, in the order of the names in them.

    A question gives them in its header, under ``empty``; if not, the sentence warns that silence
    proves nothing. For a query without a header the names are looked up. ``store`` is the queried
    store.
    """
    if asked.summary:
        return [asked.in_language(language).empty or str(words_or_english(language)["silence"])]
    sentences = (_reason(store, iri) for iri in _iris(whole(asked)))
    return [reason for reason in sentences if reason]


def _reason(store: QuadSource, iri: str) -> str:
    """A sentence if the thing named by an IRI is missing in the graph, or empty."""
    node, short = NamedNode(iri), compact(iri)
    if iri.startswith(OH) and not any(store.quads_for_pattern(node, None, None)):
        terms = (local_name(term.value) for term in subjects(store, named_node("rdfs:isDefinedBy")))
        meant = (f"oh:{name}" for name in suggest.nearest(local_name(iri), sorted(terms)))
        return f"{short} is not in the ontology.{suggest.question(meant)}"
    types = {plain(term) for term in values(store, node, _TYPE)}
    if types & _CLASSES and not any(store.quads_for_pattern(None, _TYPE, node)):
        return f"Nothing in the graph is of the class {short}."
    if types & _PROPERTIES and not any(store.quads_for_pattern(None, node, None)):
        return f"No statement in the graph has the property {short}."
    if not _occurs(store, node):
        meant_thing = nearest(store, iri) if iri.startswith(HOME) else ""
        return f"{short} does not occur in the graph.{meant_thing}"
    return ""


def _occurs(store: QuadSource, node: NamedNode) -> bool:
    patterns = [(node, None, None), (None, node, None), (None, None, node)]
    return any(any(store.quads_for_pattern(*pattern)) for pattern in patterns) or any(
        store.quads_for_pattern(None, None, None, node)
    )


def _iris(text: str) -> list[str]:
    """The IRIs of things and terms in a query; empty if rdflib cannot parse it."""
    from rdflib import URIRef
    from rdflib.plugins.sparql import algebra, parser

    names: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, URIRef):
            names.append(str(node))

    try:
        head, tree = parser.parseQuery(text)
        prologue = algebra.translatePrologue(head, "")
        tree = algebra.traverse(tree, lambda node: algebra.translatePName(node, prologue))
        algebra.traverse(tree, collect)
    except Exception:  # noqa: BLE001 - rdflib raises bare Exceptions too
        return []
    return [name for name in dict.fromkeys(names) if not name.startswith(_NO_THINGS)]
