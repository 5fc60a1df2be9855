"""RDF files: which formats are read, and how TriG and N-Quads are written.

Reading is pyoxigraph's parser, which keeps literals as they are written. It never opens another
file or address: a remote JSON-LD context is an error.

What a parser cannot bear is refused before it sees it. A few hundred bytes of nested entities
(https://en.wikipedia.org/wiki/Billion_laughs_attack) fill the memory, so RDF/XML with a document
type is not read; elements in elements, and attributes, take a time that grows with the square of
their number; triple terms in triple terms end the process. And what JSON-LD would leave out without
a word, because its IRI is none, is an error.

Writing sorts: the same quads give the same bytes on every run and machine.
https://www.w3.org/TR/trig/ , https://www.w3.org/TR/n-quads/
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from xml.parsers import expat

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

_MOST_TRIPLE_TERMS = 100
_TRIPLE_TERMS = "triple terms (RDF 1.2) are not read; use a passage's graph."
_DEEPEST, _MOST_ATTRIBUTES = 100, 1000  # of RDF/XML
_RELATIVE = "relative:/"  # the base of JSON-LD, which leaves out relative IRIs where there is none
_NO_CONTEXT = "nothing is fetched; write the context itself into the file"
_JSON_FLAWS = (
    (rb'"@import"\s*:|"@context"\s*:\s*(?:\[\s*)?"', f"a remote context; {_NO_CONTEXT}"),
    (rb'"@id"\s*:\s*"[^"\s<>{}|^`]*[\s<>{}|^`]', "this @id is no IRI; write a space as %20"),
)
_ADVICE = {
    "Invalid IRI code point ' '": "; write a space in an IRI as %20",
    "No scheme found in an absolute IRI": "; write the whole IRI, or give a base",
    "has not been declared": "; declare it with @prefix at the top",
    "Unexpected end": "; a full stop, a bracket or a quotation mark is missing",
    "load remote contexts": f"; {_NO_CONTEXT}",
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
    is_json = rdf_format == RdfFormat.JSON_LD
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_in_xml(data, path)
    elif is_json:
        _refuse_in_json(data, path)
    elif data.count(b"<<(") > _MOST_TRIPLE_TERMS:
        raise InputError(f"{path}: {_TRIPLE_TERMS}")
    base = _RELATIVE if is_json else None
    try:
        quads = list(parse(data, format=rdf_format, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as error:
        decode(data, path)  # says it better where the cause is the encoding
        raise InputError(_syntax_error(data, error, path)) from None
    if any(isinstance(quad.object, Triple) for quad in quads):
        raise InputError(f"{path}: {_TRIPLE_TERMS}")
    if is_json:
        _refuse_relative(quads, path)
    return quads


def _syntax_error(data: bytes, error: SyntaxError, path: Path) -> str:
    """Where the error is, what it is, and for the commoner ones what would be right."""
    if data.startswith(BOM_UTF8):
        return f"{path}:1: there is a byte order mark; save the file as UTF-8 without one."
    text = re.sub(r"^Parser error .*?[0-9]: ", "", error.msg)
    text += next((right for wrong, right in _ADVICE.items() if wrong in text), "")
    if error.lineno:
        return f"{path}:{error.lineno}:{error.offset}: {text}."
    quoted = re.search("'(.+)'", text)
    return f"{_place(data, data.find(quoted[1].encode()), path) if quoted else path}: {text}."


def _place(data: bytes, start: int, path: Path) -> str:
    line = data.count(b"\n", 0, max(start, 0)) + 1
    return f"{path}:{line}" if start >= 0 else str(path)


def _refuse_in_xml(data: bytes, path: Path) -> None:
    declared = re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE)
    if declared:
        raise InputError(
            f"{_place(data, declared.start(), path)}: RDF/XML with a document type or entities is "
            "not read; write the namespaces out, or convert the file to Turtle."
        )
    decode(data, path)
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def opened(_: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST or len(attributes) > _MOST_ATTRIBUTES:
            raise InputError(
                f"{path}:{parser.CurrentLineNumber}: RDF/XML is read to a depth of {_DEEPEST} "
                f"elements with {_MOST_ATTRIBUTES} attributes; convert the file to Turtle."
            )

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code)
        raise InputError(f"{path}:{error.lineno}:{error.offset + 1}: {text}.") from None


def _refuse_in_json(data: bytes, path: Path) -> None:
    for flaw, message in _JSON_FLAWS:
        found = re.search(flaw, data)
        if found:
            raise InputError(f"{_place(data, found.start(), path)}: {message}.")


def _refuse_relative(quads: list[Quad], path: Path) -> None:
    if not quads:
        raise InputError(f"{path}: no statement could be read; write whole IRIs, or a @context.")
    for quad in quads:
        for term in (*quad.triple, quad.graph_name):
            if isinstance(term, NamedNode) and term.value.startswith(_RELATIVE):
                relative = term.value.removeprefix(_RELATIVE)
                raise InputError(
                    f'{path}: "{relative}" is a relative IRI; write the whole IRI, or an absolute '
                    "@base in the @context."
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
