"""YAML-LD (https://json-ld.github.io/yaml-ld/spec/): records as people write them.

A record read and written again has the same statements, and the same bytes if the file already has
this form:

- the keys in the order of ontology/context.jsonld after ``id`` and ``type``, those of the whole
  record (``sources``, ``confidence`` and the notes) last;
- each described thing appears once, within the thing on which it depends, without the type that its
  name implies;
- lists in the order of their names and addresses; short lists of names and short texts in brackets
  on one line.

PyLD restores the keys. Several records make one stream, with a line ``---`` between them; a record
that is only partly in the selection is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from onehealthkg.names import RDF_TYPE, RECORD
from onehealthkg.paths import Project
from onehealthkg.rdf.read_write import nquads
from onehealthkg.records.context import TEXTS, THING, Json, RecordContext, base_of
from onehealthkg.records.node import (
    DESCRIBES,
    DOCUMENT,
    OWN,
    RECORD_KINDS,
    TYPE_OF_RECORD,
    WIDER,
)
from onehealthkg.records.reader import read_records
from onehealthkg.safe import HIDDEN, TURNING
from onehealthkg.terms import named_node, plain

if TYPE_CHECKING:
    from yaml import MappingNode, SafeDumper, ScalarNode, SequenceNode

_WIDTH = 80  # characters of a list or text on the line of its key


def records_of(quads: Iterable[Quad], context: RecordContext) -> list[dict[str, Json]]:
    """The records in the graphs of quads, by their IRIs, as data for YAML."""
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads:
        by_graph.setdefault(plain(quad.graph_name), []).append(quad)
    return [_record(quads, context) for _, quads in sorted(by_graph.items())]


def record_bytes(record: dict[str, Json], context: RecordContext) -> bytes:
    """A record as YAML, its keys and lists in order; ``record`` is data as ``new`` makes it."""
    import yaml

    text: str = yaml.dump(
        _in_order(record, context),
        Dumper=_dumper(),
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=1_000_000,
    )
    return TURNING.sub(lambda match: f"\\u{ord(match[0]):04X}", text).encode()


def whole(quads: Iterable[Quad], project: Project) -> list[Quad]:
    """The quads of the complete records: those with no quad missing."""
    record = named_node("oh:Record")
    kept = set(quads)
    graphs = {
        plain(quad.subject)
        for quad in kept
        if quad.predicate.value == RDF_TYPE and quad.object == record
    }
    paths = [path for path in project.records if RECORD + path.stem in graphs]
    read = (quads for _, quads in read_records(project, paths))
    return [quad for quads in read if kept.issuperset(quads) for quad in quads]


def _record(quads: list[Quad], context: RecordContext) -> dict[str, Json]:
    """One record, nested: its own keys, and those of the things it describes."""
    nodes = {node["id"]: node for node in _nodes(quads, context)}
    whole = next(node for node in nodes.values() if node.get("type") == TYPE_OF_RECORD)
    topic = nodes.pop(whole.pop(DESCRIBES))
    del nodes[whole["id"]]
    _hang(topic, nodes, context)
    # Documents are described under sources, even if they are also named elsewhere.
    sources = [_described(source, nodes, context) for source in whole.pop("sources", [])]
    described = {**_nested(topic, nodes, context), "id": topic["id"], "type": topic["type"]}
    return {**whole, **described, **({"sources": sources} if sources else {})}


def _nodes(quads: list[Quad], context: RecordContext) -> list[dict[str, Json]]:
    """The things of a graph with the keys of records, each beside the others."""
    from pyld import jsonld

    lines = nquads(Quad(*quad.triple) for quad in quads).decode()
    expanded = jsonld.from_rdf(lines, {"format": "application/n-quads", "useNativeTypes": True})
    options = {"base": base_of(context), "graph": True, "processingMode": "json-ld-1.1"}
    nodes: list[dict[str, Json]] = jsonld.compact(expanded, context.json_ld, options)["@graph"]
    return [{**node, "type": _own_type(node["type"])} if "type" in node else node for node in nodes]


def _own_type(types: Json) -> Json:
    """The type that a record gives, without the broader type that the reader adds."""
    wider = [WIDER[name] for name in types if name in WIDER] if isinstance(types, list) else []
    own = [name for name in types if name not in wider]
    return own[0] if wider and len(own) == 1 else types


def _hang(
    topic: dict[str, Json], nodes: dict[str, dict[str, Json]], context: RecordContext
) -> None:
    """Put things that point to the topic, such as signatures, under the reverse key."""
    forward = {key.iri: key.name for key in context.keys.values() if not key.reverse}
    for key in context.keys.values():
        if not key.reverse:
            continue
        name = forward.get(key.iri, "")
        for node in nodes.values():
            if node.get(name) in (topic["id"], [topic["id"]]):
                del node[name]
                topic.setdefault(key.name, []).append(node["id"])


def _nested(
    node: dict[str, Json], nodes: dict[str, dict[str, Json]], context: RecordContext
) -> dict[str, Json]:
    """A thing with its dependent things nested in it."""
    nested = {}
    for name, value in node.items():
        key = context.keys.get(name)
        if key and key.kind == THING:
            things = value if isinstance(value, list) else [value]
            within = [_described(thing, nodes, context) for thing in things]
            value = within if isinstance(value, list) else within[0]
        nested[name] = value
    return nested


def _described(name: str, nodes: dict[str, dict[str, Json]], context: RecordContext) -> Json:
    """A thing as a mapping if it is described and not yet placed, else its name."""
    node = nodes.pop(name, None)
    if node is None:
        return name
    nested = _nested(node, nodes, context)
    usual = RECORD_KINDS.get(name.partition("-")[0], "") if "://" not in name else DOCUMENT
    if nested.get("type") == usual:
        del nested["type"]
    return nested


def _in_order(value: Json, context: RecordContext, above: str = "") -> Json:
    """The same data, with keys and lists in the order of the file."""
    key = context.keys.get(above)
    if isinstance(value, list):
        items = sorted((_in_order(item, context, above) for item in value), key=_name)
        return items[0] if key and key.kind == TEXTS and len(items) == 1 else items
    if not isinstance(value, dict):
        return int(value) if key and key.kind.endswith("#gYear") else value
    if key and key.kind == TEXTS:
        return {name: _in_order(value[name], context, above) for name in sorted(value)}
    last = OWN if not above else ()
    order = [*(key for key in ("id", "type", *context.keys) if key not in last), *last]
    ranks = {name: rank for rank, name in enumerate(order)}
    names = sorted(value, key=lambda name: ranks[name])
    return {name: _in_order(value[name], context, name) for name in names}


def _name(value: Json) -> str:
    return str(value["id"] if isinstance(value, dict) else value)


def _dumper() -> type[SafeDumper]:
    """PyYAML's dumper, which then writes dates without quotation marks and indents lists."""
    import yaml

    class Dumper(yaml.SafeDumper):
        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own form
            letter: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
            for letter, pairs in yaml.SafeDumper.yaml_implicit_resolvers.items()
        }

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            super().increase_indent(flow, indentless and flow)

    Dumper.add_representer(str, _text)
    Dumper.add_representer(list, _sequence)
    Dumper.add_representer(dict, _mapping)
    return Dumper


def _text(dumper: SafeDumper, data: str) -> ScalarNode:
    """A text, in quotation marks if it needs escapes."""
    style = '"' if HIDDEN.search(data) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


def _sequence(dumper: SafeDumper, data: list[Json]) -> SequenceNode:
    names = all(isinstance(item, str) and " " not in item for item in data)
    flow = names and len(", ".join(data)) < _WIDTH
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


def _mapping(dumper: SafeDumper, data: dict[str, Json]) -> MappingNode:
    text = next(iter(data.values())) if len(data) == 1 else None
    flow = isinstance(text, str) and len(text) < _WIDTH
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=flow)
