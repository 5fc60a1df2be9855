"""The part of a graph that is about one thing.

It consists of:

1. its own statements, and those that name it;
2. the statements of its parts: an agreement's signatures, partnership and undertakings, an
   organisation's agreements, posts and tasks, and the parts of these in turn;
3. for a source: all statements of its passages, inferences from them, and the editors' statements
   about it;
4. for each thing that these mention: its kind and its labels;
5. for each graph with one of these: its description, such as a passage with its words, its
   document, a record with its documents, the passages behind an inference, the sources of a
   curated graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, Store

from onehealthkg.kinds import CLASSES
from onehealthkg.labels import NAMING, find
from onehealthkg.names import RDF_TYPE, expand
from onehealthkg.terms import plain

# The parts of an agreement, in the order in which pages show them: the subjects of the properties
# in the first list, and the values of the properties in the second.
PART_OF = ("oh:signs", "oh:setOutIn", "oh:reportedWith")
HAS_PART = ("oh:alternative", "oh:formalises", "schema:funding", "oh:predecessor")

_PART_OF = frozenset(map(expand, PART_OF))
# The signatory, and the post, are about a signature.
_HAS_PART = frozenset(map(expand, (*HAS_PART, "oh:inPost", "oh:signatory")))
_WHOLES = frozenset(
    expand(CLASSES[kind]) for kind in ("agreement", "undertaking", "partnership", "signature")
) | {expand("oh:Task")}
_KINDS = _WHOLES | {expand(CLASSES["post"]), expand(CLASSES["programme"])}
_NAMING = frozenset((RDF_TYPE, *(naming.value for naming in NAMING)))
_HAS_SOURCE, _HAS_SELECTOR = expand("oa:hasSource"), expand("oa:hasSelector")
_IS_FORMAT_OF = expand("dcterms:isFormatOf")
_DERIVED_FROM, _RULE = expand("prov:wasDerivedFrom"), expand("oh:rule")
_BEHIND = frozenset((_HAS_SOURCE, _HAS_SELECTOR, _IS_FORMAT_OF, _DERIVED_FROM, _RULE))
_SOURCE, _RECORD = expand("dcterms:source"), expand("oh:Record")


class _Index:
    """Quads by subject, by object and by graph, and the kinds of things."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.by_subject: dict[str, list[Quad]] = defaultdict(list)
        self.by_object: dict[str, list[Quad]] = defaultdict(list)
        self.by_graph: dict[str, list[Quad]] = defaultdict(list)
        self.kinds: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            self.by_subject[plain(quad.subject)].append(quad)
            if isinstance(quad.object, NamedNode):
                self.by_object[quad.object.value].append(quad)
            self.by_graph[plain(quad.graph_name)].append(quad)
            if quad.predicate.value == RDF_TYPE:
                self.kinds[plain(quad.subject)].add(plain(quad.object))


def about(quads: Iterable[Quad], name: str) -> set[Quad]:
    """The quads that belong to the thing with this name; else UnknownThing."""
    everything = set(quads)
    store = Store()
    store.extend(everything)
    thing = find(store, name).value
    index = _Index(everything)
    chosen = {*index.by_object[thing], *_stated_by(index, thing)}
    for part in _parts(index, thing):
        chosen.update(index.by_subject[part])
    before: set[Quad] = set()
    while chosen != before:  # a label is in a graph whose description mentions further things
        before = chosen
        chosen = _with_evidence(index, chosen)
        chosen |= _names(index, chosen)
    return chosen


def _stated_by(index: _Index, document: str) -> Iterator[Quad]:
    """The quads of a document, its passages, inferences and the editors' graphs about it."""
    graphs = {graph for graph in index.by_graph if document in (graph, graph.partition("#")[0])}
    graphs |= {
        plain(quad.subject)
        for graph in graphs
        for quad in index.by_object[graph]
        if says(quad, _DERIVED_FROM)
    }
    for graph in sorted(graphs):
        yield from index.by_graph[graph]


def _parts(index: _Index, thing: str) -> set[str]:
    """The thing, the subjects that name it as party, agent, topic ..., and the parts of these."""
    naming = {plain(quad.subject) for quad in index.by_object[thing]}
    found = {thing} | {thing for thing in naming if index.kinds[thing] & _KINDS}
    waiting = [thing for thing in found if index.kinds[thing] & _WHOLES]
    while waiting:
        whole = waiting.pop()
        parts = {
            plain(quad.subject)
            for quad in index.by_object[whole]
            if quad.predicate.value in _PART_OF
        } | {
            plain(quad.object)
            for quad in index.by_subject[whole]
            if quad.predicate.value in _HAS_PART
        }
        waiting += [part for part in parts - found if index.kinds[part] & _WHOLES]
        found |= parts
    return found


def _names(index: _Index, quads: Iterable[Quad]) -> set[Quad]:
    """The kinds and labels of all things in quads, and the labels of these kinds."""
    found: set[Quad] = set()
    waiting = {term for quad in quads for term in _mentioned(quad)}
    seen: set[str] = set()
    while waiting:
        term = waiting.pop()
        seen.add(term)
        named = {quad for quad in index.by_subject[term] if quad.predicate.value in _NAMING}
        found |= named
        waiting |= {thing for quad in named for thing in _mentioned(quad)} - seen
    return found


def _mentioned(quad: Quad) -> list[str]:
    terms = (quad.subject, quad.predicate, quad.object)
    return [term.value for term in terms if isinstance(term, NamedNode)]


def _with_evidence(index: _Index, quads: set[Quad]) -> set[Quad]:
    """The quads, with the descriptions of their graphs, recursively."""
    found = set(quads)
    seen: set[str] = set()
    waiting = {plain(quad.graph_name) for quad in quads}
    while waiting:
        described = waiting.pop()
        seen.add(described)
        for quad in index.by_subject[described]:
            found.add(quad)
            waiting.add(plain(quad.graph_name))
            of_record = says(quad, _SOURCE) and _RECORD in index.kinds[described]
            if of_record or quad.predicate.value in _BEHIND:
                waiting.add(plain(quad.object))
        waiting -= seen
    return found


def says(quad: Quad, predicate: str) -> bool:
    """Whether the quad has the predicate."""
    return quad.predicate.value == predicate
