"""Statements of other vocabularies about concepts linked to ours, as separate graphs.

The graph ``graph/enriched-<vocabulary>`` has, for each linked concept and for all that are broader,
up to the top: labels and definitions in English and French, ``skos:broader``, and
``owl:deprecated`` if the vocabulary has deprecated the concept; and for the graph itself the
source, the licence and the day of the answers. Such a concept is an ``oh:ExternalConcept``, not a
``skos:Concept`` of ours: the rules for our thesauri do not apply to it, and its labels do not name
our things.

Vocabularies use several properties for these, which ``properties`` lists. For labels and
definitions the first property with a value is used, and a value without a language only if it is
the only one. Only broader concepts in the vocabulary itself count.

Levels are fetched one after the other; a concept in a cycle is fetched once. The client caches each
answer, so an interrupted run resumes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from onehealthkg.endpoints.client import Client
from onehealthkg.errors import RemoteError
from onehealthkg.names import COUNTERPARTS, GRAPH, HOME, OH, PREFIXES, RDF_TYPE, expand
from onehealthkg.rdf.read_write import turtle
from onehealthkg.terms import Term, plain
from onehealthkg.vocabularies.dump import read_dump
from onehealthkg.vocabularies.properties import (
    BROADER,
    DEFINITIONS,
    LABELS,
    OBSOLETE,
    PREF,
    REPLACED_BY,
    TEXT_OF_NODE,
    TEXTS_BY_NODE,
    is_obsolete,
    language_of,
)
from onehealthkg.vocabularies.vocabulary import Vocabulary

BATCH = 50
MOST = 20_000
"""The limit on concepts from one vocabulary: more cannot be a hierarchy."""
LANGUAGES = ("en", "fr")

_SKOS, _OWL, _DCTERMS = PREFIXES["skos"], PREFIXES["owl"], PREFIXES["dcterms"]
_LABELS = tuple(iri for iri, kind in LABELS.items() if kind == PREF)
_DEFINITIONS = (DEFINITIONS[0], TEXT_OF_NODE, *DEFINITIONS[1:])
_OWN = (*_LABELS, *_DEFINITIONS, *BROADER, *REPLACED_BY, *OBSOLETE)

_COLUMNS = ("concept", "property", "value")

Statement = tuple[str, str, Term]
"""Concept, property, value."""
Source = Callable[[Sequence[str]], Iterable[tuple[list[Statement], str]]]
"""A function from concepts to statements about some of them at a time, with the answer's day."""


class Enriched(NamedTuple):
    """The result for a vocabulary: the triples of its graph, and numbers of concepts.

    ``linked`` are those requested, ``broader`` those above them; ``obsolete`` and ``unknown`` are
    the IRIs of linked concepts that the vocabulary has deprecated, or does not contain.
    """

    triples: tuple[Triple, ...]
    linked: int
    broader: int
    obsolete: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The Turtle file, the same for the same answers."""
        return turtle(self.triples)


def linked(store: Store, vocabulary: Vocabulary) -> list[str]:
    """The concepts of a vocabulary to which our things are linked, sorted."""
    targets = {
        quad.object.value
        for name in COUNTERPARTS
        for quad in store.quads_for_pattern(None, NamedNode(expand(name)), None)
        if isinstance(quad.object, NamedNode) and plain(quad.subject).startswith(HOME)
    }
    return sorted(iri for iri in targets if vocabulary.has(iri))


def from_endpoint(client: Client, vocabulary: Vocabulary) -> Source:
    """A source that queries an endpoint; RemoteError if it does not answer."""

    def ask(concepts: Sequence[str]) -> Iterator[tuple[list[Statement], str]]:
        batches = client.batches(
            vocabulary.endpoint,
            concepts,
            _query,
            size=BATCH,
            rate=vocabulary.rate,
            rows=vocabulary.rows,
        )
        for batch, solutions in batches:
            columns = [solutions.variables.index(name) for name in _COLUMNS]
            rows = [tuple(row[column] for column in columns) for row in solutions.rows]
            yield _checked(rows, batch, vocabulary.endpoint), solutions.date

    return ask


def from_dump(path: Path, day: str) -> Source:
    """A source that reads a vocabulary's file; InputError if it cannot be read.

    The file is read once, statement by statement; only relevant statements are kept.
    """
    predicates = {*_OWN, *(iri for way in TEXTS_BY_NODE for iri in way)}
    store = Store()
    store.extend(read_dump(path, predicates))

    def ask(concepts: Sequence[str]) -> Iterator[tuple[list[Statement], str]]:
        solutions = store.query(_query(concepts))
        assert isinstance(solutions, QuerySolutions)  # noqa: S101  a SELECT gives these
        rows = [tuple(solution[name] for name in _COLUMNS) for solution in solutions]
        yield _checked(rows, concepts, str(path)), day

    return ask


def enrich(vocabulary: Vocabulary, concepts: Sequence[str], ask: Source, source: str) -> Enriched:
    """The statements of a source about concepts and those above them; ``source`` is its IRI.

    Raises RemoteError if there are more than ``MOST`` concepts above these.
    """
    statements: dict[str, list[Statement]] = {}
    days: list[str] = []
    waiting = sorted(set(concepts))
    while waiting:
        statements |= {concept: [] for concept in waiting}
        if len(statements) > MOST:
            raise RemoteError(
                f"{source}: {vocabulary.name} has more than {MOST} concepts above ours."
            )
        for batch, day in ask(waiting):
            days.append(day)
            for statement in batch:
                statements[statement[0]].append(statement)
        above = {up for concept in waiting for up in _broader(statements[concept], vocabulary)}
        waiting = sorted(above - statements.keys())
    described = {iri for iri, about in statements.items() if about}
    triples = [*_graph(vocabulary, source, min(days, default=""))]
    for iri in sorted(described):
        triples += _concept(iri, statements[iri], vocabulary)
    linked_concepts = set(concepts)
    obsolete = {iri for iri in linked_concepts & described if _is_obsolete(statements[iri])}
    return Enriched(
        tuple(triples),
        len(linked_concepts),
        len(described - linked_concepts),
        tuple(sorted(obsolete)),
        tuple(sorted(linked_concepts - described)),
    )


def _query(concepts: Sequence[str]) -> str:
    def listed(names: Iterable[str]) -> str:
        return " ".join(f"<{name}>" for name in names)

    pairs = " ".join(f"({listed(pair)})" for pair in TEXTS_BY_NODE)
    tags = ", ".join(f'"{tag}"' for tag in ("", "mul", *LANGUAGES))
    return (
        "SELECT DISTINCT ?concept ?property ?value WHERE { "
        f"VALUES ?concept {{ {listed(concepts)} }} "
        f"{{ VALUES ?property {{ {listed(_OWN)} }} ?concept ?property ?value }} UNION "
        f"{{ VALUES (?via ?property) {{ {pairs} }} ?concept ?via ?node . ?node ?property ?value }} "
        f"FILTER(isIRI(?value) || (isLiteral(?value) && LCASE(LANG(?value)) IN ({tags}))) }}"
    )


def _checked(
    rows: Iterable[Sequence[Term | None]], asked: Sequence[str], place: str
) -> list[Statement]:
    """The rows of an answer, in order; RemoteError for a row that was not requested."""
    iris = set(asked)
    statements = set()
    for concept, predicate, value in rows:
        if plain(concept) not in iris or not isinstance(concept, NamedNode):
            raise RemoteError(f"{place}: the answer is about {concept}, which was not requested.")
        if isinstance(predicate, NamedNode) and value and not isinstance(value, BlankNode | Triple):
            statements.add((concept.value, predicate.value, value))
    return sorted(statements, key=str)


def _broader(statements: Iterable[Statement], vocabulary: Vocabulary) -> Iterator[str]:
    for _, predicate, value in statements:
        if predicate in BROADER and isinstance(value, NamedNode) and vocabulary.has(value.value):
            yield value.value


def _is_obsolete(statements: Iterable[Statement]) -> bool:
    return any(
        predicate in REPLACED_BY or is_obsolete(predicate, value)
        for _, predicate, value in statements
    )


def _texts(statements: Sequence[Statement], predicates: Sequence[str]) -> list[Literal]:
    """A text for each language, by the first of some properties that has a value."""
    for preferred in predicates:
        by_tag: dict[str, Literal] = {}
        for _, predicate, value in statements:
            if predicate == preferred and isinstance(value, Literal) and value.value.strip():
                by_tag.setdefault(language_of(value), value)
        tags: list[str] = [tag for tag in LANGUAGES if tag in by_tag]
        tags += [tag for tag in ("mul", "") if tag in by_tag][: not tags]
        if tags:
            return [by_tag[tag] for tag in tags]
    return []


def _concept(iri: str, statements: Sequence[Statement], vocabulary: Vocabulary) -> Iterator[Triple]:
    concept = NamedNode(iri)
    yield Triple(concept, NamedNode(RDF_TYPE), NamedNode(OH + "ExternalConcept"))
    for name, predicates in (("prefLabel", _LABELS), ("definition", _DEFINITIONS)):
        for text in _texts(statements, predicates):
            yield Triple(concept, NamedNode(_SKOS + name), text)
    for above in sorted(set(_broader(statements, vocabulary))):
        yield Triple(concept, NamedNode(_SKOS + "broader"), NamedNode(above))
    if _is_obsolete(statements):
        yield Triple(concept, NamedNode(_OWL + "deprecated"), _typed("true", "boolean"))


def _graph(vocabulary: Vocabulary, source: str, day: str) -> Iterator[Triple]:
    home = NamedNode(f"{GRAPH}enriched-{vocabulary.name}")
    yield Triple(home, NamedNode(RDF_TYPE), NamedNode(OH + "CuratedGraph"))
    for words, tag in (
        (f"Concepts of {vocabulary.label}", "en"),
        (f"Concepts de {vocabulary.label}", "fr"),
    ):
        yield Triple(home, NamedNode(_DCTERMS + "title"), Literal(words, language=tag))
    yield Triple(home, NamedNode(_DCTERMS + "source"), NamedNode(source))
    if day:
        yield Triple(home, NamedNode(_DCTERMS + "date"), _typed(day, "date"))
    if vocabulary.licence:
        yield Triple(home, NamedNode(_DCTERMS + "license"), NamedNode(vocabulary.licence))


def _typed(words: str, kind: str) -> Literal:
    return Literal(words, datatype=NamedNode(PREFIXES["xsd"] + kind))
