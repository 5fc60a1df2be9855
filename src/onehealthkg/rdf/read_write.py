"""RDF files: which formats are read, and how TriG and N-Quads are written.

Reading is pyoxigraph's parser, which keeps literals as they are written, and ``jsonld`` for
JSON-LD. Neither opens another file or address.

Input that would harm a parser is refused beforehand. A few hundred bytes of nested entities
(https://en.wikipedia.org/wiki/Billion_laughs_attack) fill the memory, so RDF/XML with a document
type is not read; elements in elements, and attributes, take a time that grows with the square of
their number; triple terms in triple terms end the process.

Writing sorts: the same quads give the same bytes on every run and machine.
https://www.w3.org/TR/trig/ , https://www.w3.org/TR/n-quads/
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from os import fsencode
from pathlib import Path
from typing import TypeVar
from xml.parsers import expat
from zlib import crc32

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from onehealthkg.errors import InputError
from onehealthkg.files import decode, read_bytes
from onehealthkg.names import PREFIXES, RDF_TYPE, compact
from onehealthkg.rdf.jsonld import parse_jsonld
from onehealthkg.terms import in_graph

_Term = TypeVar("_Term")

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
_ADVICE = {
    "Invalid IRI code point ' '": "; write a space in an IRI as %20",
    "No scheme found in an absolute IRI": "; write the whole IRI, or give a base",
    "has not been declared": "; declare it with @prefix at the top",
    "Unexpected end": "; it is cut off, or lacks a full stop, a bracket or a quotation mark",
}
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_-])?")
_LINE = 100  # characters, within which objects stay on one line
_LABELS = (RDF_TYPE, *(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel")))


def read_quads(path: Path) -> list[Quad]:
    """The quads of an RDF file, whose format follows from the ending of its name.

    Raises InputError with file, line and reason. Triples of a format without named graphs,
    or outside a graph, are in the default graph. The labels of blank nodes end in a mark of the
    file: ``_:b`` is a different node in each file.
    """
    rdf_format = FORMATS.get(path.suffix)
    if rdf_format is None:
        raise InputError(f"{path}: the name must end in one of {', '.join(sorted(FORMATS))}.")
    return parse_quads(read_bytes(path), rdf_format, path)


def parse_quads(data: bytes, rdf_format: RdfFormat, path: Path, base: str = "") -> list[Quad]:
    """The quads of bytes that came from a path; InputError as ``read_quads``.

    Relative IRIs are resolved against ``base``; without one, they are an error
    unless the file declares a base.
    """
    if rdf_format == RdfFormat.JSON_LD:
        return _apart(parse_jsonld(_unmarked(data, path), path, base), path)
    if rdf_format == RdfFormat.RDF_XML:
        _refuse_in_xml(data, path)
    elif data.count(b"<<(") > _MOST_TRIPLE_TERMS:
        raise InputError(f"{path}: {_TRIPLE_TERMS}")
    try:
        quads = list(parse(data, format=rdf_format, base_iri=base or None))
    except SyntaxError as error:
        _unmarked(data, path)  # a better message if the cause is the encoding
        raise InputError(_syntax_error(data, error, path)) from None
    except MemoryError as error:  # the parser has a limit of 16 MB a token
        raise InputError(f"{path}: too long for the memory: {error}; shorten it.") from None
    if any(isinstance(quad.object, Triple) for quad in quads):
        raise InputError(f"{path}: {_TRIPLE_TERMS}")
    return _apart(quads, path)


def _apart(quads: list[Quad], path: Path) -> list[Quad]:
    """Quads whose blank nodes are unique to the file: a mark of the file follows the label."""
    if not any(isinstance(term, BlankNode) for quad in quads for term in quad):
        return quads
    mark = f"-{crc32(fsencode(path)):08x}"

    def own(term: _Term) -> _Term:
        return type(term)(term.value + mark) if isinstance(term, BlankNode) else term

    return [
        Quad(own(quad.subject), quad.predicate, own(quad.object), own(quad.graph_name))
        for quad in quads
    ]


def blank_label(node: BlankNode) -> str:
    """The label of a blank node as it is written in its file: ``_:b``."""
    return "_:" + node.value.rpartition("-")[0]


def _unmarked(data: bytes, path: Path) -> str:
    """The text of UTF-8 bytes; InputError if it is not UTF-8 or has a byte order mark."""
    if data.startswith(BOM_UTF8):
        raise InputError(
            f"{path}:1: there is a byte order mark; save the file as UTF-8 without one."
        )
    return decode(data, path)


def _syntax_error(data: bytes, error: SyntaxError, path: Path) -> str:
    """The message of an error: place, reason and, for common errors, the remedy."""
    text = re.sub(r"^Parser error .*?[0-9]: ", "", error.msg)
    text += next((right for wrong, right in _ADVICE.items() if wrong in text), "")
    if error.lineno:
        return f"{path}:{error.lineno}:{error.offset}: {text}."
    quoted = re.search("'(.+?)'", text)  # RDF/XML: no line, but the IRI
    start = data.find(f'"{quoted[1]}"'.encode()) if quoted else -1
    return f"{_place(data, start, path)}: {text}."


def _place(data: bytes, start: int, path: Path) -> str:
    line = data.count(b"\n", 0, max(start, 0)) + 1
    return f"{path}:{line}" if start >= 0 else str(path)


def xml_parser(path: Path, encoding: str | None = None) -> expat.XMLParserType:
    """A parser that raises InputError for RDF/XML that pyoxigraph's parser cannot handle."""
    parser = expat.ParserCreate(encoding)
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
    return parser


def _refuse_in_xml(data: bytes, path: Path) -> None:
    declared = re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE)
    if declared:
        raise InputError(
            f"{_place(data, declared.start(), path)}: RDF/XML with a document type or entities is "
            "not read; write the namespaces out, or convert the file to Turtle."
        )
    if "\0" in decode(data, path):
        raise InputError(f"{_place(data, data.find(0), path)}: byte 0x00; save the file as UTF-8.")
    parser = xml_parser(path, "utf-8")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        text = expat.ErrorString(error.code)
        raise InputError(f"{path}:{error.lineno}:{error.offset + 1}: {text}.") from None


def nquads(quads: Iterable[Quad]) -> bytes:
    """Sorted N-Quads, one quad on each line."""
    return "".join(sorted(f"{quad} .\n" for quad in set(quads))).encode()


def trig(quads: Iterable[Quad]) -> bytes:
    """Sorted TriG: graphs, subjects and predicates in order, one predicate a line."""
    ordered = sorted(set(quads), key=order)
    return "".join(trig_pieces(ordered, prefix_lines(ordered))).encode()


def trig_pieces(ordered: Iterable[Quad], prefixes: Iterable[str]) -> Iterator[str]:
    """The pieces of the TriG of quads in their ``order``, with lines of ``prefix_lines``."""
    yield from prefixes
    yield "\n"
    graphs = groupby(ordered, key=lambda quad: quad.graph_name)
    for number, (graph, group) in enumerate(graphs):
        yield "\n" * bool(number) + _graph(graph) + "{\n"
        for place, text in enumerate(_subjects(group, 1)):
            yield "\n" * bool(place) + text
        yield "}\n"


def turtle(triples: Iterable[Triple]) -> bytes:
    """Sorted Turtle (https://www.w3.org/TR/turtle/): like ``trig``, without graphs."""
    ordered = [in_graph(triple, DefaultGraph()) for triple in in_order(triples)]
    return "".join(turtle_pieces(ordered, prefix_lines(ordered))).encode()


def turtle_pieces(ordered: Iterable[Quad], prefixes: Iterable[str]) -> Iterator[str]:
    """The pieces of the Turtle of quads in their ``order``, with lines of ``prefix_lines``."""
    yield aligned(prefixes)
    for place, text in enumerate(_subjects(ordered, 0)):
        yield "\n" * bool(place) + text


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    """Triples, each once, in the order of ``turtle``: by subject, then types and labels first."""
    return sorted(set(triples), key=order)


def prefix_lines(quads: Iterable[Quad]) -> list[str]:
    """The declarations of the prefixes that quads need in Turtle and TriG, one on each line."""
    used: set[str] = set()
    for quad in quads:
        words = [spell_predicate(quad.predicate)]
        words += [spell(term) for term in (quad.subject, quad.graph_name, _named(quad.object))]
        used.update(word.partition(":")[0] for word in words)
    return [f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items() if prefix in used]


def aligned(lines: Iterable[str]) -> str:
    """Lines of ``prefix_lines`` with the IRIs below each other, and an empty line after them."""
    parts = [line.split(" ") for line in lines]
    width = max((len(prefix) for _, prefix, *_ in parts), default=0)
    text = "".join(f"@prefix {prefix:<{width}} {iri} .\n" for _, prefix, iri, _ in parts)
    return text and text + "\n"


def _named(term: object) -> object:
    """The term, or the datatype of a literal if it is written out."""
    return term.datatype if isinstance(term, Literal) and str(term)[-1] == ">" else term


def _graph(name: object) -> str:
    return "" if name == DefaultGraph() else f"{spell(name)} "


def order(quad: Quad | Triple) -> tuple[str, str, int, str, str]:
    """The key by which quads are sorted in TriG: by graph and subject, then types and labels."""
    predicate = str(quad.predicate.value)
    rank = _LABELS.index(predicate) if predicate in _LABELS else len(_LABELS)
    graph = str(quad.graph_name) if isinstance(quad, Quad) else ""
    return graph, str(quad.subject), rank, compact(predicate), str(quad.object)


def _subjects(quads: Iterable[Quad], depth: int) -> Iterable[str]:
    outer, inner = "    " * depth, "    " * (depth + 1)
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        lines = [
            f"{inner}{spell_predicate(predicate)} {_objects(triples, inner)}"
            for predicate, triples in groupby(group, key=lambda quad: quad.predicate)
        ]
        yield f"{outer}{spell(subject)}\n" + " ;\n".join(lines) + " .\n"


def _objects(quads: Iterable[Quad], indent: str) -> str:
    """The objects on one line, or each on its own line if that would be too long."""
    objects = [spell(quad.object) for quad in quads]
    if len(objects) == 1 or sum(map(len, objects)) <= _LINE:
        return " , ".join(objects)
    return "".join(f"\n{indent}    {written} ," for written in objects).removesuffix(" ,")


def spell_predicate(predicate: NamedNode) -> str:
    """A predicate as Turtle and TriG write it, ``a`` for rdf:type."""
    return "a" if predicate.value == RDF_TYPE else spell(predicate)


@lru_cache(maxsize=100_000)
def spell(term: object) -> str:
    """A term as Turtle and TriG write it, with one of our prefixes if one fits."""
    if isinstance(term, Literal):
        text = str(term)
        if term.language or text.endswith('"'):
            return text
        return text[: text.rindex("^^")] + "^^" + spell(term.datatype)
    if isinstance(term, NamedNode):
        prefix, colon, local = compact(term.value).partition(":")
        if colon and prefix in PREFIXES and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return str(term)
