"""The rewriting of queries for citations: mistakes in it are detected, and a written query means
the same.
"""

from itertools import product

import pytest
from citing import GROUPED, HEAD, QUERIES, SLICED, Damaged, answer, problems
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from onehealthkg.citations import members, rewrite
from onehealthkg.citations.cite import cite
from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import NotCitable, read_query
from onehealthkg.dataset.rules import derive, read_rule
from onehealthkg.names import PREFIXES
from onehealthkg.paths import bundled
from onehealthkg.terms import merge

SPOILED = [
    "SELECT ?o ?l { ?a a oh:Agreement ; oh:party ?o . ?o skos:prefLabel ?l }",
    "SELECT ?o ?x { { ?x oh:party ?o } UNION { ?x oh:partner ?o } ?x oh:topic ?t }",
    "SELECT ?x ?e { ?x oh:topic id:topic-public-health . OPTIONAL { ?x oh:dateEnds ?e } }",
    "SELECT ?t ?b { ?x oh:exampleTopic ?t . ?t skos:broader+ ?b }",
    "SELECT ?g ?e { GRAPH ?g { ?a oh:dateEnds ?e } ?g oh:rule ?r }",
    "SELECT ?o (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o",
]


def wrongly(name: str, patterns: tuple[rewrite.Pattern, ...]) -> tuple[rewrite.Pattern, ...]:
    """Patterns as a mistaken rewriting would have them."""
    if name == "forgets one":
        return patterns[1:]
    if name == "forgets the last":
        return patterns[:-1]
    assert name == "cites another statement as well"
    more = rewrite.Pattern(
        NamedNode(PREFIXES["id"] + "partnership-anses-inserm"),
        NamedNode(PREFIXES["oh"] + "partner"),
        NamedNode(PREFIXES["id"] + "organisation-inserm"),
        DefaultGraph(),
        "",
        False,
    )
    return (*patterns, more)


@pytest.mark.parametrize("query", SPOILED)
def test_the_rewriting_is_right_before_it_is_spoiled_below(
    query: str, damaged: Damaged, store: Store
) -> None:
    assert list(problems(damaged, HEAD + query, cite(store, HEAD + query))) == []


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        *product(SPOILED, ["forgets one", "forgets the last"]),
        # The last is a group: what is cited too much there, a whole citation above would show.
        *product(SPOILED[:-1], ["cites another statement as well"]),
    ],
)
def test_a_wrong_rewriting_is_refused_or_detected(
    query: str,
    mistake: str,
    damaged: Damaged,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned = members.plan

    def spoiled(tree: object) -> members.Plan:
        one = planned(tree)  # type: ignore[arg-type]
        return one._replace(patterns=wrongly(mistake, one.patterns))

    monkeypatch.setattr(members, "plan", spoiled)
    try:
        found = cite(store, HEAD + query)
    except NotCitable:
        return
    assert next(problems(damaged, HEAD + query, found), None)


def test_an_inference_is_not_derived_without_its_sentences(quads: list[Quad], store: Store) -> None:
    query = HEAD + QUERIES["inferred"]
    [one] = cite(store, query)
    behind = {
        passage.iri
        for support in one.supports
        for evidence in support.statement.evidence
        for passage in evidence.passages
    }
    assert behind
    left = Store()
    left.extend(
        quad
        for quad in quads
        if quad.graph_name.value not in behind and "/inference/" not in quad.graph_name.value
    )
    assert answer(left, query) == []
    derive(left, [read_rule(path) for path in bundled().rules])
    assert answer(merge(left), query) == []


@pytest.mark.parametrize("name", {**QUERIES, **GROUPED, **SLICED})
def test_a_query_written_from_its_tree_is_the_same_query(name: str, store: Store) -> None:
    query = HEAD + {**QUERIES, **GROUPED, **SLICED}[name]
    written = Writer().select(read_query(query))
    assert sorted(map(str, answer(store, written))) == sorted(map(str, answer(store, query)))
    assert Writer().select(read_query(written)) == written


def test_rdflib_keeps_literals_and_its_own_settings(store: Store) -> None:
    import rdflib

    rdflib.NORMALIZE_LITERALS = True
    query = 'SELECT * { VALUES ?x { "007"^^<http://www.w3.org/2001/XMLSchema#integer> "a\\"\\n" } }'
    assert '"007"^^' in Writer().select(read_query(query))
    assert rdflib.NORMALIZE_LITERALS
    assert len(cite(store, query)) == 2
