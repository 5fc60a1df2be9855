"""The author's file as the program writes it: prefixes, ``<#about>``, a graph for each passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from pyoxigraph import NamedNode, Quad

from onehealthkg.names import PREFIXES
from onehealthkg.rdf.read_write import in_order, spell, spell_predicate
from onehealthkg.sources.author import MARK
from onehealthkg.sources.naming import on_one_line

_USED = ("dcterms", "foaf", "id", "oh", "org", "prov", "schema", "skos", "xsd")
_WIDE = 90


def author_text(document: str, quads: Iterable[Quad], quotes: Mapping[str, str]) -> str:
    """The text of an author's file with these statements, a graph for each passage in order.

    ``quotes`` are the words of the passages by their names.
    """
    by_graph: dict[str, list[Quad]] = {}
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        by_graph.setdefault(graph, []).append(quad)
    lines = [f"@base <{document}> .\n"]
    lines += [f"@prefix {prefix + ':':<8} <{PREFIXES[prefix]}> .\n" for prefix in _USED]
    lines.append("\n# What the text itself does not say.\n")
    lines.append(_graph(document, "about", by_graph.pop(f"{document}#about", [])))
    for name, quote in quotes.items():
        lines.append(f"\n{MARK} {on_one_line(quote)}\n")
        lines.append(_graph(document, name, by_graph.pop(f"{document}#{name}", [])))
    for graph in sorted(by_graph):
        lines.append("\n" + _graph(document, graph.removeprefix(f"{document}#"), by_graph[graph]))
    return "".join(lines)


def _graph(document: str, name: str, quads: Iterable[Quad]) -> str:
    triples = in_order(quad.triple for quad in quads)
    blocks = []
    for subject, about in groupby(triples, lambda triple: triple.subject):
        said = [
            f"        {spell_predicate(predicate)}{_objects(document, [x.object for x in group])}"
            for predicate, group in groupby(about, lambda triple: triple.predicate)
        ]
        blocks.append(f"    {_spelled(document, subject)}\n" + " ;\n".join(said) + " .\n")
    return f"<#{name}> {{\n" + "\n".join(blocks) + "}\n"


def _objects(document: str, terms: Iterable[object]) -> str:
    spelled = [_spelled(document, term) for term in terms]
    if sum(map(len, spelled)) <= _WIDE or len(spelled) == 1:
        return " " + " , ".join(spelled)
    return " ,".join(f"\n            {value}" for value in spelled)


def _spelled(document: str, term: object) -> str:
    if isinstance(term, NamedNode) and term.value.partition("#")[0] == document:
        return f"<{term.value.removeprefix(document)}>"
    return spell(term)
