"""Citations against the data itself: delete what is cited, and see which rows go.

``problems`` knows nothing of how citations are found. It takes a query, its rows and their
citations, deletes graphs from the store, fills the default graph anew, and asks again.
"""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from effort import sample
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Triple
from selections import everything, release
from test_queries import FILES, expected

from onehealthkg.citations import members, rewrite
from onehealthkg.citations.cite import Citation, Support, cite, without_labels
from onehealthkg.citations.conditions import in_words
from onehealthkg.citations.quotes import as_data, lines, markdown, render, sentences
from onehealthkg.citations.sparql import Writer
from onehealthkg.citations.tree import NotCitable, read_query
from onehealthkg.citations.witnesses import ask
from onehealthkg.dataset.answers import words
from onehealthkg.dataset.cache import load_store
from onehealthkg.dataset.evidence import Passage
from onehealthkg.dataset.quotes import fragment
from onehealthkg.dataset.rules import derive, read_rule
from onehealthkg.graph import KnowledgeGraph
from onehealthkg.names import GRAPH, PREFIXES, RECORD, compact
from onehealthkg.paths import bundled
from onehealthkg.queries.query import run
from onehealthkg.queries.tables import as_html, table
from onehealthkg.terms import in_graph, merge

HEAD = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
ROW = tuple[object, ...]

# One query for each construct, and some that bring several together.
QUERIES = {
    "one pattern": "SELECT ?o { id:agreement-anses-inserm-2020 oh:party ?o }",
    "everything": "SELECT * { ?a oh:party ?o ; oh:formalises ?p }",
    "join": "SELECT ?o ?l { ?a oh:party ?o . ?o skos:prefLabel ?l . FILTER(LANG(?l) = 'en') }",
    "hidden variable": "SELECT ?o { ?x oh:partner|oh:party ?o }",
    "blank node": "SELECT ?who { [] oh:signatory ?who ; oh:onBehalfOf [ skos:prefLabel 'Inserm'@en ] }",
    "predicate variable": "SELECT ?p { id:agreement-anses-inserm-2020 ?p id:organisation-anses }",
    "inferred": "SELECT ?d ?e { ?a oh:dateSigned ?d ; oh:dateEnds ?e }",
    "optional, bound and not": "SELECT ?c ?agent ?aim { ?c a oh:Undertaking ; oh:agent ?agent . OPTIONAL { ?c oh:aim ?aim } }",
    "optional that is not shown": "SELECT ?a { ?a a oh:Agreement . OPTIONAL { ?a oh:dateEnds ?e } }",
    "optional in optional": "SELECT ?s ?post ?l { ?s oh:signs ?a . OPTIONAL { ?s oh:inPost ?post . OPTIONAL { ?post skos:prefLabel ?l FILTER(LANG(?l) = 'fr') } } }",
    "optional with a condition on the outside": "SELECT ?o ?l ?w { VALUES ?w { 'en' 'fr' } ?a oh:party ?o . OPTIONAL { ?o skos:prefLabel ?l FILTER(LANG(?l) = ?w) } }",
    "first that there is": "SELECT ?o ?l { ?a oh:party ?o . OPTIONAL { ?o skos:prefLabel ?x FILTER(LANG(?x) = 'de') } OPTIONAL { ?o skos:prefLabel ?y FILTER(LANG(?y) = 'en') } BIND(COALESCE(?x, ?y) AS ?l) }",
    "bound or not": "SELECT ?x ?known { ?x oh:topic id:topic-public-health . OPTIONAL { ?x oh:dateEnds ?e } BIND(IF(BOUND(?e), 'yes', 'no') AS ?known) }",
    "unbound": "SELECT ?x { ?x oh:topic id:topic-public-health . OPTIONAL { ?x oh:dateEnds ?e } FILTER(!BOUND(?e)) }",
    "union": "SELECT ?x ?o { { ?x oh:party ?o } UNION { ?x oh:partner ?o } }",
    "union of different width": "SELECT ?x { { ?x oh:party ?o ; oh:dateSigned ?d } UNION { ?x oh:partner ?o } UNION { ?x a oh:Agreement } }",
    "union with filters": "SELECT ?l { ?o a org:Organization . { ?o skos:prefLabel ?l FILTER(LANG(?l) = 'fr') } UNION { ?o skos:altLabel ?l FILTER(STRLEN(?l) < 8) } }",
    "values": "SELECT ?o ?l { VALUES (?o ?w) { (id:organisation-anses 'en') (id:organisation-inserm UNDEF) } ?o skos:prefLabel ?l FILTER(LANG(?l) = ?w || !BOUND(?w)) }",
    "values at the end": "SELECT ?o ?a { ?a oh:party ?o } VALUES ?o { id:organisation-anses }",
    "bind and arithmetic": "SELECT ?y (?y + 5 AS ?later) { ?a oh:dateSigned ?d . BIND(YEAR(xsd:date(?d)) AS ?y) FILTER(?y IN (2019 + 1, 7) && -?y < 3 - 1 && STRLEN(REPLACE(STR(?a), 'a', 'b', 'i')) > 2) }",
    "expression with exists": "SELECT ?x (EXISTS { ?x oh:dateEnds ?e } AS ?ends) { ?x oh:topic id:topic-public-health }",
    "exists": "SELECT ?o { ?a oh:party ?o . FILTER EXISTS { ?s oh:onBehalfOf ?o ; oh:signs ?a } }",
    "exists or not": "SELECT ?t { ?t a skos:Concept ; skos:inScheme id:scheme-topics . FILTER(?t = id:topic-zoonoses || EXISTS { ?x oh:exampleTopic ?t }) }",
    "exists within an optional": "SELECT ?a ?o { ?a a oh:Agreement . OPTIONAL { ?a oh:party ?o FILTER EXISTS { ?a oh:dateEnds ?e . ?o schema:foundingDate ?f } } }",
    "exists within exists": "SELECT ?o { ?o a org:Organization FILTER EXISTS { ?a oh:party ?o FILTER EXISTS { ?a oh:formalises ?p } } }",
    "not exists": "SELECT ?x { ?x oh:topic id:topic-public-health FILTER NOT EXISTS { ?x a oh:Agreement } }",
    "minus": "SELECT ?x { ?x oh:topic id:topic-public-health MINUS { ?x a oh:Agreement } }",
    "sequence path": "SELECT ?l { ?s oh:signs/oh:party/skos:prefLabel ?l }",
    "inverse path": "SELECT ?s { id:agreement-anses-inserm-2020 ^oh:signs ?s }",
    "negated path": "SELECT ?x { id:agreement-anses-inserm-2020 !(rdf:type|skos:prefLabel|oh:topic|oh:exampleTopic) ?x }",
    "any number of steps": "SELECT ?t ?b { ?x oh:exampleTopic ?t . ?t skos:broader* ?b }",
    "one step or more": "SELECT ?b { ?x oh:topic/skos:broader+ ?b }",
    "one step or none": "SELECT ?b { ?p a oh:Partnership . ?p (oh:exampleTopic/skos:broader)? ?b }",
    "no step within an optional": "SELECT ?o ?u { ?a oh:partner ?o OPTIONAL { ?o (org:linkedTo)? ?u } }",
    "no step, counted": "SELECT ?t (COUNT(?b) AS ?n) { ?x oh:exampleTopic ?t . ?t skos:broader* ?b } GROUP BY ?t",
    "steps back and forth": "SELECT ?o { id:organisation-anses (^oh:party/oh:party)+ ?o }",
    "alternatives in steps": "SELECT ?y { id:agreement-anses-inserm-2020 (oh:formalises|^oh:setOutIn|oh:agent)+ ?y }",
    "graph": "SELECT ?g ?o { GRAPH ?g { ?a oh:party ?o } }",
    "graph that is not shown": "SELECT ?o { GRAPH ?g { ?a oh:party ?o ; a oh:Agreement } }",
    "graph and its metadata": "SELECT ?rule ?from { GRAPH ?g { ?a oh:dateEnds ?e } ?g oh:rule ?rule ; prov:wasDerivedFrom ?from }",
    "exists with a graph": "SELECT ?q { ?s oa:exact ?q . ?g oa:hasSelector ?s FILTER EXISTS { GRAPH ?g { ?a oh:party ?o } } }",
    "distinct": "SELECT DISTINCT ?p { ?x oh:party|oh:partner ?p } ORDER BY ?p",
    "select within": "SELECT ?l { { SELECT DISTINCT ?o { ?x oh:partner ?o ; oh:topic ?t } } ?o skos:prefLabel ?l }",
    "select within, grouped": "SELECT ?o ?n ?l { { SELECT ?o (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o HAVING(COUNT(?x) > 1) } ?o skos:prefLabel ?l }",
    "select within, grouped by what is not shown": "SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o HAVING(COUNT(?x) > 2) } }",
    "select within, grouped by what may be unbound": "SELECT ?e ?n { { SELECT ?e (COUNT(?x) AS ?n) { ?x oh:topic id:topic-public-health OPTIONAL { ?x oh:dateEnds ?e } } GROUP BY ?e HAVING(BOUND(?e)) } }",
    "select within, grouped but not counted": "SELECT ?o { { SELECT ?o (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o } ?o schema:foundingDate ?y }",
    "select within, all one group": "SELECT ?a ?n { ?a a oh:Agreement { SELECT (COUNT(?e) AS ?n) { ?x oh:dateEnds ?e } } }",
    "empty cells": "SELECT ?nothing ?a { ?a a oh:Agreement }",
    "no triples": "SELECT ?x { VALUES ?x { 1 2 } }",
}
GROUPED = {
    "count": "SELECT ?o (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o",
    "count of all": "SELECT (COUNT(*) AS ?n) { ?c oh:modality oh:intended }",
    "count of nothing": "SELECT (COUNT(*) AS ?n) { ?c oh:modality oh:unheardOf }",
    "count of distinct things": "SELECT ?c (COUNT(DISTINCT ?t) AS ?n) { ?c a oh:Undertaking . OPTIONAL { ?c oh:topic/skos:broader* ?t } } GROUP BY ?c",
    "key that is computed": "SELECT ?y (COUNT(*) AS ?n) { ?x oh:dateSigned ?d } GROUP BY (YEAR(xsd:date(?d)) AS ?y)",
    "key that is not shown": "SELECT (COUNT(?x) AS ?n) { ?x oh:party|oh:partner ?o } GROUP BY ?o",
    "having": "SELECT ?t { ?c oh:exampleTopic ?t } GROUP BY ?t HAVING (COUNT(?c) > 1)",
    "largest": "SELECT (MAX(?d) AS ?last) { ?x schema:foundingDate ?d }",
    "concatenation": "SELECT ?a (GROUP_CONCAT(DISTINCT ?l; SEPARATOR=', ') AS ?all) { ?a oh:party/skos:prefLabel ?l FILTER(LANG(?l) = 'en') } GROUP BY ?a",
}
SLICED = {
    "limit": "SELECT ?o { ?x oh:partner ?o } ORDER BY ?o LIMIT 1",
    "offset": "SELECT ?t { ?x oh:exampleTopic ?t } ORDER BY DESC(?t) LIMIT 2 OFFSET 2",
    "select within, sliced": "SELECT ?t ?l { { SELECT ?t { ?x oh:exampleTopic ?t } ORDER BY ?t LIMIT 2 } ?t skos:prefLabel ?l }",
    "largest groups": "SELECT ?t (COUNT(?x) AS ?n) { ?x oh:topic ?t } GROUP BY ?t ORDER BY DESC(?n) ?t LIMIT 2",
}
RECORDS = ("anses-coda-cerva-2017", "inra-pasteur-2016", "inrae-pasteur-2022")
BUNDLED = {path.stem: path for path in FILES}


class Damaged:
    """A store from which named graphs can be taken out while one question is asked.

    The default graph is then the merge of those that are left.
    """

    def __init__(self, quads: list[Quad]) -> None:
        self.quads = quads
        self.store = whole(quads)
        self.graphs: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            self.graphs[quad.graph_name.value].append(quad)

    def answer(self, graphs: set[str], query: str) -> list[ROW]:
        if "GROUP_CONCAT" in query:  # its order is that in which the quads came into the store
            return answer(
                whole([one for one in self.quads if one.graph_name.value not in graphs]), query
            )
        gone = [quad for graph in graphs for quad in self.graphs[graph]]
        for quad in gone:
            self.store.remove(quad)
        gone += [one for one in map(merged, gone) if not self._elsewhere(one)]
        for quad in gone:
            self.store.remove(quad)
        try:
            return answer(self.store, query)
        finally:
            self.store.extend(gone)

    def _elsewhere(self, quad: Quad) -> bool:
        homes = self.store.quads_for_pattern(*quad.triple, None)
        return any(one.graph_name != DefaultGraph() for one in homes)


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    """Of the bundled data all but the records, which would make of each question dozens of rows."""
    graphs = {quad.graph_name for quad in release().quads}
    return [quad for quad in load_store(bundled()) if quad.graph_name in graphs]


@pytest.fixture(scope="module")
def store(quads: list[Quad]) -> Store:
    return whole(quads)


@pytest.fixture(scope="module")
def damaged(quads: list[Quad]) -> Damaged:
    return Damaged(quads)


@pytest.fixture(scope="module")
def recorded(quads: list[Quad]) -> Damaged:
    """With the records that the bundled questions ask about."""
    records = {RECORD + name for name in RECORDS}
    return Damaged(quads + [one for one in everything().quads if one.graph_name.value in records])


def whole(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return merge(store)


def merged(quad: Quad) -> Quad:
    return in_graph(quad, DefaultGraph())


def answer(store: Store, query: str) -> list[ROW]:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [tuple(solution[name] for name in names) for solution in solutions]


def homes(citation: Citation, place: int) -> set[str]:
    """The graphs with which a support goes."""
    return {one.graph for one in citation.supports[place].statement.evidence}


def problems(damaged: Damaged, query: str, found: list[Citation]) -> Iterator[str]:
    """What is wrong with the citations of a query's rows."""
    rows = damaged.answer(set(), query)
    if len(rows) != len(found):
        yield f"{len(rows)} rows have {len(found)} citations"
    chosen = sample(zip(rows, found, strict=False), 8)
    cited_at_all = {
        graph
        for _, one in chosen
        for place in range(len(one.supports))
        for graph in homes(one, place)
    }
    others = sample(sorted(damaged.graphs.keys() - cited_at_all), 10)
    after = {graph: set(damaged.answer({graph}, query)) for graph in (*cited_at_all, *others)}
    unsliced = re.sub(r"(LIMIT|OFFSET) \d+", "", query)
    asks_for_inferences = "NOT EXISTS { ?source a oh:Inference }" in query
    if asks_for_inferences:  # then it must be known which graphs are inferences
        after.pop(GRAPH + "inferences", None)
    for row, one in chosen:
        cited = {graph for place in range(len(one.supports)) for graph in homes(one, place)}
        if cited and row in damaged.answer(cited, query):
            yield f"{row} stays without all that is cited"
        for graph, left in after.items():
            yield from mistakes_about(graph, row not in left, row, one)
        for way in one.ways if not one.grouped else ():
            if row not in answer(only(one, way), unsliced):
                yield f"{row} does not come from {way} alone"
            for place in () if asks_for_inferences else way:
                rest = tuple(other for other in way if other != place)
                if row in answer(only(one, rest), unsliced):
                    yield f"{row} needs no {one.supports[place]}"


def mistakes_about(graph: str, gone: bool, row: ROW, one: Citation) -> Iterator[str]:
    """Whether a row went with a graph although its citation says no, or the other way round.

    A group of which some members went may be the same or another.
    """
    broken = [any(homes(one, place) == {graph} for place in way) for way in one.ways]
    if gone and not any(broken):
        yield f"{row} goes without {graph}"
    if not gone and broken and all(broken):
        yield f"{row} stays without {graph}"
    if gone and not all(broken) and not one.grouped:
        yield f"{row} goes without {graph}, but has ways that do not need it"


def only(citation: Citation, way: tuple[int, ...]) -> Store:
    """A store with the statements of a way and nothing else."""
    left = Store()
    for support in (citation.supports[place] for place in way):
        graph = NamedNode(support.graph) if support.graph else DefaultGraph()
        triple = support.statement
        left.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    return left


@pytest.mark.parametrize("name", [*QUERIES, *GROUPED])
def test_a_row_goes_with_what_is_cited_and_with_nothing_else(
    name: str, damaged: Damaged, store: Store
) -> None:
    query = HEAD + {**QUERIES, **GROUPED}[name]
    found = cite(store, query)
    assert found
    assert list(problems(damaged, query, found)) == []


@pytest.mark.parametrize("name", SLICED)
def test_a_row_of_a_slice_goes_with_all_that_is_cited(
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


@settings(derandomize=True, max_examples=12)
@given(
    st.lists(st.integers(0, len(PIECES) - 1), min_size=2, max_size=4, unique=True),
    st.lists(st.sampled_from("xotedbgkmc"), min_size=1, max_size=3, unique=True),
)
def test_a_row_goes_with_what_is_cited_in_any_combination(
    damaged: Damaged,
    store: Store,
    chosen: list[int],
    columns: list[str],
) -> None:
    pattern = " ".join(PIECES[place] for place in sorted(chosen))
    query = f"{HEAD}SELECT {' '.join('?' + name for name in columns)} {{ {pattern} }}"
    assume(0 < len(answer(store, query)) < 20)
    assert list(problems(damaged, query, cite(store, query))) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_a_row_of_a_bundled_question_goes_with_what_is_cited(
    name: str, recorded: Damaged, graph: KnowledgeGraph
) -> None:
    question, values, _ = expected(BUNDLED[name])
    result = run(recorded.store, graph.project, question, values)
    found = cite(recorded.store, result.question.text, result.columns, result.rows)
    assert list(problems(recorded, result.question.text, found)) == []


@pytest.mark.parametrize("name", ["join", "inferred", "first that there is", "union", "exists"])
def test_the_needed_statements_are_those_without_which_the_row_goes(
    name: str, quads: list[Quad], store: Store
) -> None:
    """Every triple that is cited, and of the others a sample, is taken out in its turn."""
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
        found.append([[lines[place] for place in way] for way in one.ways])
    return found


AGREEMENT = "ANSES–Inserm framework partnership agreement (2020)"
PARTNERSHIP = "ANSES–Inserm collaboration"


def test_a_statement_is_cited_with_every_sentence_that_states_it(store: Store) -> None:
    assert told(store, "SELECT ?a { ?a oh:party id:organisation-anses }") == [
        [[f"{AGREEMENT} · party · ANSES [#s3, #s4]"]]
    ]


def test_a_row_with_several_ways_is_cited_with_each(store: Store) -> None:
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


def test_a_path_with_a_detour_needs_what_all_ways_share() -> None:
    """From a to d by b or c, and then to e."""
    store = Store()
    for one, other in ("ab", "ac", "bd", "cd", "de"):
        ends = NamedNode(f"urn:x:{one}"), NamedNode("urn:x:to"), NamedNode(f"urn:x:{other}")
        store.add(Quad(*ends, NamedNode(f"urn:x:{one}{other}")))
    [one] = cite(merge(store), "SELECT ?e { <urn:x:a> <urn:x:to>+ ?e FILTER(?e = <urn:x:e>) }")
    names = [next(iter(homes(one, place)))[-2:] for place in range(len(one.supports))]
    assert {tuple(names[place] for place in way) for way in one.ways} == {
        ("ab", "bd", "de"),
        ("ac", "cd", "de"),
    }
    assert [name for name, each in zip(names, one.supports, strict=True) if each.needed] == ["de"]


def test_a_graph_pattern_is_cited_with_its_graph_alone(store: Store) -> None:
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


def test_what_must_not_be_there_is_named(store: Store) -> None:
    query = "SELECT ?x { ?x oh:topic id:topic-public-health FILTER NOT EXISTS { ?x a oh:Agreement } OPTIONAL { ?x oh:dateEnds ?e } FILTER(!BOUND(?e) || ?x = ?x) }"
    [one] = cite(store, HEAD + query)
    assert [each.text for each in one.absences] == [
        f"NOT EXISTS {{ ?x <{PREFIXES['rdf']}type> <{PREFIXES['oh']}Agreement> . }}"
    ]
    assert render(store, one).endswith(
        "\nNo sentence says so, but the row holds only as long as nothing is known such as "
        f"{PARTNERSHIP} · is a · agreement."
    )
    assert render(store, one, "fr").endswith(
        "\nAucune phrase ne le dit, mais la ligne ne vaut que si on ne connaît rien de tel que "
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
            f"nothing is known such as … · predecessor · {PARTNERSHIP}",
        ),
        (
            "FILTER NOT EXISTS { ?x ^oh:formalises ?y . ?y oh:indefinite ?n FILTER(?n) }",
            f"nothing is known such as … · formalises · {PARTNERSHIP} and … · indefinite · … (under further conditions)",
        ),
        (
            "FILTER NOT EXISTS { ?x oh:partner ?p FILTER NOT EXISTS { ?p oh:country ?c } }",
            f"nothing is known such as {PARTNERSHIP} · partner · … without … · country · …",
        ),
        (
            "VALUES ?o { id:organisation-ird } FILTER NOT EXISTS { ?x oh:partner ?o }",
            f"nothing is known such as {PARTNERSHIP} · partner · IRD",
        ),
        (
            "FILTER NOT EXISTS { VALUES ?p { oh:dateEnds oh:party } ?x ?p ?e }",
            "no “end date” or “party” is known",
        ),
        (
            "OPTIONAL { ?y oh:predecessor ?x } FILTER(!BOUND(?y))",
            f"nothing is known such as … · predecessor · {PARTNERSHIP}",
        ),
        (
            "OPTIONAL { ?x oh:dateNote ?n VALUES ?e { 1 } } FILTER(!BOUND(?e))",
            "no “note on dates” is known",
        ),
    ],
)
def test_a_condition_is_said_in_the_labels_of_its_properties(
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
        left = without_labels(one)
        assert [each.statement.predicate.value for each in left.supports] == [
            PREFIXES["oh"] + "party"
        ]
        assert left.ways == ((0,),)
    query = "SELECT ?l { id:organisation-inserm skos:prefLabel ?l }"
    assert [without_labels(one) for one in cite(store, HEAD + query)] == cite(store, HEAD + query)


def test_ways_that_differ_by_labels_alone_are_one(store: Store) -> None:
    query = "SELECT DISTINCT ?o { ?a oh:party ?o . ?o skos:prefLabel ?l }"
    for one in cite(store, HEAD + query):
        assert len(one.ways) > 1
        assert len(without_labels(one).ways) == 1
        assert "ways lead" not in render(store, without_labels(one))


def test_what_only_the_query_can_give_is_no_absence(store: Store) -> None:
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
def test_nothing_is_behind_the_start_of_a_path_of_no_steps(
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
        ("ASK { ?s ?p ?o }", "no SELECT query"),
        ("SELECT * FROM id:x { ?s ?p ?o }", "FROM chooses other graphs"),
        (
            "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
            "SERVICE asks another endpoint",
        ),
        ("SELECT (RAND() AS ?r) { ?s ?p ?o }", "RAND() gives something else each time"),
        ("SELECT * { ?s !(^rdf:type) ?o }", "does not read ^ after !"),
        ("SELECT * { GRAPH ?g { } }", "an empty GRAPH pattern"),
        ("SELECT * { ?s ?p }", "rdflib, which says: "),
        ("SELECT * { ?s no:prefix ?o }", "rdflib, which says: "),
        (
            "SELECT ?x { id:topic-pesticides skos:broader? ?x FILTER EXISTS { id:organisation-anses ?p ?o } }",
            "that a thing occurs at all",
        ),
        (
            "SELECT ?o { ?a oh:party ?o FILTER NOT EXISTS { ?a oh:party ?p FILTER NOT EXISTS { ?p skos:prefLabel ?l } } }",
            "what a NOT EXISTS within another finds",
        ),
        (
            "SELECT ?n { { SELECT DISTINCT (COUNT(?x) AS ?n) { ?x oh:party ?o } GROUP BY ?o } }",
            "show ?o, by which the inner SELECT groups",
        ),
    ],
)
def test_what_cannot_be_cited_is_refused_with_the_reason(
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
def test_a_rewriting_that_is_spoiled_below_is_right_before(
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
def test_a_wrong_rewriting_is_refused_or_found_out(
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


def test_without_the_sentences_behind_an_inference_the_rules_do_not_make_it_again(
    quads: list[Quad], store: Store
) -> None:
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


def test_rdflib_keeps_the_words_of_literals_and_its_own_ways(store: Store) -> None:
    import rdflib

    rdflib.NORMALIZE_LITERALS = True
    query = 'SELECT * { VALUES ?x { "007"^^<http://www.w3.org/2001/XMLSchema#integer> "a\\"\\n" } }'
    assert '"007"^^' in Writer().select(read_query(query))
    assert rdflib.NORMALIZE_LITERALS
    assert len(cite(store, query)) == 2


def document(*quotes: str) -> list[Passage]:
    return [
        Passage(f"https://e.org/d#s{at}", "https://e.org/d", one, at, at)
        for at, one in enumerate(quotes)
    ]


def test_a_text_fragment_has_the_whole_of_a_short_quote() -> None:
    passages = document("Long-term, 50 % & more", "Another")
    assert fragment(passages[0], passages) == ":~:text=Long%2Dterm%2C%2050%20%25%20%26%20more"


def test_a_text_fragment_has_both_ends_of_a_long_quote() -> None:
    passages = document("One two three four five six seven eight nine ten eleven twelve thirteen.")
    assert (
        fragment(passages[0], passages)
        == ":~:text=One%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen."
    )


def test_a_text_fragment_tells_a_repeated_quote_by_the_words_beside_it() -> None:
    passages = document("Contact", "Write to us about it.", "contact", "The end")
    assert fragment(passages[2], passages) == ":~:text=us%20about%20it.-,contact"
    assert fragment(passages[0], passages) == ":~:text=Contact,-Write%20to%20us"


def test_a_citation_is_shown_with_sentence_source_and_link(store: Store) -> None:
    [one] = cite(store, HEAD + "SELECT ?o { ?o schema:foundingDate ?y FILTER(STR(?y) = '1964') }")
    link = "https://www.anses.fr/en/content/anses-and-inserm-sign-scientific-cooperation-partnership-agreement-0#:~:text=Founded%20in%201964%2C%20Inserm%20is,"
    text = render(store, one).split("\n")
    assert text[0].startswith("“Founded in 1964, Inserm is a public scientific")
    assert (
        text[1]
        == "  ANSES and Inserm sign a scientific cooperation partnership agreement, ANSES, 2020-02-05"
    )
    assert text[2].startswith("  " + link)
    assert text[3:] == ["    Inserm · founded · 1964"]
    assert f"](<{link}" in markdown(store, one)
    page = as_html("", table(["o"], [[None]]), cited=[sentences(store, one)])
    assert re.search(rf'<q>Founded in 1964, .*?</q> \(<bdi><a href="{re.escape(link)}', page)
    [line] = lines(store, one)
    assert line.quote == text[0].partition("  [")[0]
    assert (line.source, line.link) == (text[1].strip(), text[2].strip())
    data = as_data(store, one)
    assert list(data) == ["supports", "ways", "grouped", "absences"]
    assert data["ways"] == [[0]]


def test_importing_citations_does_not_import_rdflib() -> None:
    code = "import onehealthkg.citations.cite, onehealthkg.citations.quotes, onehealthkg.citations.cited, sys; sys.exit('rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
