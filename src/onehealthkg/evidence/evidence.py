"""From a statement to the sentences that state it, and from a sentence to its statements.

The named graph of a quad is its evidence:

- ``stated``: the graph is a passage, whose words state it;
- ``documented``: the graph is a record of what editors read in documents whose text is not
  archived, or such a document; the documents are named, but their words cannot be looked up here;
- ``inferred``: the graph is an inference; its rule and the passages behind it are named;
- ``curated``: the editors wrote it, from the sources that the graph names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Quad

from onehealthkg.errors import UnknownThing, UsageError
from onehealthkg.labels import find, label
from onehealthkg.names import OH, PREFIXES, compact, local_name
from onehealthkg.terms import QuadSource, Term, named_node, plain, subjects, value, values

STATED, DOCUMENTED, INFERRED, CURATED = EVIDENCE_KINDS = (
    "stated",
    "documented",
    "inferred",
    "curated",
)

ASSUMED = "assumed"
"""The basis of a triple that only a rule with an assumption derives."""

BASES = (STATED, DOCUMENTED, INFERRED, ASSUMED, CURATED)
"""The bases of triples, the best first."""

EVIDENCE_CLASSES = (
    "oh:ArchivedText",
    "oh:CuratedGraph",
    "oh:Inference",
    "oh:Passage",
    "oh:Record",
    "oh:InferenceRule",
)
"""The classes of evidence, as opposed to those of the subject matter."""

_TYPE = named_node("rdf:type")
_OA = PREFIXES["oa"]
_HAS_SOURCE, _HAS_SELECTOR = named_node("oa:hasSource"), named_node("oa:hasSelector")
_EXACT, _START, _END = (named_node(f"oa:{name}") for name in ("exact", "start", "end"))
RULE = named_node("oh:rule")
"""The property of an inference whose value is its rule."""

ASSUMPTION = named_node("oh:assumption")
"""The property of a rule whose inferences hold only under an assumption."""

_DCTERMS = PREFIXES["dcterms"]
_IS_FORMAT_OF, _SOURCE, _ISSUED, _TITLE = (
    named_node(f"dcterms:{name}") for name in ("isFormatOf", "source", "issued", "title")
)
_PUBLISHERS = named_node("dc:publisher"), named_node("dcterms:publisher")
_DERIVED_FROM = named_node("prov:wasDerivedFrom")
_INFERENCE = OH + "Inference"
_NO_DOCUMENT = frozenset((OH + "CuratedGraph", PREFIXES["owl"] + "Ontology"))
GRAPH_CLASSES = _NO_DOCUMENT | {_INFERENCE}
"""The classes of graphs that say which kind of evidence a graph is."""


class Passage(NamedTuple):
    """A passage: the IRIs of itself, its archived text and its document, its words, their offsets.

    ``start`` and ``end`` are offsets in code points, from 0, ``end`` after the last character.
    """

    iri: str
    text: str
    document: str
    quote: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The short name: ``2020-02-05-anses-inserm#s5``."""
        return self.iri.rsplit("/", 1)[-1]

    @property
    def place(self) -> tuple[str, int]:
        """The sort key of passages: document and start."""
        return self.document, self.start


class Document(NamedTuple):
    """A document whose text is not archived: its IRI, that of the record that names it, and more.

    ``publisher``, ``date`` and ``title`` are empty if unknown; the date is as exact as in the
    record.
    """

    iri: str
    record: str
    publisher: str
    date: str
    title: str

    @property
    def name(self) -> str:
        """Its name for readers: title, publisher and date as far as known, else the IRI."""
        return (
            ", ".join(part for part in (self.title, self.publisher, self.date) if part) or self.iri
        )

    @property
    def place(self) -> tuple[str, str]:
        """The sort key of documents: record and address."""
        return self.record, self.iri


class Evidence(NamedTuple):
    """Evidence for a statement: kind, graph, passages in the order of the text, and rule.

    ``documents`` are those behind a record or an inference from one; any of them may be the
    source. ``others`` are the graphs behind an inference that are neither passage nor
    record; ``rule`` is the IRI of the rule of an inference and empty otherwise.
    """

    kind: str
    graph: str
    passages: tuple[Passage, ...] = ()
    others: tuple[str, ...] = ()
    rule: str = ""
    documents: tuple[Document, ...] = ()

    @property
    def rank(self) -> tuple[int, list[tuple[str, int]], str, str]:
        """The sort key of evidence: stated facts first, in the order of the text."""
        return (
            EVIDENCE_KINDS.index(self.kind),
            [passage.place for passage in self.passages],
            self.rule,
            self.graph,
        )

    @property
    def is_one_of_several(self) -> bool:
        """Whether there are several documents, any of which may be the source."""
        return len({document.iri for document in self.documents}) > 1

    @property
    def behind(self) -> tuple[object, ...]:
        """A key that is equal for evidence that readers need not distinguish."""
        return (
            self.kind,
            "" if self.kind == INFERRED else self.graph,
            *(passage.iri for passage in self.passages),
            *(document.place for document in self.documents),
            self.others,
            self.rule,
        )


class Statement(NamedTuple):
    """A triple and its evidence, stated facts first."""

    subject: Term
    predicate: NamedNode
    object: Term
    evidence: tuple[Evidence, ...]

    @property
    def rank(self) -> tuple[Any, ...]:
        """The sort key of statements: their best evidence, then their terms."""
        return *self.evidence[0].rank, *map(str, (self.subject, self.predicate, self.object))


def passage_of(store: QuadSource, iri: Term) -> Passage | None:
    """The passage with this IRI, or None if it is not a passage."""
    text = value(store, iri, _HAS_SOURCE)
    if text is None:
        return None
    document = value(store, text, _IS_FORMAT_OF) or text
    selectors = list(values(store, iri, _HAS_SELECTOR))
    exact, start, end = (
        next((plain(term) for selector in selectors for term in values(store, selector, name)), "")
        for name in (_EXACT, _START, _END)
    )
    return Passage(plain(iri), plain(text), plain(document), exact, _offset(start), _offset(end))


def passages_of(store: QuadSource, text: NamedNode) -> list[Passage]:
    """The passages of an archived text, in their order."""
    found = (passage_of(store, iri) for iri in subjects(store, _HAS_SOURCE, text))
    return sorted((item for item in found if item), key=_place)


def texts_of(store: QuadSource, document: NamedNode) -> list[NamedNode]:
    """The archived texts of a document."""
    return sorted(subjects(store, _IS_FORMAT_OF, document), key=str)


def documents_of(store: QuadSource, graph: Term, language: str = "en") -> list[Document]:
    """The documents of a record; a document itself; empty for other graphs."""
    types = {plain(term) for term in values(store, graph, _TYPE)}
    if OH + "Record" in types:
        found = set(values(store, graph, _SOURCE))
    else:
        found = set() if types & _NO_DOCUMENT else {graph}
    named = [node for node in found if isinstance(node, NamedNode)]
    return sorted((_document(store, node, plain(graph), language) for node in named), key=_place)


def _document(store: QuadSource, iri: NamedNode, record: str, language: str) -> Document:
    def first(*predicates: NamedNode) -> Term | None:
        found = (term for predicate in predicates for term in values(store, iri, predicate))
        return min(found, key=str, default=None)

    publisher = first(*_PUBLISHERS)
    named = plain(publisher)
    if isinstance(publisher, NamedNode):
        named = label(store, publisher, language)
    return Document(iri.value, record, named, plain(first(_ISSUED)), plain(first(_TITLE)))


def graph_evidence(store: QuadSource, graph: NamedNode, language: str = "en") -> Evidence:
    """A named graph as evidence; publishers are named in ``language``."""
    types = {plain(term) for term in values(store, graph, _TYPE)}
    passage = passage_of(store, graph)
    kind = graph_kind(types, is_passage=passage is not None)
    if kind == INFERRED:
        return _inference(store, graph, language)
    if passage and kind == STATED:
        return Evidence(STATED, graph.value, (passage,))
    if kind == CURATED:
        return Evidence(CURATED, graph.value)
    return Evidence(DOCUMENTED, graph.value, documents=tuple(documents_of(store, graph, language)))


def graph_kind(types: Iterable[str], *, is_passage: bool) -> str:
    """The kind of evidence that a graph with these types is; a passage has a source."""
    its = frozenset(types)
    if _INFERENCE in its:
        return INFERRED
    if is_passage:
        return STATED
    return CURATED if its & _NO_DOCUMENT else DOCUMENTED


def _inference(store: QuadSource, graph: NamedNode, language: str) -> Evidence:
    passages, documents, others = [], [], []
    for source in set(values(store, graph, _DERIVED_FROM)):
        passage = passage_of(store, source)
        found = [] if passage else documents_of(store, source, language)
        passages += [passage] if passage else []
        documents += found
        others += [] if passage or found else [plain(source)]
    return Evidence(
        INFERRED,
        graph.value,
        tuple(sorted(passages, key=_place)),
        tuple(sorted(others)),
        plain(value(store, graph, RULE)),
        tuple(sorted(documents, key=_place)),
    )


def basis(store: QuadSource, evidence: Evidence) -> str:
    """The kind of evidence; ``assumed`` for the inference of a rule with an assumption."""
    is_assumed = evidence.rule and value(store, NamedNode(evidence.rule), ASSUMPTION) is not None
    return ASSUMED if is_assumed else evidence.kind


def statements(store: QuadSource, quads: Iterable[Quad], language: str = "en") -> list[Statement]:
    """Quads as statements, each triple once with all its evidence, in a total order."""
    known: dict[NamedNode, Evidence] = {}
    by_triple: dict[tuple[Term, NamedNode, Term], dict[str, Evidence]] = {}
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode):
            if graph not in known:
                known[graph] = graph_evidence(store, graph, language)
            triple = (quad.subject, quad.predicate, quad.object)
            by_triple.setdefault(triple, {})[graph.value] = known[graph]
    found = [
        Statement(*triple, tuple(sorted(by_graph.values(), key=_rank)))
        for triple, by_graph in by_triple.items()
    ]
    return sorted(found, key=_rank)


def stated_by(
    store: QuadSource, text: str, language: str = "en"
) -> tuple[Passage, list[Statement]]:
    """A passage by its name, and its statements; UnknownThing if there is no such passage.

    The number alone, ``s5``, is enough if only one source has it.
    """
    named = [iri for iri in subjects(store, _HAS_SOURCE) if local_name(iri.value) == text]
    node = named[0] if len(named) == 1 else find(store, text)
    passage = passage_of(store, node)
    if passage is None:
        raise UnknownThing(f"{compact(node.value)} is not a passage; passages end in #s1, #s2 ...")
    return passage, statements(store, store.quads_for_pattern(None, None, None, node), language)


def inferred(store: QuadSource, rule: str = "", language: str = "en") -> list[Statement]:
    """The inferred statements, of one rule or of all; UsageError lists the rules."""
    by_rule: dict[str, list[Quad]] = {}
    for graph in subjects(store, RULE):
        name = local_name(plain(value(store, graph, RULE)))
        by_rule.setdefault(name, []).extend(store.quads_for_pattern(None, None, None, graph))
    if rule and rule not in by_rule:
        raise UsageError(
            f'No rule "{rule}" has inferred anything; these have: {", ".join(sorted(by_rule))}.'
        )
    chosen = [rule] if rule else by_rule
    return statements(store, [quad for name in chosen for quad in by_rule[name]], language)


def _offset(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 18 else 0  # no text is as long


def _place(source: Passage | Document) -> tuple[str, int] | tuple[str, str]:
    return source.place


def _rank(item: Evidence | Statement) -> tuple[Any, ...]:
    return item.rank
