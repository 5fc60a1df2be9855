"""The properties that vocabularies use to describe concepts: one table for all commands.

Supported are SKOS and SKOS-XL (https://www.w3.org/TR/skos-reference/), MeSH RDF, in which
descriptors have concepts and concepts have terms (https://hhs.github.io/meshrdf/), OWL as the OBO
ontologies use it (https://github.com/information-artifact-ontology/ontology-metadata), Wikidata,
EuroVoc, and the names of organisations, people and places in FOAF, schema.org and Dublin Core.

In each list the preferred property comes first.
"""

from __future__ import annotations

from pyoxigraph import Literal

from onehealthkg.names import PREFIXES, RDF_TYPE, expand_with
from onehealthkg.terms import Term, plain

PREF, ALT, NARROW = KINDS_OF_LABELS = ("pref", "alt", "narrow")
"""A preferred label, another label, and the label of something narrower or only related."""

_PREFIXES = PREFIXES | {
    "adms": "http://www.w3.org/ns/adms#",
    "adms-status": "http://purl.org/adms/status/",
    "gemet": "http://www.eionet.europa.eu/gemet/2004/06/gemet-schema.rdf#",
    "gvp": "http://vocab.getty.edu/ontology#",
    "iao": "http://purl.obolibrary.org/obo/IAO_",
    "iso-thes": "http://purl.org/iso25964/skos-thes#",
    "mads": "http://www.loc.gov/mads/rdf/v1#",
    "obo": "http://www.geneontology.org/formats/oboInOwl#",
    "status": "http://publications.europa.eu/resource/authority/concept-status/",
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "xl": "http://www.w3.org/2008/05/skos-xl#",
}


def _iris(names: str) -> tuple[str, ...]:
    return tuple(expand_with(_PREFIXES, name) for name in names.split())


def _by_kind(**names: str) -> dict[str, str]:
    return {iri: kind for kind in KINDS_OF_LABELS for iri in _iris(names[kind])}


LABELS = _by_kind(
    pref="skos:prefLabel xl:literalForm rdfs:label meshv:prefLabel foaf:name schema:name "
    "dcterms:title",
    alt="skos:altLabel skos:hiddenLabel meshv:altLabel schema:alternateName obo:hasExactSynonym "
    "iao:0000118",
    narrow="obo:hasBroadSynonym obo:hasNarrowSynonym obo:hasRelatedSynonym",
)
"""The properties whose values are labels, and the kind of label."""
LABEL_NODES = _by_kind(
    pref="xl:prefLabel meshv:preferredConcept meshv:preferredTerm",
    alt="xl:altLabel xl:hiddenLabel meshv:term",
    narrow="meshv:concept",
)
"""The properties that lead to a node with labels, and the best kind of these labels."""
DEFINITIONS = _iris(
    "skos:definition meshv:scopeNote skos:scopeNote iao:0000115 dcterms:description "
    "schema:description rdfs:comment"
)
"""A definition is a text, or a node with the text as its value (``TEXT_OF_NODE``)."""
[TEXT_OF_NODE] = _iris("rdf:value")
DEFINITION_NODES = (*DEFINITIONS, *_iris("meshv:preferredConcept"))
"""The properties that lead to a node with a definition."""
TEXTS_BY_NODE = (
    (*_iris("xl:prefLabel xl:literalForm"),),
    (*_iris("meshv:preferredConcept meshv:scopeNote"),),
    *((iri, TEXT_OF_NODE) for iri in DEFINITIONS),
)
"""The two-step paths to a preferred label or a definition: to a node, and from it to the text."""
BROADER = _iris("skos:broader meshv:broaderDescriptor rdfs:subClassOf wdt:P279")
NARROWER = _iris("skos:narrower")
REPLACED_BY = _iris("dcterms:isReplacedBy iao:0100001 schema:supersededBy")
"""The properties from an obsolete concept to its replacement."""
[REPLACES] = _iris("dcterms:replaces")
"""The inverse properties."""

_OBSOLETE = {
    *((iri, value) for iri in _iris("owl:deprecated") for value in ("true", "1")),
    *((iri, value) for iri in _iris("meshv:active") for value in ("false", "0")),
    *(
        (iri, value)
        for iri in _iris("euvoc:status")
        for value in _iris("status:DEPRECATED status:RETIRED")
    ),
    *(
        (iri, value)
        for iri in _iris("adms:status")
        for value in _iris("adms-status:Deprecated adms-status:Withdrawn")
    ),
    *((iri, value) for iri in _iris("vs:term_status") for value in ("deprecated", "archaic")),
    *(
        (RDF_TYPE, value)
        for value in _iris(
            "owl:DeprecatedClass obo:ObsoleteClass mads:DeprecatedAuthority gvp:ObsoleteSubject"
        )
    ),
}
OBSOLETE = tuple(sorted({iri for iri, _ in _OBSOLETE} - {RDF_TYPE}))
"""The properties, besides the type, that mark a concept as obsolete."""

_NO_CONCEPTS = frozenset(
    _iris(
        "skos:Collection skos:OrderedCollection skos:ConceptScheme iso-thes:ConceptGroup "
        "iso-thes:ThesaurusArray gemet:Group gemet:SuperGroup gemet:Theme rdf:Property "
        "owl:AnnotationProperty owl:DatatypeProperty owl:ObjectProperty owl:OntologyProperty "
        "owl:FunctionalProperty owl:InverseFunctionalProperty owl:TransitiveProperty "
        "owl:SymmetricProperty owl:DeprecatedProperty owl:Ontology rdfs:Datatype void:Dataset "
        "xl:Label"
    )
)
NOT_OF_CONCEPTS = frozenset(
    _iris(
        "skos:member skos:memberList skos:hasTopConcept rdfs:subPropertyOf rdfs:domain rdfs:range "
        "owl:inverseOf"
    )
)
"""The properties that only a collection, a concept scheme or a property has."""

CONCEPT_SCHEME = PREFIXES["skos"] + "ConceptScheme"
IN_SCHEME = frozenset(_iris("skos:inScheme skos:topConceptOf"))
"""The properties whose value is a concept scheme, and not a concept."""


def is_obsolete(predicate: str, value: Term) -> bool:
    """Whether a statement marks its subject as obsolete."""
    return (predicate, plain(value)) in _OBSOLETE


def excludes(predicate: str, value: Term) -> bool:
    """Whether a statement says that its subject is not a concept.

    SKOS collections and schemes are disjoint with concepts (S9, S37 of
    https://www.w3.org/TR/skos-reference/), and a mapping to a property would be false.
    """
    return predicate in NOT_OF_CONCEPTS or (predicate == RDF_TYPE and plain(value) in _NO_CONCEPTS)


def is_significant_type(kind: Term) -> bool:
    """Whether a type marks its subject as obsolete or as something other than a concept."""
    return excludes(RDF_TYPE, kind) or is_obsolete(RDF_TYPE, kind)


def language_of(literal: Literal) -> str:
    """The language tag of a literal in lower case, "" if it has none."""
    return (literal.language or "").lower()
