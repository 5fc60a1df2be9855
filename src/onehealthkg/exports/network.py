"""The network as GraphML and as GEXF, which Gephi, Cytoscape, yEd, igraph and networkx read.

http://graphml.graphdrawing.org/specification.html , https://gexf.net/schema.html

All edges are directed, for some tools refuse a mixture. Nodes have a label, a kind and dates; edges
the relation, a weight, the date at which they were first stated, and how they are known (see
``edges``). Two things can have several relations: the GEXF edges have their relation as ``kind``,
so that Gephi keeps them apart. In GraphML a name must be an XML name token: it is the short form of
the IRI where that is one, else a number; the IRI stands beside it. Characters that XML 1.0 cannot
hold are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from onehealthkg.dataset.edges import Edge, Network, Node, network
from onehealthkg.dataset.facts import Facts
from onehealthkg.names import compact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from onehealthkg.dataset.selection import Selection

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"

_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_GRAPHML_XSD = f"{GRAPHML} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
_GEXF_XSD = f"{GEXF} http://gexf.net/1.3/gexf.xsd"
_NODE_KEYS = dict.fromkeys(("iri", "label", "kind", "start", "end"), "string")
_EDGE_KEYS = dict.fromkeys(("relation", "label", "weight", "first", "basis", "passages"), "string")
_EDGE_KEYS["weight"] = "int"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(selection: Selection) -> bytes:
    """The network of a selection as GraphML."""
    found = network(Facts(selection))
    root = ET.Element("graphml", {"xmlns": GRAPHML, _SCHEMA: _GRAPHML_XSD})
    for owner, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            key = {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": kind}
            ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", id="onehealthkg", edgedefault="directed")
    names = {node.iri: _name(node.iri, number) for number, node in enumerate(found.nodes)}
    for node in found.nodes:
        element = ET.SubElement(graph, "node", id=names[node.iri])
        _data(element, "node", _node_values(node))
    for number, edge in enumerate(found.edges):
        ends = {"source": names[edge.source], "target": names[edge.target]}
        element = ET.SubElement(graph, "edge", {"id": f"e{number}", **ends})
        _data(element, "edge", _edge_values(edge))
    return _written(root)


def gexf(selection: Selection) -> bytes:
    """The network of a selection as GEXF 1.3."""
    found = network(Facts(selection))
    root = ET.Element("gexf", {"xmlns": GEXF, "version": "1.3", _SCHEMA: _GEXF_XSD})
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "onehealthkg"
    ET.SubElement(meta, "description").text = f"One Health partnerships, data {selection.version}"
    graph = ET.SubElement(root, "graph", defaultedgetype="directed", mode="static")
    _attributes(graph, "node", ("kind", "start", "end"))
    _attributes(graph, "edge", ("relation", "first", "basis", "passages"))
    _nodes(ET.SubElement(graph, "nodes"), found)
    _edges(ET.SubElement(graph, "edges"), found)
    return _written(root)


def _nodes(parent: ET.Element, found: Network) -> None:
    for node in found.nodes:
        element = ET.SubElement(parent, "node", id=_text(node.iri), label=_text(node.label))
        _attvalues(element, "node", _node_values(node), ("kind", "start", "end"))


def _edges(parent: ET.Element, found: Network) -> None:
    for number, edge in enumerate(found.edges):
        given = {
            "id": f"e{number}",
            "source": _text(edge.source),
            "target": _text(edge.target),
            "kind": edge.relation,
            "label": _text(edge.label),
            "weight": str(edge.weight),
        }
        names = ("relation", "first", "basis", "passages")
        _attvalues(ET.SubElement(parent, "edge", given), "edge", _edge_values(edge), names)


def _name(iri: str, number: int) -> str:
    short = compact(iri)
    return short if _NAME.fullmatch(short) else f"n{number}"


def _node_values(node: Node) -> dict[str, str]:
    return node._asdict()


def _edge_values(edge: Edge) -> dict[str, str]:
    return {
        "relation": edge.relation,
        "label": edge.label,
        "weight": str(edge.weight),
        "first": edge.first,
        "basis": edge.basis,
        "passages": " ".join(edge.passages),
    }


def _data(element: ET.Element, owner: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        if value:
            ET.SubElement(element, "data", key=f"{owner}-{name}").text = _text(value)


def _attributes(graph: ET.Element, owner: str, names: Iterable[str]) -> None:
    parent = ET.SubElement(graph, "attributes", {"class": owner})
    for name in names:
        ET.SubElement(parent, "attribute", id=f"{owner}-{name}", title=name, type="string")


def _attvalues(
    element: ET.Element, owner: str, values: dict[str, str], names: Iterable[str]
) -> None:
    parent = ET.SubElement(element, "attvalues")
    for name in names:
        if values[name]:
            ET.SubElement(
                parent, "attvalue", {"for": f"{owner}-{name}", "value": _text(values[name])}
            )


def _text(text: str) -> str:
    return _NOT_XML.sub("", text)


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    declared = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return declared + ET.tostring(root, encoding="unicode").encode() + b"\n"
