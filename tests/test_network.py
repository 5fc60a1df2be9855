"""Betweenness and shortest chains, compared with counts by hand, and their errors."""

import pytest
from pyoxigraph import Store

from onehealthkg.citations.cite import cite
from onehealthkg.errors import UsageError
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.queries.query import run
from onehealthkg.queries.tables import cell

# a - b - c - d, twice linked b - e - d, and f - g apart.
STEPS = ("a b", "b c", "c d", "b e", "e d", "e d", "f g")


@pytest.fixture
def store() -> Store:
    found = Store()
    lines = [
        f"<http://x/{number}> a oh:Arrangement ; oh:party <http://x/{one[0]}> , <http://x/{one[2]}> ."
        for number, one in enumerate(STEPS)
    ]
    found.update(
        "PREFIX oh: <https://w3id.org/onehealthkg/ontology#>\n"
        "PREFIX org: <http://www.w3.org/ns/org#>\n"
        f"INSERT DATA {{ {' '.join(lines)} {' '.join(map(_body, 'abcdefg'))} }}"
    )
    return found


def _body(name: str) -> str:
    return f"<http://x/{name}> a org:Organization ."


def test_betweenness_is_the_share_of_shortest_paths_between_others(
    store: Store, graph: KnowledgeGraph
) -> None:
    result = run(store, graph.project, "hubs", {"least": 1})
    assert [[cell(one).removeprefix("http://x/") for one in row] for row in result.rows] == [
        ["b", "", "3", "3", "0.2333"],  # all of a's three, half of those between c and e: 3.5 of 15
        ["c", "", "2", "2", "0.0667"],  # half of those from a and b to d: 1 of 15
        ["e", "", "2", "3", "0.0667"],
        ["d", "", "2", "3", "0.0333"],  # half of those between c and e: 0.5 of 15
        ["a", "", "1", "1", "0"],
        ["f", "", "1", "1", "0"],
        ["g", "", "1", "1", "0"],
    ]


@pytest.mark.parametrize(
    ("ends", "chain"),
    [
        ("a b", [("1", "a", "b", "0")]),
        ("a d", [("1", "a", "b", "0"), ("2", "b", "e", "3"), *(("3", "e", "d", n) for n in "45")]),
        ("d a", [*(("1", "d", "e", n) for n in "45"), ("2", "e", "b", "3"), ("3", "b", "a", "0")]),
        ("a a", []),
        ("a f", []),
    ],
)
def test_of_shortest_chains_the_one_with_most_agreements_is_shown(
    ends: str, chain: list[tuple[str, ...]], store: Store, graph: KnowledgeGraph
) -> None:
    start, end = (f"http://x/{one}" for one in ends.split())
    result = run(store, graph.project, "shortest-path", {"from": start, "to": end})
    cells = [[cell(one).removeprefix("http://x/") for one in row] for row in result.rows]
    assert [(row[0], row[1], row[3], row[5]) for row in cells] == chain


def test_a_chain_has_one_organisation_at_each_end(store: Store, graph: KnowledgeGraph) -> None:
    values = {"from": ["http://x/a", "http://x/b"], "to": "http://x/d"}
    with pytest.raises(UsageError, match="--from and --to take one organisation each"):
        run(store, graph.project, "shortest-path", values)


def test_each_step_is_cited_with_the_sentences_that_name_its_parties(graph: KnowledgeGraph) -> None:
    result = graph.query("shortest-path", {"from": "Inserm", "to": "WOAH"})
    found = cite(graph.merged, result.question.text, result.columns, result.rows)
    for row, citation in zip(result.rows, found, strict=True):
        said = {
            (one.statement.subject, one.statement.object)
            for one in citation.supports
            if one.needed and one.statement.predicate.value.endswith("#party")
        }
        assert {(row[5], row[1]), (row[5], row[3])} <= said
