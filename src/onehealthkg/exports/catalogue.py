"""The description of the data set as DCAT 3 and VoID, for catalogues.

https://www.w3.org/TR/vocab-dcat-3/ , https://www.w3.org/TR/void/

The counts describe the selection; triples are those of the merged graph, each fact once. A
vocabulary is listed if the data uses a predicate or class from it. The date is the newest date in
the data, so that the same data gives the same description.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, Triple

from onehealthkg.dataset.publication import (
    CREATOR,
    CREATOR_NAME,
    DESCRIPTIONS,
    LICENCE,
    RIGHTS,
    TITLE,
    in_languages,
)
from onehealthkg.evidence.facts import Facts
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.export import FORMATS
from onehealthkg.names import HOME, ID, PREFIXES, compact
from onehealthkg.rdf.read_write import turtle
from onehealthkg.terms import named_node

DATASET = NamedNode(HOME + "dataset")

_MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_KEYWORDS = {"en": ("One Health", "partnerships"), "fr": ("Une seule santé", "partenariats")}


def dcat(selection: Selection) -> bytes:
    """The description of a selection as Turtle."""
    return turtle([quad.triple for quad in describe(Facts(selection))])


def describe(facts: Facts) -> list[Quad]:
    """The description of a selection by its facts, in the default graph."""
    statements = {Quad(*triple) for part in (_catalogued, _counted) for triple in part(facts)}
    return sorted(statements, key=str)


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=named_node("xsd:integer"))


def _catalogued(facts: Facts) -> Iterator[Triple]:
    """Title, licence, version, distributions."""

    def said(predicate: str, value: NamedNode | Literal) -> Triple:
        return Triple(DATASET, named_node(predicate), value)

    yield from (said("rdf:type", named_node(name)) for name in ("dcat:Dataset", "void:Dataset"))
    yield said("dcterms:title", Literal(TITLE))
    yield from (said("dcterms:description", text) for text in in_languages(DESCRIPTIONS))
    yield from (said("dcterms:rights", text) for text in in_languages(RIGHTS))
    yield said("dcterms:license", NamedNode(LICENCE))
    yield from (said(role, CREATOR) for role in ("dcterms:creator", "dcterms:publisher"))
    yield Triple(CREATOR, named_node("rdf:type"), named_node("foaf:Agent"))
    yield Triple(CREATOR, named_node("foaf:name"), Literal(CREATOR_NAME))
    if facts.selection.version:
        yield said("dcat:version", Literal(facts.selection.version))
    yield said("dcat:landingPage", NamedNode(HOME))
    yield from (said("dcterms:language", NamedNode(_LANGUAGES + code)) for code in ("ENG", "FRA"))
    if facts.newest_date:
        yield said("dcterms:modified", Literal(facts.newest_date, datatype=named_node("xsd:date")))
    for language, words in _KEYWORDS.items():
        yield from (said("dcat:keyword", Literal(word, language=language)) for word in words)
    for name in FORMATS:
        node = NamedNode(f"{DATASET.value}#{name}")
        yield said("dcat:distribution", node)
        yield from _distribution(node, name)


def _distribution(node: NamedNode, name: str) -> Iterator[Triple]:
    yield Triple(node, named_node("rdf:type"), named_node("dcat:Distribution"))
    yield Triple(node, named_node("dcterms:title"), Literal(name))
    yield Triple(node, named_node("dcterms:license"), NamedNode(LICENCE))
    yield Triple(node, named_node("dcat:accessURL"), NamedNode(HOME))
    media_type = NamedNode(_MEDIA_TYPE + FORMATS[name].media_type)
    zipped = FORMATS[name].media_type.endswith("zip")
    yield Triple(node, named_node("dcat:packageFormat" if zipped else "dcat:mediaType"), media_type)


def _counted(facts: Facts) -> Iterator[Triple]:
    """The counts of triples, classes and properties, and the vocabularies."""
    uses, entities, subjects, objects = facts.counts
    counts = {
        "void:triples": sum(uses.values()),
        "void:distinctSubjects": subjects,
        "void:distinctObjects": objects,
        "void:properties": len(uses),
        "void:classes": len(entities),
        "void:documents": len(facts.things("oh:PressRelease", "foaf:Document")),
    }
    for name, count in counts.items():
        if count is not None:
            yield Triple(DATASET, named_node(name), _number(count))
    yield Triple(DATASET, named_node("void:uriSpace"), Literal(ID))
    terms = [compact(iri) for iri in (*uses, *entities)]
    used = {prefix for prefix, colon, _ in (term.partition(":") for term in terms) if colon}
    for prefix in used & PREFIXES.keys():
        yield Triple(DATASET, named_node("void:vocabulary"), NamedNode(PREFIXES[prefix]))
    yield from _parts("class", entities, "void:classPartition", "void:entities")
    yield from _parts("property", uses, "void:propertyPartition", "void:triples")


def _parts(kind: str, counts: Mapping[str, int], partition: str, number: str) -> Iterator[Triple]:
    for iri, count in counts.items():
        part = NamedNode(f"{DATASET.value}#{kind}-{quote(compact(iri), safe=':')}")
        yield Triple(DATASET, named_node(partition), part)
        yield Triple(part, named_node(f"void:{kind}"), NamedNode(iri))
        yield Triple(part, named_node(number), _number(count))
