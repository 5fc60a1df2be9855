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
from onehealthkg.names import OH
from onehealthkg.queries.parameters import written_out
from onehealthkg.queries.questions import Question
from onehealthkg.terms import QuadSource, Term, named_node
from onehealthkg.words import words_or_english

if TYPE_CHECKING:
    import networkx  # type: ignore[import-untyped]

_PARTIES = f"SELECT ?agreement ?party {{ ?agreement a <{OH}Arrangement> ; <{OH}party> ?party }}"
_DECIMAL = named_node("xsd:decimal")
MOST_EXACT, SAMPLE = 1_000, 100
"""The organisations of a network up to which betweenness is exact, and those that estimate it."""

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
    parties: dict[Term, set[str]] = {}
    for agreement, party in store.query(_PARTIES):  # type: ignore[union-attr]
        if isinstance(party, NamedNode):
            parties.setdefault(agreement, set()).add(party.value)
    for linked_by_one in parties.values():
        for pair in combinations(sorted(linked_by_one), 2):
            edges[pair] = edges.get(pair, 0) + 1
    graph.add_nodes_from(sorted({party for pair in edges for party in pair}))
    for pair in sorted(edges):
        graph.add_edge(*pair, agreements=edges[pair])
    return graph


def betweenness(graph: networkx.Graph) -> Rows:
    """Each organisation with the share of shortest paths between others that pass through it.

    All paths take a time that grows with the square of the network, so in one of more than
    ``MOST_EXACT`` organisations the share is estimated from the paths that begin at ``SAMPLE`` of
    them. They are drawn with a fixed seed, so the same network gives the same numbers.
    """
    from networkx import betweenness_centrality

    sample = SAMPLE if len(graph) > MOST_EXACT else None
    shares = betweenness_centrality(graph, k=sample, seed=0)
    return [
        (NamedNode(party), Literal(_decimal(share), datatype=_DECIMAL))
        for party, share in shares.items()
    ]


def remark(store: QuadSource, question: Question, language: str = "en") -> str:
    """A sentence if the numbers of the answer are estimated, else empty."""
    if question.place != "hubs":
        return ""
    count = len(linked(store))
    if count <= MOST_EXACT:
        return ""
    return str(words_or_english(language)["estimated"].format(sample=SAMPLE, all=count))


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
