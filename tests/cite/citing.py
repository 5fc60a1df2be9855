"""Citations against the data itself: delete what is cited, and see which rows go.

``problems`` knows nothing of how citations are found. It takes a query, its rows and their
citations, deletes graphs from the store, fills the default graph anew, and asks again.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from effort import sample
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from onehealthkg.citations.cite import Citation
from onehealthkg.names import GRAPH, PREFIXES
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


class Damaged:
    """A store from which named graphs can be removed while a question is answered.

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
    """The errors in the citations of a query's rows."""
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
        for way in one.derivations if not one.grouped else ():
            if row not in answer(only(one, way), unsliced):
                yield f"{row} does not come from {way} alone"
            for place in () if asks_for_inferences else way:
                rest = tuple(other for other in way if other != place)
                if row in answer(only(one, rest), unsliced):
                    yield f"{row} needs no {one.supports[place]}"


def mistakes_about(graph: str, gone: bool, row: ROW, one: Citation) -> Iterator[str]:
    """Whether a row disappeared with a graph that its citation does not name, or the other way
    round.

    A group of which some members went may be the same or another.
    """
    broken = [any(homes(one, place) == {graph} for place in way) for way in one.derivations]
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


PARTNERSHIP = "ANSES–Inserm collaboration"
