"""Absences, conditions and labels in citations, and queries that cannot be cited."""

import re

import pytest
from citing import HEAD, PARTNERSHIP
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from onehealthkg.citations.cite import cite, for_readers
from onehealthkg.citations.conditions import in_words
from onehealthkg.citations.quotes import render
from onehealthkg.citations.tree import NotCitable
from onehealthkg.citations.witnesses import ask
from onehealthkg.names import PREFIXES, compact, expand


def test_a_condition_of_absence_is_named(store: Store) -> None:
    query = "SELECT ?x { ?x oh:topic id:topic-public-health FILTER NOT EXISTS { ?x a oh:Agreement } OPTIONAL { ?x oh:dateEnds ?e } FILTER(!BOUND(?e) || ?x = ?x) }"
    [one] = cite(store, HEAD + query)
    assert [each.text for each in one.absences] == [
        f"NOT EXISTS {{ ?x <{PREFIXES['rdf']}type> <{PREFIXES['oh']}Agreement> . }}"
    ]
    assert render(store, one).endswith(
        "\nNo sentence says so, but the row holds only as long as there is no statement of the form "
        f"{PARTNERSHIP} · is a · agreement."
    )
    assert render(store, one, "fr").endswith(
        "\nAucune phrase ne le dit, mais la ligne ne vaut que si aucun énoncé n’a la forme "
        "Collaboration Anses–Inserm · est de type · accord."
    )


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (
            "OPTIONAL { ?x oh:dateEnds ?e } FILTER(!BOUND(?e))",
            "no “end date” is known",
        ),
        (
            "OPTIONAL { ?x oh:dateStarted ?s } OPTIONAL { ?x oh:dateSigned ?d } BIND(STR(COALESCE(?s, ?d)) AS ?b) FILTER(!BOUND(?b))",
            "no “date of signature” or “start date” is known",
        ),
        (
            "FILTER NOT EXISTS { ?x oh:dateEnds|oh:dateStarted ?e }",
            "no “end date” or “start date” is known",
        ),
        (
            "MINUS { ?y oh:predecessor ?x }",
            f"there is no statement of the form … · predecessor · {PARTNERSHIP}",
        ),
        (
            "FILTER NOT EXISTS { ?x ^oh:formalises ?y . ?y oh:indefinite ?n FILTER(?n) }",
            f"there is no statement of the form … · formalises · {PARTNERSHIP} and … · indefinite · … (under further conditions)",
        ),
        (
            "FILTER NOT EXISTS { ?x oh:partner ?p FILTER NOT EXISTS { ?p oh:country ?c } }",
            f"there is no statement of the form {PARTNERSHIP} · partner · … without … · country · …",
        ),
        (
            "VALUES ?o { id:organisation-ird } FILTER NOT EXISTS { ?x oh:partner ?o }",
            f"there is no statement of the form {PARTNERSHIP} · partner · IRD",
        ),
        (
            "FILTER NOT EXISTS { VALUES ?p { oh:dateEnds oh:party } ?x ?p ?e }",
            "no “end date” or “party” is known",
        ),
        (
            "OPTIONAL { ?y oh:predecessor ?x } FILTER(!BOUND(?y))",
            f"there is no statement of the form … · predecessor · {PARTNERSHIP}",
        ),
        (
            "OPTIONAL { ?x oh:dateNote ?n VALUES ?e { 1 } } FILTER(!BOUND(?e))",
            "no “note on dates” is known",
        ),
    ],
)
def test_a_condition_is_worded_with_the_labels_of_its_properties(
    store: Store, pattern: str, said: str
) -> None:
    query = f"{HEAD} SELECT ?x {{ VALUES ?x {{ id:partnership-anses-inserm }} ?x oh:topic ?t {pattern} }}"
    found = cite(store, query)
    assert found
    for one in found:
        assert [in_words(store, each) for each in one.absences] == [said]


def test_labels_are_left_out_of_a_citation_unless_nothing_else_is_cited(store: Store) -> None:
    query = "SELECT ?o ?l { ?a oh:party ?o . ?o skos:prefLabel ?l FILTER(LANG(?l) IN ('en', '')) }"
    for one in cite(store, HEAD + query):
        assert {each.statement.predicate.value for each in one.supports} == {
            PREFIXES["oh"] + "party",
            PREFIXES["skos"] + "prefLabel",
        }
        left = for_readers(one)
        assert [each.statement.predicate.value for each in left.supports] == [
            PREFIXES["oh"] + "party"
        ]
        assert left.derivations == ((0,),)
    query = "SELECT ?l { id:organisation-inserm skos:prefLabel ?l }"
    assert [for_readers(one) for one in cite(store, HEAD + query)] == cite(store, HEAD + query)


def test_readers_see_the_rule_of_an_inference_and_only_its_premises(store: Store) -> None:
    query = """SELECT DISTINCT ?e ?basis {
        GRAPH ?says { ?a oh:dateEnds ?e }
        OPTIONAL { ?says oh:rule ?rule OPTIONAL { ?rule oh:assumption ?assumption } }
        BIND(IF(BOUND(?assumption), 'assumed', IF(BOUND(?rule), 'inferred', 'stated')) AS ?basis) }"""
    [whole] = cite(store, HEAD + query)
    assert expand("oh:assumption") in {each.statement.predicate.value for each in whole.supports}
    one = for_readers(whole)
    assert [each.statement.predicate.value for each in one.supports] == [expand("oh:dateEnds")]
    shown = render(store, one)
    assert shown.startswith(
        "inferred: ends when the term has run from the date of signature, "
        "assuming that the term runs from the signature; from"
    )
    assert "sets of sentences" not in shown
    assert "known" not in shown


def test_derivations_that_differ_only_in_labels_are_one(store: Store) -> None:
    query = "SELECT DISTINCT ?o { ?a oh:party ?o . ?o skos:prefLabel ?l }"
    for one in cite(store, HEAD + query):
        assert len(one.derivations) > 1
        assert len(for_readers(one).derivations) == 1
        assert "sets of sentences" not in render(store, for_readers(one))


def test_values_that_only_the_query_gives_are_not_absences(store: Store) -> None:
    tail = "?x oh:topic id:topic-public-health FILTER(!BOUND(?e) || ?x = ?e) }"
    given = cite(store, f"{HEAD} SELECT ?x {{ VALUES ?e {{ UNDEF }} {tail}")
    assert {one.absences for one in given} == {()}
    head = "SELECT ?x { ?x oh:topic ?t OPTIONAL { ?x oh:dateNote ?n VALUES ?e { 1 } }"
    asked = cite(store, f"{HEAD} {head} {tail}")
    assert {tuple(each.text for each in one.absences) for one in asked} == {("!BOUND(?e)",)}


# Each with the rows of which nothing in the graph is behind, and the number of other rows.
UNMOVED = {
    "from a name": ("SELECT ?t { id:topic-zoonoses skos:broader* ?t }", {"id:topic-zoonoses"}, 2),
    "to a name": ("SELECT ?t { ?t skos:broader? id:topic-rift-valley-fever }", {"id:topic-rift-valley-fever"}, 0),
    "one after the other": ("SELECT ?t { id:topic-zoonoses skos:broader?/oh:no? ?t }", {"id:topic-zoonoses"}, 1),
    "in a graph": ("SELECT ?t { GRAPH <https://w3id.org/onehealthkg/graph/topics> { id:topic-zoonoses skos:broader? ?t } }", {"id:topic-zoonoses"}, 1),
    "any property but one": ("SELECT ?t { id:topic-zoonoses (!rdf:type)? ?t FILTER(STRSTARTS(STR(?t), STR(id:topic))) }", {"id:topic-zoonoses"}, 2),
    "alternatives": ("SELECT DISTINCT ?t { { id:topic-zoonoses skos:broader? ?t } UNION { id:topic-food-safety oh:no? ?t } }", {"id:topic-zoonoses", "id:topic-food-safety"}, 1),
}  # fmt: skip


@pytest.mark.parametrize(("query", "ends", "others"), UNMOVED.values(), ids=UNMOVED)
def test_no_statement_supports_a_path_of_no_steps(
    query: str, ends: set[str], others: int, store: Store
) -> None:
    columns, rows = ask(store, HEAD + query)
    citations = cite(store, HEAD + query, columns, rows)
    behind = {compact(row[0].value): one.supports for row, one in zip(rows, citations, strict=True)}
    assert {name for name, supports in behind.items() if not supports} == ends
    assert len(behind) == len(ends) + others


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK { ?s ?p ?o }", "not a SELECT query"),
        ("SELECT * FROM id:x { ?s ?p ?o }", "FROM chooses other graphs"),
        (
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SERVICE calls another endpoint",
        ),
        ("SELECT (RAND() AS ?r) { ?s ?p ?o }", "RAND() returns a different value each time"),
        ("SELECT * { ?s !(^rdf:type) ?o }", "does not read ^ after !"),
        ("SELECT * { GRAPH ?g { } }", "an empty GRAPH pattern"),
        ("SELECT * { ?s ?p }", "rdflib cannot parse the query: "),
        ("SELECT * { ?s no:prefix ?o }", "rdflib cannot parse the query: "),
        (
            "SELECT ?x { id:topic-pesticides skos:broader? ?x FILTER EXISTS { id:organisation-anses ?p ?o } }",
            "that a thing occurs at all",
        ),
        (
            "SELECT ?o { ?a oh:party ?o FILTER NOT EXISTS { ?a oh:party ?p FILTER NOT EXISTS { ?p skos:prefLabel ?l } } }",
            "on a NOT EXISTS within another",
        ),
        (
            "SELECT ?n { { SELECT DISTINCT (COUNT(?x) AS ?n) { ?x oh:party ?o } GROUP BY ?o } }",
            "show ?o, by which the inner SELECT groups",
        ),
    ],
)
def test_a_query_that_cannot_be_cited_is_refused_with_the_reason(
    query: str, reason: str, store: Store
) -> None:
    with pytest.raises(NotCitable, match=re.escape(reason)):
        cite(store, HEAD + query)


def test_a_triple_in_no_named_graph_is_refused() -> None:
    store = Store()
    thing = NamedNode("https://example.org/x")
    store.add(Quad(thing, thing, thing, DefaultGraph()))
    with pytest.raises(NotCitable, match="in no named graph"):
        cite(store, "SELECT * { ?s ?p ?o }")
