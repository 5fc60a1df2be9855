"""RDF exports: Turtle, N-Triples and RDF/XML of the facts, TriG and N-Quads of everything.

The forms without named graphs hold the RDF merge: each fact once. All are sorted, so that the same
graph gives the same bytes and a change shows as a few changed lines.

RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/) is written here, because pyoxigraph 0.5 writes
an element without a name for a predicate that ends in a digit, and characters that XML does not
have, and rdflib writes in the order of a set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from onehealthkg.errors import OutputError
from onehealthkg.names import PREFIXES, compact
from onehealthkg.rdf import read_write as formats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.dataset.selection import Selection

# The longest ending of an IRI that is a name in XML (https://www.w3.org/TR/xml-names/#NT-NCName).
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(rf"[{_START}][{_START}0-9.\xb7\u0300-\u036f\u203f-\u2040-]*$")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_IN_ATTRIBUTE = {"\t": "&#9;", "\n": "&#10;"}
_XSD_STRING = PREFIXES["xsd"] + "string"


def turtle(selection: Selection) -> bytes:
    """The facts as Turtle."""
    return formats.turtle(selection.triples)


def trig(selection: Selection) -> bytes:
    """Everything as TriG."""
    return formats.trig(selection.quads)


def ntriples(selection: Selection) -> bytes:
    """The facts as N-Triples."""
    return ntriples_of(selection.triples)


def nquads(selection: Selection) -> bytes:
    """Everything as N-Quads."""
    return formats.nquads(selection.quads)


def rdfxml(selection: Selection) -> bytes:
    """The facts as RDF/XML; OutputError as ``rdfxml_of``."""
    return rdfxml_of(selection.triples)


def ntriples_of(triples: Iterable[Triple]) -> bytes:
    """Triples as sorted N-Triples."""
    return "".join(sorted(f"{triple} .\n" for triple in set(triples))).encode()


def rdfxml_of(triples: Iterable[Triple]) -> bytes:
    """Triples as sorted RDF/XML, an element a statement.

    Raises OutputError for what RDF/XML cannot say: a predicate whose IRI does not end in a name,
    and characters that XML does not have.
    """
    ordered = sorted(set(triples), key=lambda triple: (str(triple.subject), _rank(triple)))
    prefixes = _declared(triple.predicate for triple in ordered)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<rdf:RDF"]
    lines += [f'    xmlns:{prefix}="{_text(iri)}"' for iri, prefix in prefixes.items()]
    lines[-1] += ">"
    for subject, group in groupby(ordered, key=lambda triple: triple.subject):
        lines.append(f"  <rdf:Description {_node('about', subject)}>")
        lines += [f"    {_statement(triple, prefixes)}" for triple in group]
        lines.append("  </rdf:Description>")
    return "\n".join([*lines, "</rdf:RDF>", ""]).encode()


def _rank(triple: Triple) -> tuple[bool, str, str]:
    predicate = triple.predicate.value
    return predicate != PREFIXES["rdf"] + "type", compact(predicate), str(triple.object)


def _declared(predicates: Iterable[NamedNode]) -> dict[str, str]:
    """The namespaces of predicates with their prefixes: ours, and ns1, ns2 ... for others."""
    known = {iri: prefix for prefix, iri in PREFIXES.items()}
    spaces = {_split(predicate)[0] for predicate in predicates}
    others = {iri: f"ns{n}" for n, iri in enumerate(sorted(spaces - known.keys()), 1)}
    used = {iri: (known | others)[iri] for iri in spaces | {PREFIXES["rdf"]}}
    return dict(sorted(used.items(), key=lambda item: item[1]))


def _split(predicate: NamedNode) -> tuple[str, str]:
    """Namespace and name of a predicate."""
    iri = predicate.value
    start = PREFIXES.get(compact(iri).partition(":")[0], "")
    if start and _NAME.match(iri, len(start)):
        return start, iri[len(start) :]
    found = _NAME.search(iri)
    if not found:
        raise OutputError(
            f"<{iri}> cannot be a predicate in RDF/XML, because it does not end in a name; "
            "choose another format, such as Turtle."
        )
    return iri[: found.start()], found.group()


def _statement(triple: Triple, prefixes: dict[str, str]) -> str:
    space, name = _split(triple.predicate)
    tag = f"{prefixes[space]}:{name}"
    term = triple.object
    if not isinstance(term, Literal):
        return f"<{tag} {_node('resource', term)}/>"
    kind = ""
    if term.direction:
        raise OutputError(f"{term}: RDF/XML loses the direction of a text; choose Turtle.")
    if term.language:
        kind = f' xml:lang="{_text(term.language)}"'
    elif term.datatype.value != _XSD_STRING:
        kind = f' rdf:datatype="{_text(term.datatype.value)}"'
    return f"<{tag}{kind}>{_text(term.value, {})}</{tag}>"


def _node(attribute: str, term: object) -> str:
    if isinstance(term, BlankNode):
        return f'rdf:nodeID="{term.value}"'
    if isinstance(term, NamedNode):
        return f'rdf:{attribute}="{_text(term.value)}"'
    raise OutputError(f"{term} cannot be written as RDF/XML; choose another format, such as rdf12.")


def _text(text: str, escapes: dict[str, str] = _IN_ATTRIBUTE) -> str:
    found = _NO_XML.search(text)
    if found:
        raise OutputError(
            f"{text!r} cannot be written as RDF/XML: XML has no character "
            f"U+{ord(found.group()):04X}; choose another format, such as Turtle."
        )
    return "".join(_escaped(text, _ESCAPES | escapes))


def _escaped(text: str, escapes: dict[str, str]) -> Iterator[str]:
    for character in text:
        yield escapes.get(character, character)


def merged(quads: Iterable[Quad]) -> list[Triple]:
    """The triples of quads, each once, sorted."""
    return sorted({quad.triple for quad in quads}, key=str)
