"""The names of things: prefixes, IRIs and their short forms.

A prefix means the same IRI in the whole project; the table below is its only definition. Things
of this project are ``id:<kind>-<words>``, terms of the ontology ``oh:``, shapes ``ohs:``;
documents, curated graphs, records, rules and inferences have a folder each.
"""

from collections.abc import Mapping
from functools import lru_cache

HOME = "https://w3id.org/onehealthkg/"
OH = HOME + "ontology#"
ONTOLOGY = HOME + "ontology"
ID = HOME + "id/"
SOURCE = HOME + "source/"
GRAPH = HOME + "graph/"
RULE = HOME + "rule/"
INFERENCE = HOME + "inference/"
NANOPUB = HOME + "nanopub/"
RECORD = HOME + "record/"

PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "epo": "http://data.europa.eu/a4g/ontology#",
    "euvoc": "http://publications.europa.eu/ontology/euvoc#",
    "fabio": "http://purl.org/spar/fabio/",
    "fibo-agr": "https://spec.edmcouncil.org/fibo/ontology/FND/Agreements/Agreements/",
    "fibo-ctr": "https://spec.edmcouncil.org/fibo/ontology/FND/Agreements/Contracts/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "frapo": "http://purl.org/cerif/frapo/",
    "gist": "https://w3id.org/semanticarts/ns/ontology/gist/",
    "graph": GRAPH,
    "id": ID,
    "inference": INFERENCE,
    "meshv": "http://id.nlm.nih.gov/mesh/vocab#",
    "nanopub": NANOPUB,
    "np": "http://www.nanopub.org/nschema#",
    "oa": "http://www.w3.org/ns/oa#",
    "oh": OH,
    "ohs": HOME + "shapes#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "record": RECORD,
    "rule": RULE,
    "schema": "http://schema.org/",
    "settings": "https://w3id.org/onehealthkg/settings#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "source": SOURCE,
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_BY_SPACE = {space: prefix for prefix, space in PREFIXES.items()}  # each ends with / or #

RDF_TYPE = PREFIXES["rdf"] + "type"
# The kinds of skos:exactMatch, skos:closeMatch ... (https://www.w3.org/TR/skos-reference/#mapping)
MATCH_KINDS = ("exact", "close", "broad", "narrow", "related")
MAPPINGS = tuple(f"skos:{kind}Match" for kind in MATCH_KINDS)
SAME_THING, RELATED_THING = "schema:sameAs", "rdfs:seeAlso"
"""Links of a body, person, place or programme; a SKOS mapping would make it a concept
(S19 and S39 of https://www.w3.org/TR/skos-reference/)."""

COUNTERPARTS = (*MAPPINGS, SAME_THING, "owl:sameAs", RELATED_THING)
"""The properties that lead from a thing to its counterpart elsewhere."""


@lru_cache(1 << 10)  # most names are those of terms that this program uses
def expand(name: str) -> str:
    """The IRI that a name stands for: ``id:x``, ``<https://...>`` or ``https://...``.

    A name in any other form is returned unchanged.
    """
    return expand_with(PREFIXES, name)


def expand_with(prefixes: Mapping[str, str], name: str) -> str:
    """The same with other prefixes."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return prefixes[prefix] + local
    return name


def compact(iri: str) -> str:
    """The short form of an IRI, ``id:organisation-anses``, or the IRI if no prefix fits."""
    end = len(iri)
    while end := max(iri.rfind("/", 0, end), iri.rfind("#", 0, end)) + 1:
        if prefix := _BY_SPACE.get(iri[:end]):
            return f"{prefix}:{iri[end:]}"
        end -= 1
    return iri


def local_name(iri: str) -> str:
    """The part after the last ``/`` or ``#``: ``organisation-anses``."""
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
