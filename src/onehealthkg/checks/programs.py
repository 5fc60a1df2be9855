"""A check that queries within the shapes, which may come from anyone, read no other files.

SHACL-SPARQL (https://www.w3.org/TR/shacl/#part2) runs queries that are texts in the shapes,
and rdflib, which runs them, fetches the files and addresses that FROM names.
"""

from pathlib import Path

from pyoxigraph import Literal, Quad

from onehealthkg.errors import InputError
from onehealthkg.files import read_text
from onehealthkg.names import PREFIXES
from onehealthkg.rdf.read_write import read_quads
from onehealthkg.rdf.sparql_files import refuse_calls

_SH = "http://www.w3.org/ns/shacl#"
_QUERIES = {_SH + name for name in ("ask", "construct", "select", "update")}
_SCRIPTS = {_SH + name for name in ("js", "jsLibrary", "jsLibraryURL", "jsFunctionName")}


def refuse_calling_shapes(path: Path) -> None:
    """Raise InputError, with file and line, for a shape that would read or run other files."""
    quads = read_quads(path)
    texts = [quad for quad in quads if quad.predicate.value in _QUERIES | _SCRIPTS]
    if not texts:
        return
    text = read_text(path)
    for quad in texts:
        if quad.predicate.value in _SCRIPTS:
            raise InputError(f"{path}: JavaScript is not run here; remove {quad.predicate}.")
        _refuse(quad, text, path)


def _refuse(quad: Quad, text: str, path: Path) -> None:
    if isinstance(quad.object, Literal):
        start = max(0, text.find(quad.object.value))
        line = text.count("\n", 0, start) + 1
        refuse_calls(quad.object.value, str(path), prefixes=PREFIXES, first=line)
