"""The kinds of things, each defined by a class or by a concept scheme.

Things of this project are named ``id:<kind>-<words>``; documents, passages and rules follow
patterns of their own, and a modality is a term of the ontology.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from onehealthkg.names import ID
from onehealthkg.terms import QuadSource, named_node, subjects

CLASSES = {
    "agreement": "oh:Arrangement",
    "alternative": "oh:AlternativeValue",
    "document": "oh:PressRelease",
    "funding": "schema:Grant",
    "organisation": "org:Organization",
    "partnership": "oh:Partnership",
    "passage": "oh:Passage",
    "person": "foaf:Person",
    "place": "dcterms:Location",
    "post": "org:Post",
    "predecessor": "oh:PredecessorInWords",
    "programme": "oh:Programme",
    "rule": "oh:InferenceRule",
    "signature": "oh:Signature",
    "undertaking": "oh:Undertaking",
}
SCHEMES = {
    "activity": "id:scheme-activities",
    "aim": "id:scheme-aims",
    "audience": "id:scheme-audiences",
    "category": "id:scheme-categories",
    "kind": "id:scheme-kinds",
    "modality": "oh:modalities",
    "population": "id:scheme-populations",
    "topic": "id:scheme-topics",
}
KINDS = (*CLASSES, *SCHEMES)
WORDED = (
    *("activity", "aim", "category", "group", "kind", "topic"),
    *("organisation", "person", "place", "programme"),
)
"""The kinds of things whose names are words of their labels."""

_TYPE, _IN_SCHEME = named_node("rdf:type"), named_node("skos:inScheme")


def kind_of(thing: NamedNode) -> str:
    """The kind in the name of a thing, or empty."""
    name = thing.value.removeprefix(ID)
    return name.partition("-")[0] if name != thing.value else ""


def members(store: QuadSource, kind: str) -> list[NamedNode]:
    """The things of a kind, sorted; KeyError for a kind that does not exist."""
    return sorted(subjects(store, *_defined_by(kind)), key=lambda thing: thing.value)


def is_a(store: QuadSource, thing: NamedNode, kind: str) -> bool:
    """Whether a thing is of a kind; KeyError for a kind that does not exist."""
    return next(store.quads_for_pattern(thing, *_defined_by(kind)), None) is not None


def _defined_by(kind: str) -> tuple[NamedNode, NamedNode]:
    """The property and value that the things of a kind have."""
    if kind in CLASSES:
        return _TYPE, named_node(CLASSES[kind])
    return _IN_SCHEME, named_node(SCHEMES[kind])
