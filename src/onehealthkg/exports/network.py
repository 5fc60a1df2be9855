"""The network as GraphML and as GEXF, which Gephi, Cytoscape, yEd, igraph and networkx read.

http://graphml.graphdrawing.org/specification.html , https://gexf.net/schema.html

networkx writes both. All edges are directed, for some tools refuse a mixture. Nodes have a label, a
kind and the dates on which they begin and end; edges the relation, a weight, the date at which they
were first stated, and how they are known (see ``edges``). The dates are plain attributes: as the
intervals of GEXF, a year and a day could end before they begin, which Gephi refuses.

In GraphML the name of a node must be an XML name token: it is the short form of the IRI where that
is one, else a number; the IRI stands beside it. Two things can have several relations: GEXF edges
have theirs as ``kind``, so that Gephi keeps them apart. Characters that XML does not have are left
out.
"""

import re
from io import BytesIO

import networkx as nx  # type: ignore[import-untyped]
from networkx.readwrite.gexf import GEXFWriter  # type: ignore[import-untyped]

from onehealthkg.dataset.edges import Edge, Node, network
from onehealthkg.dataset.facts import Facts
from onehealthkg.dataset.selection import Selection
from onehealthkg.names import compact
from onehealthkg.rdf.rdf_xml import NOT_IN_XML

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*:[A-Za-z0-9_.-]+")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def graphml(selection: Selection) -> bytes:
    """The network of a selection as GraphML."""
    graph = _graph(selection)
    names = {iri: _name(iri, number) for number, iri in enumerate(graph)}
    nx.set_node_attributes(graph, {iri: iri for iri in graph}, "iri")
    output = BytesIO()
    nx.write_graphml_xml(nx.relabel_nodes(graph, names), output)
    return output.getvalue() + b"\n"


def gexf(selection: Selection) -> bytes:
    """The network of a selection as GEXF 1.3."""
    graph = _graph(selection)
    writer = GEXFWriter(graph, version="1.3")
    root = writer.xml
    root.set("xmlns:xsi", _XSI)  # networkx 3.6 has an address that is not this namespace
    del root.find("meta").attrib["lastmodifieddate"]  # the same bytes on every run
    root.find("meta/creator").text = "onehealthkg"
    relations = (relation for *_, relation in graph.edges(data="relation"))
    for element, relation in zip(root.iter("edge"), relations, strict=True):
        element.set("kind", relation)
    output = BytesIO()
    writer.write(output)
    return output.getvalue() + b"\n"


def _graph(selection: Selection) -> nx.MultiDiGraph:
    """The network, its nodes named by their IRIs and its edges e0, e1 ..."""
    things = network(Facts(selection))
    graph = nx.MultiDiGraph(name=f"One Health partnerships, data {selection.version}")
    for node in things.nodes:
        graph.add_node(node.iri, **_node_values(node))
    for number, edge in enumerate(things.edges):
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **_edge_values(edge))
    return graph


def _name(iri: str, number: int) -> str:
    short = compact(iri)
    return short if _NAME.fullmatch(short) else f"n{number}"


def _node_values(node: Node) -> dict[str, str]:
    values = {"label": node.label, "kind": node.kind, "begins": node.start, "ends": node.end}
    return _filled(values)


def _edge_values(edge: Edge) -> dict[str, str | int]:
    texts = {
        "relation": edge.relation,
        "label": edge.label,
        "first": edge.first,
        "basis": edge.basis,
        "passages": " ".join(edge.passages),
    }
    return {**_filled(texts), "weight": edge.weight}


def _filled(texts: dict[str, str]) -> dict[str, str]:
    """The texts that are not empty, without characters that XML does not have."""
    return {name: NOT_IN_XML.sub("", text) for name, text in texts.items() if text}
