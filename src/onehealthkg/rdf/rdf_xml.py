"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/): written by pyoxigraph, if possible.

pyoxigraph 0.5 writes an element without a name for a predicate that does not end in a name, writes
characters that XML forbids, and writes a text with a direction as RDF 1.2, which few programs read.
So these are refused beforehand. It also writes carriage returns as they are. A type that is the
first statement of a thing also becomes the name of an element, so a type that does not end in a
name comes last.
"""

import re
from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from onehealthkg.errors import OutputError
from onehealthkg.names import PREFIXES, RDF_TYPE, compact
from onehealthkg.safe import NOT_IN_XML, with_carriage_returns

# The longest ending of an IRI that is a name in XML (https://www.w3.org/TR/xml-names/#NT-NCName).
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(rf"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f-\u2040-]*$")
# Elements that do not name a property: https://www.w3.org/TR/rdf-syntax-grammar/#propertyElementURIs
# and rdf:li, which stands for rdf:_1, rdf:_2 ...
_RESERVED = frozenset(
    PREFIXES["rdf"] + name
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)


def rdf_xml(triples: Iterable[Triple]) -> bytes:
    """Triples as sorted RDF/XML, an element for each statement.

    Raises OutputError for what RDF/XML cannot express: a predicate whose IRI does not end in a name
    or is reserved, characters that XML forbids, a text with a direction, a triple as a term, and a
    thing whose only statement is a type that does not end in a name.
    """
    ordered = sorted(set(triples), key=_order)
    for predicate in {triple.predicate.value for triple in ordered}:
        _refuse_predicate(predicate)
    for triple in ordered:
        _refuse_object(triple.object)
    for _, statements in groupby(ordered, key=lambda triple: triple.subject):
        _refuse_type(next(statements))
    names = {triple.predicate.value for triple in ordered} | {*map(_type, ordered)}
    starts = {_NAME.sub("", name) for name in names}
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if iri in starts}
    data = serialize(ordered, format=RdfFormat.RDF_XML, prefixes=prefixes) or b""
    return with_carriage_returns(data)


def _order(triple: Triple) -> tuple[str, int, str, str]:
    """By subject; a type that can name an element first, one that cannot last."""
    kind = _type(triple)
    place = 1 if not kind else 0 if _NAME.search(kind) else 2
    return str(triple.subject), place, compact(triple.predicate.value), str(triple.object)


def _type(triple: Triple) -> str:
    """The IRI of the class, if the triple states one."""
    is_type = triple.predicate.value == RDF_TYPE
    return triple.object.value if is_type and isinstance(triple.object, NamedNode) else ""


def _refuse_type(triple: Triple) -> None:
    kind = _type(triple)
    if kind and not _NAME.search(kind):
        raise OutputError(
            f"{triple.subject} has only the type {triple.object}, which does not end "
            "in a name; choose another format than RDF/XML, such as Turtle."
        )


def _refuse_predicate(iri: str) -> None:
    if not _NAME.search(iri):
        raise OutputError(
            f"<{iri}> cannot be a predicate in RDF/XML, because it does not end in a name; "
            "choose another format, such as Turtle."
        )
    if iri in _RESERVED:
        raise OutputError(
            f"<{iri}> cannot be a predicate in RDF/XML, where it is part of the syntax; "
            "choose another format, such as Turtle."
        )


def _refuse_object(term: object) -> None:
    if isinstance(term, Triple):
        raise OutputError(f"{term} cannot be written as RDF/XML; choose another format, as rdf12.")
    if not isinstance(term, Literal):
        return
    if term.direction:
        raise OutputError(f"{term}: RDF/XML loses the direction of a text; choose Turtle.")
    character = NOT_IN_XML.search(term.value)
    if character:
        raise OutputError(
            f"{term.value!r} cannot be written as RDF/XML: XML has no character "
            f"U+{ord(character.group()):04X}; choose another format, such as Turtle."
        )
