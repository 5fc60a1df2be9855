"""JSON-LD (https://www.w3.org/TR/json-ld11/): the facts as a nested document, or all graphs.

As YAML-LD (https://json-ld.github.io/yaml-ld/spec/), records as people write them.

The nested document is for readers. A thing is described once: agreements come first, and dependent
things are nested (a signature in its agreement, a passage in its document). Further mentions have
only its IRI and label. The document has every fact and nothing else, so it reads back as the RDF
merge of the graph.

The other form has the named graphs, and reads back as the very same dataset.

Keys come from ``ontology/context.jsonld``, which is part of each document and never fetched; the
order of its terms is the order of the keys. A term with ``@reverse`` there nests the things that
point to a thing. PyLD's compaction applies the context.
"""

import json
from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from onehealthkg.errors import OutputError, UsageError
from onehealthkg.evidence.selection import Selection
from onehealthkg.exports.jsonld_nodes import Forest, Json, Node, by_subject, described, name_of
from onehealthkg.names import PREFIXES, compact
from onehealthkg.records.context import read_terms, record_context
from onehealthkg.records.writer import record_bytes, records_of, whole

_WIDTH = 120  # characters, within which an object or list stays on one line


def framed(selection: Selection) -> bytes:
    """The facts as a nested document; OutputError for what JSON-LD cannot say."""
    terms = read_terms(selection.project)
    return _written(Forest(selection.triples, terms).trees(), terms)


def dataset(selection: Selection) -> bytes:
    """Everything, with its graphs; OutputError for what JSON-LD cannot say."""
    return dataset_of(selection.quads, read_terms(selection.project))


def dataset_of(quads: Iterable[Quad], terms: dict[str, Json] | None = None) -> bytes:
    """Quads as JSON-LD, a node for each graph; nodes of the default graph are beside them.

    Without terms, the context has the prefixes that the quads use. OutputError as ``dataset``.
    """
    ordered = sorted(set(quads), key=str)
    ordered.sort(key=lambda quad: str(quad.graph_name))
    top: list[Node] = []
    for graph, group in groupby(ordered, key=lambda quad: quad.graph_name):
        nodes = [
            described(subject, {name: list(values) for name, values in facts.items()})
            for subject, facts in by_subject(quad.triple for quad in group).items()
        ]
        inside = graph != DefaultGraph()
        top += [{"@id": name_of(graph), "@graph": nodes}] if inside else nodes
    return _written(top, _prefixes(ordered) if terms is None else terms)


def yamlld(selection: Selection) -> bytes:
    """The records of a selection; UsageError if it has none."""
    words = record_context(selection.project)
    records = [
        record_bytes(record, words)
        for record in records_of(whole(selection.quads, selection.project), words)
    ]
    if not records:
        raise UsageError(
            "There is no record here; choose an agreement that has one in data/partnerships/, "
            "with --only, and leave the evidence in."
        )
    return b"---\n".join(records)


def _prefixes(quads: Iterable[Quad]) -> dict[str, Json]:
    """Our prefixes that quads use, except those equal to the scheme of an IRI, as ``time:``."""
    terms = {term for quad in quads for term in (*quad.triple, quad.graph_name)}
    terms |= {term.datatype for term in terms if isinstance(term, Literal)}
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    schemes = {iri.partition(":")[0] for iri in iris}
    starts = {compact(iri).partition(":")[0] for iri in iris} - schemes
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix in starts}


def _written(nodes: list[Node], terms: dict[str, Json]) -> bytes:
    """Expanded nodes as a document with the terms of a context."""
    from pyld import jsonld

    options = {
        "skipExpansion": True,
        "graph": True,
        "base": "",
        "documentLoader": _refuse,
        "processingMode": "json-ld-1.1",
    }
    try:
        compacted = jsonld.compact(nodes, terms, options)
    except jsonld.JsonLdError as error:
        about, reason = (error.details or {}).get("iri", "the graph"), error.code or error.args[0]
        raise OutputError(
            f"{about}: cannot be written as JSON-LD with this context: {reason}."
        ) from None
    order = {name: rank for rank, name in enumerate(("@context", "@id", "@type", *terms))}
    document = {"@context": terms, "@graph": _in_order(compacted["@graph"], order)}
    return (_laid_out(document, "") + "\n").encode()


def _refuse(address: str, _: object) -> Json:
    raise OutputError(f"{address}: nothing is fetched; write the terms into the context.")


def _in_order(value: Json, order: dict[str, int]) -> Json:
    """The same JSON, its keys in the order of the context."""
    if isinstance(value, list):
        return [_in_order(item, order) for item in value]
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda key: (order.get(key, len(order)), key))
    return {key: _in_order(value[key], order) for key in keys}


def _laid_out(value: Json, indent: str) -> str:
    """JSON in which a value is on one line if it fits, else each part is on its own line."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(line) <= _WIDTH:
        return line
    deeper = indent + "  "
    if isinstance(value, list):
        parts = [deeper + _laid_out(item, deeper) for item in value]
    else:
        names = {name: json.dumps(name, ensure_ascii=False) for name in value}
        parts = [f"{deeper}{names[name]}: {_laid_out(value[name], deeper)}" for name in value]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return f"{opening}\n" + ",\n".join(parts) + f"\n{indent}{closing}"
