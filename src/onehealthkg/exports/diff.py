"""The statements added and removed between two graphs, by thing and sentence.

Blank nodes are compared by their statements (``canonical``), literals as they are written. A
statement that has moved to another sentence counts as removed from one and added to the other,
unless named graphs are ignored.

As a patch, the difference is a SPARQL Update (https://www.w3.org/TR/sparql11-update/) that turns
the first graph into the second.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from onehealthkg.errors import UsageError
from onehealthkg.evidence.answers import quoted, spelled
from onehealthkg.evidence.backings import rule_in_words
from onehealthkg.evidence.evidence import INFERRED, STATED, graph_evidence
from onehealthkg.exports.canonical import comparable, in_order_of_appearance
from onehealthkg.labels import label
from onehealthkg.names import RDF_TYPE, compact
from onehealthkg.terms import Term, in_graph, plain


class Difference(NamedTuple):
    """The quads that are only in the second graph, and those only in the first, sorted.

    ``store`` has both graphs, for labels and sentences.
    """

    added: tuple[Quad, ...]
    removed: tuple[Quad, ...]
    store: Store

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def diff(before: Iterable[Quad], after: Iterable[Quad], *, merge: bool = False) -> Difference:
    """The difference of two graphs; with ``merge``, ignoring the named graph of each fact.

    Raises InputError for graphs with blank nodes that cannot be distinguished in time, unless the
    files are identical.
    """
    graphs = [list(before), list(after)]
    store = Store()
    for quads in graphs:
        store.extend(quads)
    if merge:
        graphs = [[in_graph(quad, DefaultGraph()) for quad in quads] for quads in graphs]
    old, new = (set(in_order_of_appearance(quads)) for quads in graphs)
    if old != new:
        old, new = comparable(*graphs)
    return Difference(
        tuple(sorted(new - old, key=_rank)), tuple(sorted(old - new, key=_rank)), store
    )


def as_text(difference: Difference, language: str = "en") -> str:
    """The difference for people: under each thing the sentences, under each what changed."""
    store = difference.store
    changes = [(quad, "-") for quad in difference.removed]
    changes += [(quad, "+") for quad in difference.added]  # after it, as sorting keeps the order
    changes.sort(key=lambda change: (*_rank(change[0])[:2], str(change[0].predicate)))
    blocks = []
    for subject, about in groupby(changes, key=lambda change: change[0].subject):
        lines = [f"{label(store, subject, language)}  ({compact(plain(subject))})"]
        for graph, group in groupby(about, key=lambda change: change[0].graph_name):
            lines += [f"  {line}" for line in _backing(store, graph, language)]
            lines += [f"    {sign} {_words(store, quad, language)}" for quad, sign in group]
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, counts(difference)])


def counts(difference: Difference) -> str:
    """The numbers of added and removed statements, in words."""
    if not difference:
        return "No difference."
    return f"{len(difference.added)} added, {len(difference.removed)} removed."


def as_data(difference: Difference) -> dict[str, object]:
    """The difference for JSON, terms as in SPARQL results."""
    return {
        "same": not difference,
        "added": [_data(quad) for quad in difference.added],
        "removed": [_data(quad) for quad in difference.removed],
    }


def as_patch(difference: Difference) -> str:
    """The difference as a SPARQL Update, or empty.

    Raises UsageError for blank nodes, which an update cannot name.
    """
    for quad in (*difference.added, *difference.removed):
        if any(isinstance(term, BlankNode) for term in (*quad.triple, quad.graph_name)):
            raise UsageError(
                f"A patch cannot name the blank node in: {quad} . Give it an IRI in both files, "
                "or choose --format text or json."
            )
    return "".join(
        [*_update("DELETE DATA", difference.removed), *_update("INSERT DATA", difference.added)]
    )


def _update(operation: str, quads: Iterable[Quad]) -> Iterator[str]:
    ordered = sorted(quads, key=lambda quad: str(quad.graph_name))
    if ordered:
        yield f"{operation} {{\n"
        for graph, group in groupby(ordered, key=lambda quad: quad.graph_name):
            lines = sorted(f"{quad.triple} ." for quad in group)
            if graph == DefaultGraph():
                yield "".join(f"  {line}\n" for line in lines)
            else:
                yield f"  GRAPH {graph} {{\n" + "".join(f"    {line}\n" for line in lines) + "  }\n"
        yield "} ;\n"


def _rank(quad: Quad) -> tuple[str, str, str]:
    return str(quad.subject), str(quad.graph_name), str(quad)


def _backing(store: Store, graph: Term | DefaultGraph, language: str) -> list[str]:
    """A graph as evidence, in a line; empty for the default graph."""
    if not isinstance(graph, NamedNode):
        return [] if isinstance(graph, DefaultGraph) else [str(graph)]
    evidence = graph_evidence(store, graph)
    if evidence.kind == STATED:
        return [quoted(evidence.passages[0])]
    if evidence.kind == INFERRED:
        return [f"inferred: {rule_in_words(store, evidence.rule, language)}"]
    return [f"{label(store, graph, language)}  ({compact(graph.value)})"]


def _words(store: Store, quad: Quad, language: str) -> str:
    predicate = quad.predicate
    name = "is a" if predicate.value == RDF_TYPE else label(store, predicate, language)
    return f"{name} · {spelled(store, quad.object, language)}"


def _data(quad: Quad) -> dict[str, dict[str, str] | None]:
    names = ("subject", "predicate", "object", "graph")
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return {name: _term(term) for name, term in zip(names, terms, strict=True)}


def _term(term: Term | DefaultGraph) -> dict[str, str] | None:
    """A term as in https://www.w3.org/TR/sparql11-results-json/#select-encode-terms."""
    if isinstance(term, DefaultGraph):
        return None
    if not isinstance(term, Literal):
        kind = "uri" if isinstance(term, NamedNode) else "bnode"
        return {"type": kind, "value": plain(term).removeprefix("_:")}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
