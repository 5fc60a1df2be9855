"""Computations on the network of agreements that SPARQL lacks: betweenness and shortest chains.

Two organisations are linked if both are parties to the same agreement. networkx
(https://networkx.org) computes the result, which is written, as terms, into a ``VALUES`` line of
the question; the question is then run like any other. Its answer therefore has labels, formats and
citations, and each step of a chain is cited with the sentences that name the parties. The same
graph gives the same numbers, because networkx receives nodes and edges in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from onehealthkg.errors import InputError, UsageError
from onehealthkg.queries.parameters import written_out
from onehealthkg.queries.questions import Question
from onehealthkg.terms import QuadSource, Term, named_node

if TYPE_CHECKING:
    import networkx  # type: ignore[import-untyped]

_TYPE, _AGREEMENT = named_node("rdf:type"), named_node("oh:Arrangement")
_PARTY = named_node("oh:party")
_DECIMAL = named_node("xsd:decimal")
_DIGITS = 4  # of a betweenness, after the point

Rows = list[tuple[Term, ...]]


def filled(
    store: QuadSource, question: Question, parameter_terms: Mapping[str, Sequence[Term]]
) -> str:
    """The text of ``hubs`` or ``shortest-path`` with networkx's results written into it.

    ``parameter_terms`` has the terms of each parameter. Raises UsageError for a chain with several
    ends, and InputError if the question has no line for the values.
    """
    graph = linked(store)
    rows = (
        betweenness(graph) if question.place == "hubs" else _steps(question, graph, parameter_terms)
    )
    lines = question.text.split("\n")
    places = [place for place, line in enumerate(lines) if line.startswith("  VALUES (")]
    if len(places) != 1:
        raise InputError(
            f"{question.place}: write one line VALUES (?one ?other) {{ (UNDEF UNDEF) }}."
        )
    start = lines[places[0]].partition("{")[0]
    content = " ".join(f"({' '.join(map(written_out, row))})" for row in rows)
    lines[places[0]] = f"{start}{{ {content} }}"
    return "\n".join(lines)


def linked(store: QuadSource) -> networkx.Graph:
    """The organisations by their IRIs; an edge's ``agreements`` says how many link the two."""
    from networkx import Graph

    graph: networkx.Graph = Graph()
    edges: dict[tuple[str, str], int] = {}
    about = store.quads_for_pattern(None, _TYPE, _AGREEMENT)
    for agreement in sorted({quad.subject for quad in about}, key=str):
        quads = store.quads_for_pattern(agreement, _PARTY, None)
        parties = sorted(
            {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}
        )
        for pair in combinations(parties, 2):
            edges[pair] = edges.get(pair, 0) + 1
    graph.add_nodes_from(sorted({party for pair in edges for party in pair}))
    for pair in sorted(edges):
        graph.add_edge(*pair, agreements=edges[pair])
    return graph


def betweenness(graph: networkx.Graph) -> Rows:
    """Each organisation with the share of shortest paths between others that pass through it."""
    from networkx import betweenness_centrality

    return [
        (NamedNode(party), Literal(_decimal(share), datatype=_DECIMAL))
        for party, share in betweenness_centrality(graph).items()
    ]


def _decimal(share: float) -> str:
    """The number without trailing zeros, as stores write it."""
    return f"{share:.{_DIGITS}f}".rstrip("0").rstrip(".")


def shortest(graph: networkx.Graph, start: str, end: str) -> list[str]:
    """The bodies of a shortest chain with both its ends; empty if there is no chain.

    Of several chains, the one with the most agreements on its weakest step, then in total, else the
    first.
    """
    from networkx import NetworkXNoPath, NodeNotFound, all_shortest_paths

    def strength(chain: list[str]) -> tuple[int, int, list[str]]:
        steps = [graph.edges[pair]["agreements"] for pair in pairwise(chain)]
        return -min(steps), -sum(steps), chain

    if start == end:
        return []
    try:
        return min(all_shortest_paths(graph, start, end), key=strength)
    except (NetworkXNoPath, NodeNotFound):
        return []


def _steps(
    question: Question, graph: networkx.Graph, parameter_terms: Mapping[str, Sequence[Term]]
) -> Rows:
    ends = [parameter_terms["from"], parameter_terms["to"]]
    if any(len(end) != 1 for end in ends):
        raise UsageError(f"{question.place}: --from and --to take one organisation each.")
    start, end = (str(terms[0].value) for terms in ends if isinstance(terms[0], NamedNode))
    chain = shortest(graph, start, end)
    if not chain:  # a step to itself, which has no row; rdflib fails on VALUES without values
        return [(Literal(0), NamedNode(start), NamedNode(start))]
    return [
        (Literal(number), NamedNode(party), NamedNode(other))
        for number, (party, other) in enumerate(pairwise(chain), 1)
    ]
