"""A row disappears with the statements cited for it, and only with them."""

import pytest
from citing import (
    GROUPED,
    HEAD,
    PARTNERSHIP,
    QUERIES,
    ROW,
    SLICED,
    Damaged,
    answer,
    homes,
    only,
    problems,
    whole,
)
from effort import sample
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple
from selections import everything
from test_queries import FILES, expected

from onehealthkg.citations.cite import Support, cite, cite_together
from onehealthkg.evidence.answers import words
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import RECORD, compact
from onehealthkg.queries.query import run
from onehealthkg.terms import in_graph, merge

RECORDS = ("anses-coda-cerva-2017", "inra-pasteur-2016", "inrae-pasteur-2022")
JOINED = ("agreements", "undertakings")
BUNDLED = {path.stem: path for path in FILES}


@pytest.fixture(scope="module")
def recorded(quads: list[Quad]) -> Damaged:
    """With the records that the bundled questions ask about."""
    records = {RECORD + name for name in RECORDS}
    return Damaged(quads + [one for one in everything().quads if one.graph_name.value in records])


@pytest.mark.sampled(30)
@pytest.mark.parametrize("name", [*QUERIES, *GROUPED])
def test_a_row_disappears_with_its_citations_and_only_with_them(
    name: str, damaged: Damaged, store: Store
) -> None:
    query = HEAD + {**QUERIES, **GROUPED}[name]
    found = cite(store, query)
    assert found
    assert list(problems(damaged, query, found)) == []


@pytest.mark.parametrize("name", SLICED)
def test_a_row_of_a_slice_disappears_with_all_its_citations(
    name: str, damaged: Damaged, store: Store
) -> None:
    query = HEAD + SLICED[name]
    rows, found = answer(store, query), cite(store, query)
    assert len(rows) == len(found) > 0
    for row, one in zip(rows, found, strict=True):
        cited = {graph for place in range(len(one.supports)) for graph in homes(one, place)}
        assert row not in damaged.answer(cited, query)


PIECES = [
    "?x oh:party ?o .",
    "?x oh:topic ?t .",
    "?x oh:dateSigned ?d .",
    "?s oh:onBehalfOf ?o .",
    "?s oh:signs ?x .",
    "?x oh:exampleTopic ?t .",
    "?t skos:broader* ?b .",
    "?x (oh:formalises|^oh:setOutIn)+ ?c .",
    "GRAPH ?g { ?x oh:party ?o }",
    "GRAPH ?g { ?x oh:topic ?t }",
    "{ SELECT DISTINCT ?x { ?x oh:topic ?h } }",
    "{ ?x oh:party ?o } UNION { ?x oh:partner ?o }",
    "{ ?x oh:dateEnds ?e } UNION { ?x oh:topic ?t . ?t skos:broader ?b }",
    "OPTIONAL { ?x oh:dateEnds ?e }",
    "OPTIONAL { ?x oh:party ?p . ?p schema:foundingDate ?f }",
    "OPTIONAL { ?s oh:inPost ?w OPTIONAL { ?w skos:prefLabel ?l } }",
    "FILTER EXISTS { ?x oh:party ?y . ?y schema:foundingDate ?z }",
    "FILTER(?x = ?x || EXISTS { ?x oh:dateEnds ?k })",
    "BIND(IF(BOUND(?e), 'ends', 'open') AS ?k)",
    "BIND(COALESCE(?e, ?d, 'never') AS ?m)",
]


@pytest.mark.slow
@settings(derandomize=True, max_examples=12)
@given(
    st.lists(st.integers(0, len(PIECES) - 1), min_size=2, max_size=4, unique=True),
    st.lists(st.sampled_from("xotedbgkmc"), min_size=1, max_size=3, unique=True),
)
def test_a_row_disappears_with_its_citations_in_any_combination(
    damaged: Damaged,
    store: Store,
    chosen: list[int],
    columns: list[str],
) -> None:
    pattern = " ".join(PIECES[place] for place in sorted(chosen))
    query = f"{HEAD}SELECT {' '.join('?' + name for name in columns)} {{ {pattern} }}"
    assume(0 < len(answer(store, query)) < 20)
    assert list(problems(damaged, query, cite(store, query))) == []


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", sample(BUNDLED, 16))
def test_a_row_of_a_bundled_question_disappears_with_its_citations(
    name: str, recorded: Damaged, graph: KnowledgeGraph
) -> None:
    question, values, _ = expected(BUNDLED[name])
    result = run(recorded.store, graph.project, question, values)
    found = cite(recorded.store, result.question.text, result.columns, result.rows)
    assert list(problems(recorded, result.question.text, found)) == []


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", [name for name in BUNDLED if name.startswith(JOINED)])
def test_rows_shown_as_one_disappear_with_their_citations(
    name: str, recorded: Damaged, graph: KnowledgeGraph
) -> None:
    """Each row comes from the cited statements alone, and goes without their graphs."""
    question, values, _ = expected(BUNDLED[name])
    result = run(recorded.store, graph.project, question, values)
    text = result.question.text
    groups = [[tuple(result.rows[number]) for number in group] for group in result.groups]
    found = cite_together(recorded.store, text, result.columns, groups)
    for rows, one in sample(zip(groups, found, strict=True), 3):
        cited = {home for place in range(len(one.supports)) for home in homes(one, place)}
        assert set(rows) <= set(answer(only(one, one.derivations[0]), text))
        assert set(rows).isdisjoint(recorded.answer(cited, text))


@pytest.mark.parametrize("name", ["join", "inferred", "first that there is", "union", "exists"])
def test_the_row_disappears_without_any_needed_statement(
    name: str, quads: list[Quad], store: Store
) -> None:
    """Every cited triple, and a sample of the others, is removed in turn."""
    query = HEAD + QUERIES[name]
    rows, found = answer(store, query), cite(store, query)
    spoiled = whole(quads)
    lost: dict[ROW, set[object]] = {row: set() for row in rows}
    cited = {triple_of(support) for one in found for support in one.supports}
    others = {quad.triple for quad in quads} - cited
    for triple in (*cited, *sample(sorted(others, key=str), 2000)):
        spoiled.remove(in_graph(triple, DefaultGraph()))
        for row in set(rows) - set(answer(spoiled, query)):
            lost[row].add(triple)
        spoiled.add(in_graph(triple, DefaultGraph()))
    for row, one in zip(rows, found, strict=True):
        assert {triple_of(support) for support in one.supports if support.needed} == lost[row]


def triple_of(support: Support) -> Triple:
    said = support.statement
    return Triple(said.subject, said.predicate, said.object)


def told(store: Store, query: str) -> list[list[list[str]]]:
    """For each row its ways, for each way its statements in words and the graphs they are in."""
    found = []
    for one in cite(store, HEAD + query):
        lines = [
            f"{' · '.join(words(store, each.statement))} [{', '.join(sorted(compact(graph).removeprefix('source:2020-02-05-anses-inserm') for graph in homes(one, place)))}]"
            for place, each in enumerate(one.supports)
        ]
        found.append([[lines[place] for place in way] for way in one.derivations])
    return found


AGREEMENT = "Framework partnership agreement between ANSES and Inserm (2020)"


def test_a_statement_is_cited_with_every_sentence_that_states_it(store: Store) -> None:
    assert told(store, "SELECT ?a { ?a oh:party id:organisation-anses }") == [
        [[f"{AGREEMENT} · party · ANSES [#s3, #s4]"]]
    ]


def test_a_row_with_several_derivations_is_cited_with_each(store: Store) -> None:
    query = "SELECT DISTINCT ?o { ?x oh:party|oh:partner ?o . ?x oh:topic id:topic-public-health VALUES ?o { id:organisation-anses } }"
    [ways] = told(store, query)
    assert ways == [
        [
            f"{AGREEMENT} · party · ANSES [#s3, #s4]",
            f"{AGREEMENT} · topic · public health [inference:topic-of-whole-33511bc6789d]",
        ],
        [
            f"{PARTNERSHIP} · partner · ANSES [#s4]",
            f"{PARTNERSHIP} · topic · public health [#s4]",
        ],
    ]


def test_an_optional_statement_is_cited_where_its_value_is_shown(store: Store) -> None:
    query = "SELECT ?x ?e { ?x oh:topic id:topic-public-health OPTIONAL { ?x oh:dateEnds ?e } VALUES ?x { id:partnership-anses-inserm } }"
    assert told(store, query) == [[[f"{PARTNERSHIP} · topic · public health [#s4]"]]]
    query = query.replace("partnership-anses-inserm", "agreement-anses-inserm-2020")
    assert told(store, query) == [
        [
            [
                f"{AGREEMENT} · end date · 2025-02-05 [inference:end-date-1de25593333e]",
                f"{AGREEMENT} · topic · public health [inference:topic-of-whole-33511bc6789d]",
            ]
        ]
    ]


def test_a_path_is_cited_with_the_statements_walked(store: Store) -> None:
    query = "SELECT DISTINCT ?b { id:partnership-anses-inserm oh:exampleTopic/skos:broader+ ?b VALUES ?b { id:topic-chemical-hazards } }"
    assert told(store, query) == [
        [
            [
                f"{PARTNERSHIP} · example of a topic · endocrine disruptors [#s4]",
                "endocrine disruptors · broader · chemical hazards [graph:topics]",
            ],
            [
                f"{PARTNERSHIP} · example of a topic · pesticides [#s4]",
                "pesticides · broader · chemical hazards [graph:topics]",
            ],
        ]
    ]


def test_a_path_with_a_detour_needs_the_triples_of_all_walks() -> None:
    """From a to d by b or c, and then to e."""
    store = Store()
    for one, other in ("ab", "ac", "bd", "cd", "de"):
        ends = NamedNode(f"urn:x:{one}"), NamedNode("urn:x:to"), NamedNode(f"urn:x:{other}")
        store.add(Quad(*ends, NamedNode(f"urn:x:{one}{other}")))
    [one] = cite(merge(store), "SELECT ?e { <urn:x:a> <urn:x:to>+ ?e FILTER(?e = <urn:x:e>) }")
    names = [next(iter(homes(one, place)))[-2:] for place in range(len(one.supports))]
    assert {tuple(names[place] for place in way) for way in one.derivations} == {
        ("ab", "bd", "de"),
        ("ac", "cd", "de"),
    }
    assert [name for name, each in zip(names, one.supports, strict=True) if each.needed] == ["de"]


def test_a_graph_pattern_is_cited_only_with_its_graph(store: Store) -> None:
    query = "SELECT ?g { GRAPH ?g { id:agreement-anses-inserm-2020 oh:party id:organisation-anses } } ORDER BY ?g"
    assert told(store, query) == [
        [[f"{AGREEMENT} · party · ANSES [#s3]"]],
        [[f"{AGREEMENT} · party · ANSES [#s4]"]],
    ]


def test_a_group_is_cited_with_its_members(store: Store) -> None:
    query = "SELECT (COUNT(?x) AS ?n) { ?x oh:party|oh:partner id:organisation-anses }"
    assert told(store, query) == [
        [[f"{AGREEMENT} · party · ANSES [#s3, #s4]"], [f"{PARTNERSHIP} · partner · ANSES [#s4]"]]
    ]
    assert [one.grouped for one in cite(store, HEAD + query)] == [True]
