"""Conversion from one RDF format to another.

The ending of a file name gives the format: .jsonld, .nq, .nt, .rdf, .trig or .ttl. Statements keep
their named graphs if the format has them (JSON-LD, N-Quads, TriG). For other formats, quads in
named graphs are refused unless the graphs are to be merged, because a graph records the origin of
its statements. Literals are unchanged; blank nodes are labelled in the order in which they appear.
The output is sorted.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Quad

from onehealthkg.errors import UsageError
from onehealthkg.exports.canonical import in_order_of_appearance
from onehealthkg.exports.rdf import merged, ntriples_of
from onehealthkg.files import read_bytes, read_input
from onehealthkg.rdf import read_write as formats
from onehealthkg.rdf.rdf_xml import rdf_xml
from onehealthkg.terms import in_graph

_WITH_GRAPHS = (".jsonld", ".nq", ".trig")


class Converted(NamedTuple):
    """A file's content in another format, and how many named graphs were merged for it."""

    data: bytes
    statements: int
    lost_graphs: int


def read(name: str, ending: str = "") -> list[Quad]:
    """The quads of a file, or of standard input for ``-``.

    ``ending`` gives the format if the name does not. Raises UsageError for an unknown format,
    InputError for an unreadable file.
    """
    ending = ending_of(name, ending)
    path = Path("standard input" if name == "-" else name)
    data = read_input() if name == "-" else read_bytes(path)
    return formats.parse_quads(data, formats.FORMATS[ending], path)


def ending_of(name: str, ending: str = "") -> str:
    """The format of a file as an ending, ``.ttl``; UsageError if it is unknown."""
    known_ending = f".{ending.lower().lstrip('.')}" if ending else Path(name).suffix.lower()
    if known_ending in formats.FORMATS:
        return known_ending
    raise UsageError(
        f'"{ending or name}" does not name an RDF format; use a name or ending such as '
        f"{', '.join(sorted(formats.FORMATS))}, or name the format with --from or --to."
    )


def convert(quads: list[Quad], ending: str, *, merge: bool = False) -> Converted:
    """Quads in the format with this ending.

    Raises UsageError if named graphs would be lost and ``merge`` is not set, OutputError for terms
    that the format cannot express.
    """
    graphs = {quad.graph_name for quad in quads} - {DefaultGraph()}
    lost = 0 if ending in _WITH_GRAPHS and not merge else len(graphs)
    if lost and not merge:
        raise UsageError(
            f"{ending} has no named graphs, and {lost} would be lost; write "
            f"{', '.join(_WITH_GRAPHS)}, or add --merge for the statements without them."
        )
    ordered = in_order_of_appearance(quads)
    if merge:
        ordered = [in_graph(triple, DefaultGraph()) for triple in merged(ordered)]
    return Converted(_writers()[ending](ordered), len(ordered), lost)


def _writers() -> dict[str, Callable[[list[Quad]], bytes]]:
    from onehealthkg.exports.jsonld import dataset_of

    return {
        ".jsonld": dataset_of,
        ".nq": formats.nquads,
        ".nt": lambda quads: ntriples_of(merged(quads)),
        ".rdf": lambda quads: rdf_xml(merged(quads)),
        ".trig": formats.trig,
        ".ttl": lambda quads: formats.turtle(merged(quads)),
    }
