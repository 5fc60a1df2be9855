"""The facts of a selection, looked up by subject and term, for pages and for exports.

Terms are written in short form, ``oh:party``. Values are sorted; if there are several languages,
words are in that of the selection, else in English, else in any.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from onehealthkg.evidence.about import HAS_PART, PART_OF
from onehealthkg.evidence.evidence import (
    ASSUMED,
    ASSUMPTION,
    BASES,
    INFERRED,
    RULE,
    Evidence,
    graph_evidence,
    graph_kind,
)
from onehealthkg.evidence.lookup import Counts, Subject
from onehealthkg.evidence.selection import Selection, StoredSelection
from onehealthkg.labels import best_text, label
from onehealthkg.names import compact, expand
from onehealthkg.terms import Term, named_node, plain

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Facts:
    """The statements of a selection, and the evidence for each."""

    def __init__(self, selection: Selection | StoredSelection) -> None:
        self.selection = selection
        self._lookup = selection.lookup
        self._backing: dict[NamedNode, Evidence] = {}
        self._bases: dict[NamedNode, str] = {}
        self._labels: dict[Term, str] = {}

    @cached_property
    def newest_date(self) -> str:
        """The newest full date in the data on which something was created or issued."""
        names = ("dcterms:created", "dcterms:issued", "dcterms:modified")
        dates = (plain(date) for name in names for _, date in self.pairs(name))
        return max(filter(_DAY.fullmatch, dates), default="")

    def things(self, *classes: str) -> list[NamedNode]:
        """The things of any of these classes, sorted."""
        if len(classes) == 1:
            return self._lookup.things(expand(classes[0]))
        found = {thing for class_ in classes for thing in self._lookup.things(expand(class_))}
        return sorted(found, key=str)

    def values(self, subject: Term, *predicates: str) -> list[Term]:
        """The objects of a thing with any of these predicates, in their order."""
        facts = self._lookup.about(subject)
        found = (value for name in predicates for value in facts.get(expand(name), ()))
        return list(dict.fromkeys(found))

    def nodes(self, subject: Term, *predicates: str) -> list[NamedNode]:
        """The objects that are things."""
        return [term for term in self.values(subject, *predicates) if isinstance(term, NamedNode)]

    def words(self, subject: Term, *predicates: str) -> str:
        """One text, date or IRI of a thing, or empty."""
        found = self.values(subject, *predicates)
        order = [self.selection.language, "en", None]
        for language in order:
            for word in found:
                if (word.language if isinstance(word, Literal) else None) == language:
                    return plain(word)
        return plain(found[0]) if found else ""

    def label(self, thing: Term) -> str:
        """The label of a thing, or its short form."""
        if thing not in self._labels:
            self._labels[thing] = label(self.selection.store, thing, self.selection.language)
        return self._labels[thing]

    def learn_labels(self, texts: Mapping[NamedNode, Iterable[Literal]]) -> None:
        """Take the labels of many things from their preferred labels in all languages."""
        language = self.selection.language
        self._labels |= {thing: best_text(its, language) for thing, its in texts.items() if its}

    def pairs(self, predicate: str, class_: str = "") -> Iterator[tuple[Subject, Term]]:
        """The subjects and objects of a predicate, in any order; limited to things of a class."""
        return self._lookup.pairs(expand(predicate), expand(class_))

    def triples(self, *predicates: str) -> list[Triple]:
        """The triples with any of these predicates; those in memory are in their order."""
        return [
            Triple(subject, named_node(name), term)
            for name in predicates
            for subject, term in self.pairs(name)
        ]

    @property
    def counts(self) -> Counts:
        """The numbers of statements."""
        return self._lookup.counts

    def all_triples(self) -> Iterable[Triple]:
        """All triples; those in memory are in their order."""
        return self._lookup.triples()

    def all_graphs(self) -> Iterable[NamedNode]:
        """All named graphs, in any order."""
        return self._lookup.named_graphs()

    def about(self, subject: NamedNode) -> list[Triple]:
        """The triples of a thing."""
        facts = self._lookup.about(subject)
        return [Triple(subject, NamedNode(name), fact) for name in facts for fact in facts[name]]

    def naming(self, thing: NamedNode, *predicates: str) -> list[Triple]:
        """The triples with a thing as object, limited to these predicates if any are given."""
        return self._lookup.naming(thing, map(expand, predicates))

    def of(self, subject: NamedNode, predicate: str) -> list[Triple]:
        """The triples of a thing with a predicate, sorted."""
        node = named_node(predicate)
        return [Triple(subject, node, term) for term in self.values(subject, predicate)]

    def parts(self, whole: NamedNode, without: Container[NamedNode] = ()) -> list[NamedNode]:
        """The parts of an agreement, recursively (``about.PART_OF``), except ``without``."""
        found = {whole: None}
        waiting = [whole]
        while waiting:
            thing = waiting.pop(0)
            parts = [triple.subject for triple in self.naming(thing, *PART_OF)]
            parts += self.nodes(thing, *HAS_PART)
            new = [part for part in parts if isinstance(part, NamedNode)]
            new = [part for part in new if part not in found and part not in without]
            found.update(dict.fromkeys(new))
            waiting += new
        return list(found)[1:]

    def graphs(self, triple: Triple) -> list[NamedNode]:
        """The named graphs that hold a triple, sorted; empty if the evidence is left out."""
        return self._lookup.graphs(triple)

    def backing(self, graph: NamedNode) -> Evidence:
        """A graph as evidence."""
        if graph not in self._backing:
            self._backing[graph] = graph_evidence(
                self.selection.store, graph, self.selection.language
            )
        return self._backing[graph]

    def evidence(self, triple: Triple) -> list[Evidence]:
        """All evidence for a triple, stated facts first."""
        return sorted(map(self.backing, self.graphs(triple)), key=lambda evidence: evidence.rank)

    def basis(self, triple: Triple) -> str:
        """The best basis of a triple, one of ``BASES``, or empty."""
        kinds = {self._basis(graph) for graph in self.graphs(triple)}
        return next((kind for kind in BASES if kind in kinds), "")

    def _basis(self, graph: NamedNode) -> str:
        """The basis of what a graph states, by its description alone."""
        if graph not in self._bases:
            types = map(plain, self.values(graph, "rdf:type"))
            kind = graph_kind(types, is_passage=bool(self.values(graph, "oa:hasSource")))
            rules = self.values(graph, RULE.value)[:1] if kind == INFERRED else []
            is_assumed = any(self.values(rule, ASSUMPTION.value) for rule in rules)
            self._bases[graph] = ASSUMED if is_assumed else kind
        return self._bases[graph]

    def uses(self, term: NamedNode) -> int:
        """The number of triples that have a term as predicate or as object."""
        return self.counts.predicates.get(term.value, 0) + self._lookup.count_naming(term)

    def first_said(self, triples: Iterable[Triple]) -> str:
        """The date of the oldest document behind the triples, or empty."""
        backing = [evidence for triple in triples for evidence in self.evidence(triple)]
        documents = {passage.document for evidence in backing for passage in evidence.passages}
        documents |= {each.iri for evidence in backing for each in evidence.documents}
        dates = (self.words(NamedNode(document), "dcterms:issued") for document in documents)
        return min(filter(None, dates), default="")

    def kind(self, thing: NamedNode) -> str:
        """The kind of a thing, one word in all languages: ``agreement``, ``topic``.

        It is the first word of the thing's own name, which is ``id:<kind>-<words>``; for other
        things, such as documents, the name of the class: ``press-release``.
        """
        name = compact(thing.value)
        if name.startswith("id:"):
            return name.removeprefix("id:").partition("-")[0]
        types = sorted(compact(plain(term)) for term in self.values(thing, "rdf:type"))
        named = (type_name.rpartition(":")[2] for type_name in types)
        return next((re.sub("(?<!^)([A-Z])", r"-\1", name).lower() for name in named), "thing")
