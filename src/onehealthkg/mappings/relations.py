"""The properties that link a thing to its external counterpart, by the kind of match.

Concepts have the mapping properties of SKOS, whose domain and range are concepts
(https://www.w3.org/TR/skos-reference/#mapping). A body, person, place or programme has
``schema:sameAs`` for an exact match, and ``rdfs:seeAlso`` for a close or related one.
"""

from onehealthkg.kinds import SCHEMES
from onehealthkg.names import MAPPINGS, RELATED_THING, SAME_THING, local_name

EXACT = ("skos:exactMatch", SAME_THING)
RELATIONS = (*MAPPINGS, SAME_THING, RELATED_THING)


def is_concept(thing: str) -> bool:
    """Whether an IRI or CURIE has the form of a concept of this project."""
    return local_name(thing).rpartition(":")[2].partition("-")[0] in SCHEMES


def relation(thing: str, kind: str) -> str:
    """The property for a link of a kind, such as ``exact`` or ``close``, from a thing."""
    if is_concept(thing):
        return f"skos:{kind}Match"
    return SAME_THING if kind == "exact" else RELATED_THING


def kind_of(predicate: str) -> str:
    """``exact``, ``close``, ``broad``, ``narrow`` or ``related``, by the property of a link."""
    if predicate in EXACT:
        return "exact"
    return "related" if predicate == RELATED_THING else predicate[len("skos:") : -len("Match")]
