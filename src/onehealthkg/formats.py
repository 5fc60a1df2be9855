"""RDF files: which formats are read, and how TriG and N-Quads are written.

Reading is pyoxigraph's parser, which keeps literals as they are written. It never opens another
file or address: a remote JSON-LD context is an error. RDF/XML with a document type is refused,
because a few hundred bytes of nested entities (https://en.wikipedia.org/wiki/Billion_laughs_attack)
fill the memory of any XML parser that expands them.

Writing sorts: the same quads give the same bytes on every run and machine.
https://www.w3.org/TR/trig/ , https://www.w3.org/TR/n-quads/
"""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from onehealthkg.errors import InputError
from onehealthkg.files import decode, read_bytes
from onehealthkg.names import PREFIXES, RDF_TYPE, compact

FORMATS = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_-])?")
_LABELS = (RDF_TYPE, *(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel")))


def read_quads(path: Path) -> list[Quad]:
    """The quads of an RDF file, its format told by the ending of its name.

    Raises InputError with file, line and what is wrong. Triples of a format without named graphs,
    or outside a graph, are in the default graph.
    """
    rdf_format = FORMATS.get(path.suffix)
    if rdf_format is None:
        raise InputError(f"{path}: the name must end in one of {', '.join(sorted(FORMATS))}.")
    data = read_bytes(path)
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_document_type(data, path)
    try:
        quads = list(parse(data, format=rdf_format, rename_blank_nodes=True))
    except SyntaxError as error:
        decode(data, path)  # says it better where the cause is the encoding
        where = f"{path}:{error.lineno}:{error.offset}" if error.lineno else str(path)
        raise InputError(f"{where}: {error.msg}.") from None
    if any(isinstance(quad.object, Triple) for quad in quads):
        raise InputError(f"{path}: triple terms (RDF 1.2) are not read; use a passage's graph.")
    return quads


def _refuse_document_type(data: bytes, path: Path) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(
            f"{path}: RDF/XML with a document type or entities is not read; "
            "write the namespaces out, or convert the file to Turtle."
        )


def nquads(quads: Iterable[Quad]) -> bytes:
    """Sorted N-Quads, a quad a line."""
    return "".join(sorted(f"{quad} .\n" for quad in set(quads))).encode()


def trig(quads: Iterable[Quad]) -> bytes:
    """Sorted TriG: graphs, subjects and predicates in order, one predicate a line."""
    ordered = sorted(set(quads), key=_order)
    bodies = [
        f"{_term(graph)} {{\n" + "\n".join(_subjects(group)) + "}\n"
        for graph, group in groupby(ordered, key=lambda quad: quad.graph_name)
    ]
    text = "\n".join(bodies)
    head = [
        f"@prefix {prefix}: <{iri}> .\n"
        for prefix, iri in PREFIXES.items()
        if re.search(rf"(?<![\w:-]){re.escape(prefix)}:", text)
    ]
    return ("".join(head) + "\n" + text).encode()


def _order(quad: Quad) -> tuple[str, str, int, str, str]:
    predicate = str(quad.predicate.value)
    rank = _LABELS.index(predicate) if predicate in _LABELS else len(_LABELS)
    return str(quad.graph_name), str(quad.subject), rank, compact(predicate), str(quad.object)


def _subjects(quads: Iterable[Quad]) -> Iterable[str]:
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        lines = [
            f"        {_predicate(predicate)} {' , '.join(_term(quad.object) for quad in triples)}"
            for predicate, triples in groupby(group, key=lambda quad: quad.predicate)
        ]
        yield f"    {_term(subject)}\n" + " ;\n".join(lines) + " .\n"


def _predicate(predicate: NamedNode) -> str:
    return "a" if predicate.value == RDF_TYPE else _term(predicate)


def _term(term: object) -> str:
    if isinstance(term, Literal):
        text = str(term)
        if term.language or text.endswith('"'):
            return text
        return text[: text.rindex("^^")] + "^^" + _term(term.datatype)
    if isinstance(term, NamedNode):
        prefix, colon, local = compact(term.value).partition(":")
        if colon and prefix in PREFIXES and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return str(term)
