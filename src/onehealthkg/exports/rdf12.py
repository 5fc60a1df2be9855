"""RDF 1.2 Turtle (https://www.w3.org/TR/rdf12-turtle/): each fact once, with its evidence.

    id:agreement-anses-inserm-2020
        oh:term "P5Y"^^xsd:duration {| prov:wasQuotedFrom <.../2020-02-05-anses-inserm#s8> |} .

An annotation gives the evidence for a fact with one of four properties: ``prov:wasQuotedFrom`` a
passage that states it, ``prov:hadPrimarySource`` a record, which names the documents that were
read, ``prov:wasDerivedFrom`` an inference, with its rule, ``dcterms:isPartOf`` a curated graph. The
value is the name of the graph that holds the fact in other formats, so that nothing is lost. A fact
without evidence has no annotation.
"""

from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import NamedNode, Quad, Triple

from onehealthkg.evidence.evidence import (
    CURATED,
    DOCUMENTED,
    EVIDENCE_KINDS,
    INFERRED,
    STATED,
    graph_evidence,
)
from onehealthkg.evidence.selection import Selection
from onehealthkg.names import PREFIXES
from onehealthkg.rdf.read_write import aligned, in_order, prefix_lines, spell, spell_predicate

BACKING = {
    STATED: NamedNode(PREFIXES["prov"] + "wasQuotedFrom"),
    DOCUMENTED: NamedNode(PREFIXES["prov"] + "hadPrimarySource"),
    INFERRED: NamedNode(PREFIXES["prov"] + "wasDerivedFrom"),
    CURATED: NamedNode(PREFIXES["dcterms"] + "isPartOf"),
}


def rdf12(selection: Selection) -> bytes:
    """The facts as RDF 1.2 Turtle, the evidence of each as its annotation."""
    kinds = {
        graph: graph_evidence(selection.store, graph).kind
        for graph in {quad.graph_name for quad in selection.quads}
        if isinstance(graph, NamedNode)
    }
    graphs: dict[Triple, list[NamedNode]] = {}
    for quad in selection.quads:
        names = graphs.setdefault(quad.triple, [])
        if isinstance(quad.graph_name, NamedNode):
            names.append(quad.graph_name)
    notes = {triple: _note(names, kinds) for triple, names in graphs.items()}
    used = [Quad(graph, BACKING[kind], graph) for graph, kind in kinds.items()]
    head = prefix_lines([*selection.quads, *used])
    return (aligned(head) + "\n".join(_subjects(notes))).encode()


def _note(graphs: Iterable[NamedNode], kinds: dict[NamedNode, str]) -> str:
    """The annotation of a fact: stated evidence first, then inferences, then editors' graphs."""
    parts = []
    for kind in EVIDENCE_KINDS:
        names = sorted(spell(graph) for graph in graphs if kinds[graph] == kind)
        if names:
            parts.append(f"{spell_predicate(BACKING[kind])} {' , '.join(names)}")
    return f" {{| {' ; '.join(parts)} |}}" if parts else ""


def _subjects(notes: dict[Triple, str]) -> Iterable[str]:
    for subject, about in groupby(in_order(notes), key=lambda triple: triple.subject):
        lines = []
        for predicate, triples in groupby(about, key=lambda triple: triple.predicate):
            objects = [f"\n        {spell(triple.object)}{notes[triple]}" for triple in triples]
            lines.append(f"    {spell_predicate(predicate)}{' ,'.join(objects)}")
        yield f"{spell(subject)}\n" + " ;\n".join(lines) + " .\n"
