"""Things and documents at their addresses: the statements about each, and its formats.

A thing is not a document, so its address redirects with 303; the ontology, the shapes, an archived
text and a record are documents, and are returned directly. https://www.w3.org/TR/cooluris/
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, serialize

from onehealthkg.evidence.evidence import passages_of, texts_of
from onehealthkg.files import read_bytes
from onehealthkg.names import HOME, PREFIXES
from onehealthkg.paths import Project
from onehealthkg.queries.results import GRAPHS as RDF_FORMATS
from onehealthkg.serving import sparql
from onehealthkg.serving.negotiation import DATASETS, ENDINGS, QUADS, TRIPLES
from onehealthkg.serving.reply import Reply, text

SHAPES = "shapes"
_PARTS = ("#about", "#passages")
"""The graphs of a document besides those of its passages."""


def data(store: Store, shapes: Sequence[Quad], path: str, ending: str) -> Reply:
    """The statements about the thing or document at a path, in the format of an ending."""
    own = sparql.iri(HOME + path)
    quads = shapes if path == SHAPES else _quads(store, own)
    if not quads:
        return text(404, f"There are no statements about <{own.value}>.")
    reply = _with_graphs(quads, ending) if ending in QUADS else _without(quads, ending)
    reply.headers["link"] = links(path)
    return reply


def archived(project: Project, path: str) -> Reply:
    """The archived text at a path, ``source/2020-02-05-anses-inserm.txt``, byte for byte."""
    name = path.removeprefix("source/")
    file = next((file for file in project.texts if file.name == name), None)
    if file is None:
        return text(404, f"There is no text <{HOME}{path}>.")
    headers = {"content-type": "text/plain; charset=utf-8"}
    return Reply(200, headers, read_bytes(file))


def links(path: str, page: str = "") -> str:
    """The Link header of a document, or of a page about it: permanent address and other formats.

    Addresses are relative, because a proxy may serve them under any path.
    https://www.rfc-editor.org/rfc/rfc8288
    """
    here = "../" * (page or path).count("/") + quote(path)
    forms = (f'<{here}{ending}>; rel="alternate"; type="{ENDINGS[ending]}"' for ending in ENDINGS)
    return ", ".join([f'<{HOME}{quote(path)}>; rel="canonical"', *forms])


def _quads(store: Store, own: NamedNode) -> list[Quad]:
    """The statements about a thing; for a document, also those in it, and about its parts."""
    quads = [*store.quads_for_pattern(own, None, None)]
    for graph in _graphs(store, own):
        quads += store.quads_for_pattern(None, None, None, graph)
        quads += store.quads_for_pattern(graph, None, None)
    return sorted(set(quads), key=str)


def _graphs(store: Store, own: NamedNode) -> list[NamedNode]:
    """The graphs in a document: its own, those of its parts, and those of its texts' passages."""
    passages = [
        passage.iri for text in texts_of(store, own) for passage in passages_of(store, text)
    ]
    parts = (own.value + part for part in _PARTS)
    candidates = [own, *map(NamedNode, parts), *map(NamedNode, passages)]
    return [graph for graph in candidates if store.contains_named_graph(graph)]


def _without(quads: Iterable[Quad], ending: str) -> Reply:
    return sparql.written(sorted({quad.triple for quad in quads}, key=str), TRIPLES[ending])


def _with_graphs(quads: Iterable[Quad], ending: str) -> Reply:
    named = [quad for quad in quads if quad.graph_name != DefaultGraph()]
    form = QUADS[ending]
    body = serialize(named, format=RDF_FORMATS[form], prefixes=PREFIXES) or b""
    return Reply(200, {"content-type": DATASETS[form]}, body)
