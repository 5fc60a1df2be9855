"""What other vocabularies say of the concepts that ours are linked to, as a graph of its own.

The graph ``graph/enriched-<vocabulary>`` has, for each linked concept and for all that are broader,
up to the top: labels and definitions in English and French, ``skos:broader``, and
``owl:deprecated`` where the vocabulary has given the concept up; and of itself the source, the
licence and the day of the answers. Such a concept is an ``oh:ExternalConcept`` and no
``skos:Concept`` of ours: what must hold for our thesauri is not asked of it, and no name of a
thing is looked for among its labels.

Vocabularies say these things in several ways, which are all asked for:

- labels: ``skos:prefLabel``, SKOS-XL (https://www.w3.org/TR/skos-reference/skos-xl.html), and
  ``rdfs:label``; the first of these that there is. One without language, where none has one;
- definitions: ``skos:definition``, as a literal or a node with ``rdf:value``, the scope notes of
  MeSH (https://hhs.github.io/meshrdf/), ``skos:scopeNote``, ``schema:description``;
- broader: ``skos:broader``, ``meshv:broaderDescriptor``, within the vocabulary only;
- given up: ``owl:deprecated true``, ``meshv:active false``.

Levels are asked for one after the other, a circle once. The client keeps each answer, so what
breaks half-way goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from onehealthkg.errors import InputError, RemoteError
from onehealthkg.names import GRAPH, HOME, MAPPINGS, OH, PREFIXES, RDF_TYPE, SAME, expand
from onehealthkg.rdf.read_write import FORMATS, turtle
from onehealthkg.terms import Term, plain
from onehealthkg.vocabularies.client import Client
from onehealthkg.vocabularies.dump import refuse_in_xml
from onehealthkg.vocabularies.vocabulary import Vocabulary

BATCH = 50
MOST = 20_000
"""How many concepts one vocabulary may give: more is no hierarchy, but a flood."""
LANGUAGES = ("en", "fr")

_SKOS, _OWL, _DCTERMS = PREFIXES["skos"], PREFIXES["owl"], PREFIXES["dcterms"]
_XL = "http://www.w3.org/2008/05/skos-xl#"
_MESH = "http://id.nlm.nih.gov/mesh/vocab#"
_LABELS = (_SKOS + "prefLabel", _XL + "literalForm", PREFIXES["rdfs"] + "label")
_DEFINITIONS = (
    _SKOS + "definition",
    PREFIXES["rdf"] + "value",
    _MESH + "scopeNote",
    _SKOS + "scopeNote",
    PREFIXES["schema"] + "description",
)
_BROADER = (_SKOS + "broader", _MESH + "broaderDescriptor")
_GIVEN_UP = {(_OWL + "deprecated", "true"), (_MESH + "active", "false")}
_OWN = (*_LABELS, *_DEFINITIONS, *_BROADER, *(one for one, _ in sorted(_GIVEN_UP)))
_BY_NODE = (
    (_XL + "prefLabel", _XL + "literalForm"),
    (_SKOS + "definition", PREFIXES["rdf"] + "value"),
    (_MESH + "preferredConcept", _MESH + "scopeNote"),
)

Said = tuple[str, str, Term]  # concept, property, value
Source = Callable[[Sequence[str]], Iterable[tuple[list[Said], str]]]


class Enriched(NamedTuple):
    """What a vocabulary says: the triples of its graph, and numbers of concepts.

    ``linked`` are those asked for, ``broader`` those above them; ``obsolete`` and ``unknown`` are
    the IRIs of linked ones that the vocabulary has given up, or says nothing of.
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


def linked(store: Store, one: Vocabulary) -> list[str]:
    """The concepts of a vocabulary that things of ours are linked to, sorted."""
    found = {
        quad.object.value
        for name in (*MAPPINGS, *SAME)
        for quad in store.quads_for_pattern(None, NamedNode(expand(name)), None)
        if isinstance(quad.object, NamedNode) and plain(quad.subject).startswith(HOME)
    }
    return sorted(iri for iri in found if one.has(iri))


def endpoint(client: Client, one: Vocabulary) -> Source:
    """What an endpoint says of concepts; RemoteError where it does not answer."""

    def ask(concepts: Sequence[str]) -> Iterator[tuple[list[Said], str]]:
        asked = client.batches(
            one.endpoint, concepts, _query, size=BATCH, rate=one.rate, rows=one.rows
        )
        for some, found in asked:
            places = [found.variables.index(name) for name in ("concept", "property", "value")]
            said = [tuple(row[place] for place in places) for row in found.rows]
            yield _checked(said, some, one.endpoint), found.date

    return ask


def dump(path: Path, day: str) -> Source:
    """What a file with a vocabulary says of concepts; InputError where it cannot be read.

    The file is read once, triple by triple; only what may be asked for is kept.
    """
    wanted = {*_OWN, *(name for pair in _BY_NODE for name in pair)}
    store = Store()
    rdf_format = FORMATS.get(path.suffix)
    if rdf_format is None:
        raise InputError(f"{path}: the name must end in one of {', '.join(sorted(FORMATS))}.")
    if rdf_format == RdfFormat.RDF_XML:
        refuse_in_xml(path)
    try:
        store.extend(
            Quad(*quad.triple)
            for quad in parse(path=str(path), format=rdf_format)
            if quad.predicate.value in wanted and _is_read(quad.object)
        )
    except (OSError, SyntaxError) as error:
        raise InputError(f"{path}: cannot be read: {error}.") from None

    def ask(concepts: Sequence[str]) -> Iterator[tuple[list[Said], str]]:
        found = store.query(_query(concepts))
        if isinstance(found, QuerySolutions):
            rows = [(one["concept"], one["property"], one["value"]) for one in found]
            yield _checked(rows, concepts, str(path)), day

    return ask


def enrich(one: Vocabulary, concepts: Sequence[str], ask: Source, source: str) -> Enriched:
    """What a source says of concepts and of those above them; ``source`` is its IRI.

    Raises RemoteError where more than ``MOST`` concepts are above these.
    """
    said: dict[str, list[Said]] = {}
    days: list[str] = []
    waiting = sorted(set(concepts))
    while waiting:
        said |= {concept: [] for concept in waiting}
        if len(said) > MOST:
            raise RemoteError(f"{source}: {one.name} has more than {MOST} concepts above ours.")
        for rows, day in ask(waiting):
            days.append(day)
            for row in rows:
                said[row[0]].append(row)
        above = {x for concept in waiting for x in _broader(said[concept], one)}
        waiting = sorted(above - said.keys())
    known = {concept: list(_concept(concept, rows, one)) for concept, rows in said.items() if rows}
    triples = [*_graph(one, source, min(days, default=""))]
    triples += [triple for rows in known.values() for triple in rows]
    return Enriched(
        tuple(triples),
        len(set(concepts)),
        len(known.keys() - set(concepts)),
        tuple(sorted(x for x in set(concepts) & known.keys() if _is_given_up(said[x]))),
        tuple(sorted(set(concepts) - known.keys())),
    )


def _query(concepts: Sequence[str]) -> str:
    def listed(names: Iterable[str]) -> str:
        return " ".join(f"<{name}>" for name in names)

    pairs = " ".join(f"({listed(pair)})" for pair in _BY_NODE)
    tags = ", ".join(f'"{tag}"' for tag in ("", "mul", *LANGUAGES))
    return (
        "SELECT DISTINCT ?concept ?property ?value WHERE { "
        f"VALUES ?concept {{ {listed(concepts)} }} "
        f"{{ VALUES ?property {{ {listed(_OWN)} }} ?concept ?property ?value }} UNION "
        f"{{ VALUES (?via ?property) {{ {pairs} }} ?concept ?via ?node . ?node ?property ?value }} "
        f"FILTER(isIRI(?value) || (isLiteral(?value) && LCASE(LANG(?value)) IN ({tags}))) }}"
    )


def _is_read(term: Term) -> bool:
    """Whether a value of a dump may be asked for; most are labels in other languages."""
    return not isinstance(term, Literal) or (term.language or "") in ("", "mul", *LANGUAGES)


def _checked(rows: Iterable[Sequence[Term | None]], asked: Sequence[str], place: str) -> list[Said]:
    """The rows of an answer, in order; RemoteError for one about what was not asked for."""
    wanted = set(asked)
    said = set()
    for concept, name, value in rows:
        if plain(concept) not in wanted or not isinstance(concept, NamedNode):
            raise RemoteError(f"{place}: the answer is about {concept}, which was not asked for.")
        if isinstance(name, NamedNode) and value and not isinstance(value, BlankNode | Triple):
            said.add((concept.value, name.value, value))
    return sorted(said, key=str)


def _broader(rows: Iterable[Said], one: Vocabulary) -> Iterator[str]:
    for _, name, value in rows:
        if name in _BROADER and isinstance(value, NamedNode) and one.has(value.value):
            yield value.value


def _is_given_up(rows: Iterable[Said]) -> bool:
    truths = {"1": "true", "0": "false"}  # as Virtuoso writes them
    return any(
        (name, truths.get(plain(value), plain(value))) in _GIVEN_UP for _, name, value in rows
    )


def _words(rows: Sequence[Said], names: Sequence[str]) -> Iterator[Literal]:
    """A text for each language, by the first of some properties that has any."""
    found = [
        [v for _, own, v in rows if own == name and isinstance(v, Literal) and v.value.strip()]
        for name in names
    ]
    for kind in found:
        by_tag = {(one.language or "").lower(): one for one in reversed(kind)}
        tags: list[str] = [tag for tag in LANGUAGES if tag in by_tag]
        tags += [tag for tag in ("mul", "") if tag in by_tag][: not tags]
        yield from (by_tag[tag] for tag in tags)
        if tags:
            return


def _concept(iri: str, rows: Sequence[Said], one: Vocabulary) -> Iterator[Triple]:
    concept = NamedNode(iri)
    yield Triple(concept, NamedNode(RDF_TYPE), NamedNode(OH + "ExternalConcept"))
    for name, known in (("prefLabel", _LABELS), ("definition", _DEFINITIONS)):
        for text in _words(rows, known):
            yield Triple(concept, NamedNode(_SKOS + name), text)
    for above in sorted(set(_broader(rows, one))):
        yield Triple(concept, NamedNode(_SKOS + "broader"), NamedNode(above))
    if _is_given_up(rows):
        yield Triple(concept, NamedNode(_OWL + "deprecated"), _typed("true", "boolean"))


def _graph(one: Vocabulary, source: str, day: str) -> Iterator[Triple]:
    home = NamedNode(f"{GRAPH}enriched-{one.name}")
    yield Triple(home, NamedNode(RDF_TYPE), NamedNode(OH + "CuratedGraph"))
    for words, tag in ((f"Concepts of {one.label}", "en"), (f"Concepts de {one.label}", "fr")):
        yield Triple(home, NamedNode(_DCTERMS + "title"), Literal(words, language=tag))
    yield Triple(home, NamedNode(_DCTERMS + "source"), NamedNode(source))
    if day:
        yield Triple(home, NamedNode(_DCTERMS + "date"), _typed(day, "date"))
    if one.licence:
        yield Triple(home, NamedNode(_DCTERMS + "license"), NamedNode(one.licence))


def _typed(words: str, kind: str) -> Literal:
    return Literal(words, datatype=NamedNode(PREFIXES["xsd"] + kind))
